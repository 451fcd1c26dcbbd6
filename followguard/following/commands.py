"""`followguard follow-back` and `followguard follow-back mark`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import Opened, opened
from followguard.cli.options import CONFIG, By, Config, Follower, Json, OneAccount, TheseAccounts
from followguard.domain.wording import safe_text

if TYPE_CHECKING:
    from followguard.domain.card import FoundFollower
    from followguard.following.follow_back import FollowBack
    from followguard.following.marking import MarkedAs
    from followguard.following.rows import Link, OrderRow


def command(
    account: TheseAccounts = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say whom it would follow, and change nothing.")] = False,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> int:
    """Follow those who were approved, by hand or by API.

    An account whose executor is `handoff` gets links, each to be opened by a person who is signed in to X as that
    account; links that were opened before and aren't confirmed yet are shown again. With `api` what is due is
    followed now. With --by the log says who opened the list.
    """
    from followguard.cli.output import say_unchecked
    from followguard.following.follow_back import exit_code_of, follow_back_all
    from followguard.following.opening import plan_of
    from followguard.store.upkeep import HAND_OFF_SECONDS, require_whole

    with opened(config) as here:
        chosen = here.installation.chosen(account)
        with here.store.begin():
            pass  # a schema that can't be used is said as that, not as damage
        say_unchecked(require_whole(here.store.upkeep, HAND_OFF_SECONDS))
        actors = [_actor(here, settings.handle, by) for settings in chosen]
        results = follow_back_all([plan_of(here, settings) for settings in chosen], actors=actors, dry_run=dry_run)
    if json:
        output.document({"accounts": [result.as_json() for result in results]})
    for result in results:
        if not json:
            _print(result)
        if result.error is not None:
            output.failure(result.error)
    return exit_code_of(results)


def mark_command(
    follower: Follower,
    said: Annotated[str, typer.Option("--as", metavar="WHAT", help="followed, could-not, skip or unfollowed.")],
    account: OneAccount = None,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Record what you did about a follower that was handed to you.

    followed: X confirms it by itself the next night. could-not: the card comes back to be decided again. skip: it is
    handed off on another day; one that needs help is tried again. unfollowed: whoever was followed although the
    approval was overruled since is off the list.
    """
    from followguard.accounts.people import require_role
    from followguard.followers.find_store import find_follower
    from followguard.followers.store import Followers
    from followguard.following.marking import MarkedAs, live_order_of, mark, mark_unfollowed

    what = _mark(said)
    with opened(config) as here, here.store.begin() as work:
        accounts = here.installation.accounts
        handle = here.installation.account(account).handle if account or len(accounts) == 1 else None
        if handle or not by:
            require_role(work, by, "approver", handle)
        found = find_follower(work, follower, handle, accounts)
        person = require_role(work, by, "approver", found.account)
        if what is MarkedAs.UNFOLLOWED:
            mark_unfollowed(work, found, person, here.now)
            _print_unfollowed(found, json)
            return
        order = live_order_of(work, found.account_id, found.follower_id)
        policy = accounts[found.account].policy
        order = mark(work, order, what, policy, person.pseudonym, here.now).order
        look = Followers(work).latest(found.account_id, [found.follower_id]).get(found.follower_id)
    if json:
        row = {"item": order.item_id, "account": found.account, "follower_id": order.follower_id}
        output.document(row | {"marked": what.value, "order": order.state.value, "due": order.due})
        return
    who = f"Follower {order.follower_id}"
    if look is not None and look.username:
        who = f"@{safe_text(look.username, 40)} (follower {order.follower_id})"
    output.line(f"{who} of @{found.account}: {MARKED[order.state.value].format(due=order.due)}")


def _print_unfollowed(found: "FoundFollower", json: bool) -> None:
    if json:
        row = {"item": found.item, "account": found.account, "follower_id": found.follower_id}
        output.document(row | {"marked": "unfollowed", "order": None, "due": None})
        return
    output.line(f"Follower {found.follower_id} of @{found.account}: marked as unfollowed.")


