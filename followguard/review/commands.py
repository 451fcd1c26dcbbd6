"""`followguard review list | show | approve | reject | later | overrule`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import Opened, opened
from followguard.cli.options import CONFIG, By, Config, Follower, Json, Limit, ListAccounts, OneAccount

if TYPE_CHECKING:
    from enum import StrEnum
    from typing import TypeVar

    from followguard.domain.decision import DecisionResult
    from followguard.domain.policy import AccountSettings
    from followguard.review.card_list import ListFilter
    from followguard.review.decide import Hand

    Word = TypeVar("Word", bound=StrEnum)

Followers = Annotated[list[str], typer.Argument(metavar="FOLLOWER...", help="Ids, @usernames, or item:N.")]
HeldBack = Annotated[bool, typer.Option("--include-held-back", help="Also those held back as likely spam.")]
Everything = Annotated[bool, typer.Option("--all", help="Every item in any state, whatever its day.")]
OnlyBand = Annotated[str | None, typer.Option("--band", metavar="BAND", help="genuine, unsure or spam.")]
OnlyState = Annotated[
    str | None,
    typer.Option(
        "--state", metavar="STATE", help="All that are waiting, claimed, approved, rejected, later or closed."
    ),
]
OnlyBatch = Annotated[int | None, typer.Option("--batch", metavar="N", help="All of one batch of look-alikes.")]
OnlyRoute = Annotated[
    str | None, typer.Option("--route", metavar="NAME", help="Only those of this route: a department to tell.")
]
NoPager = Annotated[bool, typer.Option("--no-pager", help="Never page by page: print it all at once.")]
LIMIT = 500


def list_command(
    account: ListAccounts = None,
    held_back: HeldBack = False,
    everything: Everything = False,
    band: OnlyBand = None,
    state: OnlyState = None,
    batch: OnlyBatch = None,
    route: OnlyRoute = None,
    limit: Limit = LIMIT,
    no_pager: NoPager = False,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Print what the desk shows today.

    The order: put-off cards that are due, then genuine, then unsure, then likely spam, each by score. A row says the
    heaviest reason; `review show` says all. A list longer than the terminal goes through the pager.
    """
    from followguard.review.card_list import list_cards

    wanted = replace(filter_of(held_back, everything, band, state, batch, limit), route=route)
    with opened(config) as here:
        accounts = here.installation.chosen(account)
        cards = list_cards(here.store, accounts, wanted, here.now)
        now = here.now
    if route is not None and not cards:
        _check_route(route, accounts)
    if json:
        output.document([card.as_row(now) for card in cards])
        return
    from followguard.review.words_list import print_cards

    print_cards(cards, now, wanted, pager=not no_pager)


def show_command(follower: Follower, account: OneAccount = None, config: Config = CONFIG, json: Json = False) -> None:
    """Show one follower: profile, score, reasons, history."""
    from followguard.review.dossier import show

    with opened(config) as here:
        found = show(here.store, here.installation.accounts, follower, _handle(here, account))
        now = here.now
    if json:
        output.document(found.as_json(now))
        return
    from followguard.review.words_list import print_dossier

    print_dossier(found, now)


