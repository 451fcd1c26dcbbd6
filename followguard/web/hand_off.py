"""The hand-off page: who is signed in on X, then one link at a time, and what the person did about it."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followguard.accounts.accounts import executor_in_force
from followguard.accounts.budget import spending_of
from followguard.accounts.people import holds, require_role
from followguard.accounts.store import Accounts
from followguard.cli.opened import Opened, missing_secrets
from followguard.domain.card import Card, FoundFollower, Wanted
from followguard.domain.installation import plain_handle
from followguard.domain.person import APPROVER
from followguard.domain.policy import AccountSettings, Executor
from followguard.domain.units import usd
from followguard.domain.wording import safe_text
from followguard.errors import UnknownFollower, UsageError
from followguard.following.follow_back import FollowBack, follow_back_all
from followguard.following.marking import MarkedAs, live_order_of, mark, mark_unfollowed
from followguard.following.opening import plan_of
from followguard.following.rows import Link
from followguard.following.words import paused_words
from followguard.review.desk.closing import Rest, rest_of
from followguard.review.store import Cards
from followguard.store.upkeep import HAND_OFF_SECONDS, require_whole
from followguard.web.pages.scope import scope_of, seen_by
from followguard.web.rendering import page
from followguard.web.strings import t
from followguard.web.visit import Visit, act, number_in, visit_of

MARKS = {each.value: each for each in MarkedAs}
MARK_KEYS = (
    ("followed", "f", "hand_off.mark_followed"),
    ("could-not", "c", "hand_off.mark_could_not"),
    ("skip", "s", "hand_off.mark_skip"),
)
"""Mark, its key on the page, and its words."""
SAID_BY_SCRIPT = (
    *("hand_off.done", "hand_off.place", "hand_off.again", "hand_off.open", "hand_off.unfollow"),
    *("hand_off.unfollow_done", "hand_off.profile"),
)
FILLED = ("place", "all", "name", "account")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReady:
    """One account before its list is opened. `price`: USD to look everybody up again, None without credentials."""

    rest: Rest
    colour: str
    by_api: bool
    price: float | None
    marks: bool


def show(request: Request) -> Response:
    """Shows what is ready, account by account; opening the page hands nothing off."""
    visit = visit_of(request)
    with visit.desk.store.look() as work:
        seen = scope_of(work, visit).chosen(visit.account)
    waiting = [_waiting(visit, each.settings) for each in seen]
    return page(request, "hand_off.html.j2", waiting=waiting, paused_words=paused_words, setup=_setup(visit))


def _setup(visit: Visit) -> dict[str, Any]:
    """Returns what the script needs: strings, and the keys for what was done."""
    keys = visit.desk.installation.desk.keys
    return {
        "keys": {"open": keys["open"]},
        "marks": [{"mark": name, "key": key, "words": t(words)} for name, key, words in MARK_KEYS],
        "strings": {key: t(key, **{name: f"{{{name}}}" for name in FILLED}) for key in SAID_BY_SCRIPT},
    }


def open_list(visit: Visit, body: dict[str, Any]) -> dict[str, Any]:
    """Hands off what is due, as `followguard follow-back` does; `ask_x`: looks everybody up again first."""
    settings = _named(visit, body.get("account"))
    here = Opened(visit.desk.installation, visit.desk.store, visit.desk.clock)
    require_whole(here.store.upkeep, HAND_OFF_SECONDS)
    with here.store.begin() as work:
        person = require_role(work, visit.visitor.person.name, "reviewer", settings.handle)
        account = Accounts(work).ensure(settings.handle, here.now)
        if executor_in_force(settings, account) is not Executor.HANDOFF:
            raise UsageError(t("hand_off.not_here", account=settings.handle), t("hand_off.by_api"))
    plan = plan_of(here, settings, ask_x=body.get("ask_x") is True)
    (result,) = follow_back_all([plan], actors=[person.pseudonym])
    return _as_answer(result)


def _named(visit: Visit, handle: object) -> AccountSettings:
    """Returns the account that the page names. Raises `UsageError`, and `UnknownAccount` for one not seen."""
    if not isinstance(handle, str) or not plain_handle(handle):
        raise UsageError("The page named no account.", "Load the page again.")
    (seen,) = seen_by(visit, handle)
    return seen.settings


def mark_one(visit: Visit, body: dict[str, Any]) -> dict[str, Any]:
    """Records what the person did about one follower."""
    what, item = MARKS.get(str(body.get("as"))), number_in(body, "item")
    if what is None:
        raise UsageError("There is no such mark.", "Load the page again.")
    accounts = {each.handle: each.settings for each in seen_by(visit)}
    with visit.desk.store.begin() as work:
        ids = tuple(row.id for row in Accounts(work).all() if row.handle in accounts)
        cards = Cards(work).cards(Wanted(account_ids=ids, held_back=True, only=(item,)))
        if not cards:
            raise UnknownFollower("There is no such follower.", "Load the page again.")
        card = cards[0]
        person = require_role(work, visit.visitor.person.name, APPROVER, card.account)
        name = f"@{safe_text(card.profile.username, 40)}" if card.profile.username else card.follower_id
        if what is MarkedAs.UNFOLLOWED:
            mark_unfollowed(work, _found(card), person, visit.now)
            return {"said": t("hand_off.unfollowed", name=name)}
        order = live_order_of(work, card.account_id, card.follower_id)
        done = mark(work, order, what, accounts[card.account].policy, person.pseudonym, visit.now).order
    return {"said": t(f"hand_off.{done.state.value}", name=name, day=done.due)}


def _found(card: Card) -> FoundFollower:
    return FoundFollower(
        account_id=card.account_id, account=card.account, follower_id=card.follower_id, item=card.item, left=False
    )


def _waiting(visit: Visit, settings: AccountSettings) -> AccountReady:
    with visit.desk.store.begin() as work:
        account = Accounts(work).ensure(settings.handle, visit.now)
        rest = rest_of(work, settings, visit.now)
        marks = holds(work, visit.visitor.person.id, APPROVER, account.id)
        by_api = executor_in_force(settings, account) is not Executor.HANDOFF
    here = not missing_secrets(visit.desk.installation, settings.handle)
    cost = usd(spending_of(visit.desk.installation, settings).lookup_price * rest.ready) if here else None
    return AccountReady(rest=rest, colour=settings.colour, by_api=by_api, price=cost, marks=marks)


def _as_answer(result: FollowBack) -> dict[str, Any]:
    """Returns the links, and in words what else there is to say."""
    said: list[str] = []
    if result.error is not None:
        said.append(result.error.message)
    stale = [row for row in result.skipped if row.failed]
    said += [t("hand_off.stale", number=len(stale))] if stale else []
    said += [
        t("hand_off.skipped", name=row.username or row.follower_id, why=safe_text(row.why, 200))
        for row in result.skipped
        if not row.failed
    ]
    said += [t("hand_off.confirmed", number=len(result.confirmed))] if result.confirmed else []
    if result.waiting:
        said.append(t("hand_off.rest", number=result.waiting, until=result.until))
    said += [result.warning] if result.warning else []
    return {
        "account": result.account,
        "links": [_link(each) for each in result.handed_off],
        "unfollow": [
            {"item": each.item, "name": safe_text(each.username, 40) or each.follower_id, "url": each.url}
            for each in result.unfollow
        ],
        "said": said,
        "stale": len(stale),
    }


def _link(link: Link) -> dict[str, Any]:
    name = f"@{safe_text(link.username, 40)}" if link.username else link.follower_id
    return {"item": link.item, "name": name, "url": link.url, "again": link.again, "at": link.checked_at.isoformat()}


ROUTES = [
    Route("/follow-back", show),
    Route("/follow-back/open", act(open_list), methods=["POST"]),
    Route("/follow-back/mark", act(mark_one), methods=["POST"]),
]