MARKED = {
    "sent": "marked as followed; the next night asks X.",
    "void": "marked as not followed; the card is back on the list.",
    "queued": "put off; it is due on {due}.",
}


def _mark(said: str) -> "MarkedAs":
    from followguard.errors import UsageError
    from followguard.following.marking import MarkedAs

    try:
        return MarkedAs(said.strip().lower().replace("_", "-"))
    except ValueError as error:
        raise UsageError(f"{said!a} is no --as.", f"Use one of: {', '.join(MarkedAs)}.") from error


def _actor(here: Opened, handle: str, by: str | None) -> str:
    """Returns the person who opens the list, for the log; a name that is given must be a reviewer's or higher."""
    from followguard.accounts.people import require_role

    if by is None:
        return "followguard"
    with here.store.begin() as work:
        return require_role(work, by, "reviewer", handle).pseudonym


def _print(result: "FollowBack") -> None:
    from followguard.following.words import paused_words

    resting = result.paused_at is not None and result.executor.value != "dry-run"
    output.line(f"@{result.account} ({result.executor.value})")
    if result.paused_at:
        output.step(f"  {paused_words(result.account, result.paused_at, result.queued)}")
    if result.handed_off:
        output.line(f"  You must be signed in to X as @{result.account}. Open each link and press Follow:")
    _print_links("", [link for link in result.handed_off if not link.again])
    _print_links("  Shown before, and not confirmed yet:", [link for link in result.handed_off if link.again])
    _print_rows("Followed; X confirms it by itself the next night:", result.sent)
    _print_rows("Followed already:", result.confirmed)
    _print_rows("Would be followed:", result.would)
    _print_rows("Needs help:", result.parked)
    _print_rows("Due now:" if resting else "Not followed now:", result.skipped, bare=resting)
    _print_unfollows(result)
    if result.waiting and not resting:
        output.line(f"  {output.counted(result.waiting, 'more', 'more')} to follow by our pace, until {result.until}.")
        if result.warning:
            output.line(f"  {result.warning}")
    elif not _anything(result) and not resting:
        output.line("  Nothing to follow today.")
    if result.handed_off:
        output.step(f"  Then say what you did, for each: {_mark_command(result.handed_off[0].item, 'followed')}")
        output.line("  (or could-not, or skip, in the place of followed)")


def _print_unfollows(result: "FollowBack") -> None:
    """Nothing here is done by the program: X's follow is the one thing that it may change."""
    if result.unfollow:
        output.line(f"  Overruled after the follow. Signed in as @{result.account}, open each link and unfollow:")
    for each in result.unfollow:
        name = f"@{safe_text(each.username, 40)}" if each.username else each.follower_id
        output.line(f"    {name:<17} {each.url}{'' if each.certain else '  (perhaps not followed)'}")
    if result.unfollow:
        mark = _mark_command(result.unfollow[0].item, "unfollowed")
        output.step(f"  X confirms it by itself the next night, or say it for each: {mark}")


def _mark_command(item: int, what: str) -> str:
    return f"followguard follow-back mark item:{item} --as {what}"


def _anything(result: "FollowBack") -> bool:
    return any(
        (result.handed_off, result.sent, result.confirmed, result.would, result.parked, result.skipped, result.unfollow)
    )


def _print_links(heading: str, links: "Sequence[Link]") -> None:
    if heading and links:
        output.line(heading)
    for link in links:
        name = f"@{link.username}" if link.username else link.follower_id
        output.line(f"    {name:<17} {link.url}")


def _print_rows(heading: str, rows: "Sequence[OrderRow]", *, bare: bool = False) -> None:
    """`bare`: without the reasons, where one line has given it for all."""
    if rows:
        output.line(f"  {heading}")
    for row in rows:
        name = f"@{row.username}" if row.username else row.follower_id
        output.line(f"    {name:<17} {'' if bare else safe_text(row.why)}".rstrip())