def approve_command(
    ctx: typer.Context,
    follower: Follower,
    account: OneAccount = None,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Approve one follower: a follow order is made.

    Exactly one: there is no way to approve several at once. Where the policy asks for two people, the first approval
    is a proposal.
    """
    from followguard.domain.decision import Choice
    from followguard.domain.labels import Kind
    from followguard.errors import UsageError
    from followguard.review.decide import decide
    from followguard.review.words import print_outcomes

    if ctx.args:
        message = "Exactly one follower is approved at a time, on purpose: whoever is approved is followed."
        raise UsageError(message, "Name one of them, or go through them at the desk: followguard review")
    with opened(config) as here:
        decided = decide(hand_of(here, by, account), follower, Choice(kind=Kind.APPROVE))
        paused = _paused(here, decided)
    print_outcomes([decided], json, paused)


def reject_command(
    followers: Followers,
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            metavar="REASON",
            help="spam, impersonation, not_relevant, competitor, brand_risk or private_person.",
        ),
    ],
    real: Annotated[
        bool, typer.Option("--real", help="A real account, just not for us: it counts as genuine.")
    ] = False,
    account: OneAccount = None,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> int:
    """Reject followers, with a reason.

    Several may be named; each is a decision of its own, and those that can't be decided don't stop the others.
    """
    from followguard.domain.decision import Choice
    from followguard.domain.labels import Kind, RejectReason
    from followguard.review.decide import decide_each
    from followguard.review.words import print_outcomes

    choice = Choice(kind=Kind.REJECT, reason=_one_of(RejectReason, reason, "--reason"), real=real)
    with opened(config) as here:
        return print_outcomes(decide_each(hand_of(here, by, account), followers, choice), json)


def later_command(
    follower: Follower,
    until: Annotated[
        str, typer.Option("--until", metavar="DATE", help="The day it comes back: 2027-01-31, +7 (days) or tomorrow.")
    ],
    account: OneAccount = None,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Put a follower off until a date."""
    from followguard.domain.decision import Choice
    from followguard.domain.labels import Kind
    from followguard.domain.units import day_meant
    from followguard.review.decide import decide
    from followguard.review.words import print_outcomes

    with opened(config) as here:
        hand = hand_of(here, by, account)
        decided = decide(hand, follower, Choice(kind=Kind.LATER, until=day_meant(until, hand.today)))
    print_outcomes([decided], json)


def overrule_command(
    follower: Follower,
    reason: Annotated[
        str | None,
        typer.Option(
            "--reason",
            metavar="REASON",
            help="Why not to follow them: spam, impersonation, not_relevant, competitor, brand_risk or private_person. "
            "Without one a rejection is overruled: a real account.",
        ),
    ] = None,
    real: Annotated[bool, typer.Option("--real", help="With such a reason: a real account, just not for us.")] = False,
    account: OneAccount = None,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Turn a decision, also after the follow was made.

    An approval needs a reason: following is barred from then on, and whoever was followed is listed by `follow-back`
    to be unfollowed by hand. A rejection needs none: the account counts as real, and the card waits for an approval.
    """
    from followguard.domain.labels import RejectReason
    from followguard.review.overrule import Turn, overrule
    from followguard.review.words import print_outcomes

    wish = Turn(reason=_one_of(RejectReason, reason, "--reason") if reason is not None else None, real=real)
    with opened(config) as here:
        decided = overrule(hand_of(here, by, account), follower, wish)
    print_outcomes([decided], json)


def _check_route(name: str, accounts: "Sequence[AccountSettings]") -> None:
    """Raises `UsageError` for a route that the configuration doesn't know."""
    from followguard.domain.wording import safe_text
    from followguard.errors import UsageError

    known = [route.name for each in accounts for route in each.routes]
    if name.casefold() not in {each.casefold() for each in known}:
        names = ", ".join(safe_text(each, 60) for each in dict.fromkeys(known))
        there = f"There is {names}." if names else "Set one: [[accounts.HANDLE.routes]] in the configuration."
        raise UsageError(f"No route is called {safe_text(name, 60)!r}.", there)


def filter_of(
    held_back: bool, everything: bool, band: str | None, state: str | None, batch: int | None, limit: int
) -> "ListFilter":
    """Returns the filter that the options ask for. Raises `UsageError` for an unknown word."""
    from followguard.domain.card import ItemState
    from followguard.domain.policy import Band
    from followguard.review.card_list import ListFilter

    return ListFilter(
        held_back=held_back,
        everything=everything,
        band=_one_of(Band, band, "--band") if band else None,
        state=_one_of(ItemState, state, "--state") if state else None,
        batch=batch,
        limit=limit,
    )


def _one_of(words: "type[Word]", given: str, option: str) -> "Word":
    from followguard.errors import UsageError

    try:
        return words(given.strip().lower().replace("-", "_"))
    except ValueError as error:
        raise UsageError(f"{given!a} is no {option}.", f"Use one of: {', '.join(words)}.") from error


def _handle(here: Opened, account: str | None) -> str | None:
    return here.installation.account(account).handle if account else None


def hand_of(here: Opened, by: str | None, account: str | None) -> "Hand":
    """Returns who decides, and where."""
    from followguard.review.decide import Hand

    return Hand(
        store=here.store,
        accounts=here.installation.accounts,
        by=by,
        now=here.now,
        account=_handle(here, account),
    )


def _paused(here: Opened, decided: "DecisionResult") -> str:
    """Tells that the account is paused; empty if it isn't."""
    from followguard.accounts.store import Accounts
    from followguard.domain.order import OrderState
    from followguard.following.store import Orders
    from followguard.following.words import paused_words

    with here.store.begin() as work:
        account = Accounts(work).ensure(decided.account, here.now)
        waiting = len(Orders(work).open(account.id, {OrderState.QUEUED}))
    return paused_words(account.handle, account.paused_at, waiting) if account.paused_at else ""
