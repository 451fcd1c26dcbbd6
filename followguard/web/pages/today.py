"""Today: how the night went, what waits, what needs a person, what was spent, and who is at the desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts
from followguard.domain.account import Account
from followguard.domain.note import CardNote
from followguard.domain.order import LIVE_STATES, OrderState
from followguard.domain.units import day_of, month_of, usd
from followguard.domain.wording import safe_text
from followguard.drift.result import alarm_lines
from followguard.following.store import Orders
from followguard.following.unfollow_store import Unfollows
from followguard.reports.figures import UNFINISHED, NightFigures, figures_of
from followguard.reports.page import DeskCounts
from followguard.reports.store import Reporting
from followguard.reports.words import STATUS_WORDS
from followguard.review.notes_store import Notes
from followguard.screening.standing import standing_of
from followguard.store.work import Work
from followguard.trust.words import standing_words
from followguard.web.failures import FOR_THE_TERMINAL
from followguard.web.pages.scope import Scope, SeenAccount, scope_of
from followguard.web.rendering import page
from followguard.web.sitting.batch_store import BatchNight
from followguard.web.strings import t
from followguard.web.visit import Visit, visit_of

NOTHING_WAITS = DeskCounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountToday:
    """One account's part of the page. Money in USD; `day`: of its newest night, "" before the first."""

    handle: str
    colour: str
    day: str
    night: NightFigures
    waits: DeskCounts
    to_follow: int
    attention: tuple[str, ...]
    spent: float
    limit: float
    trust: str


def show(request: Request) -> Response:
    """Shows the accounts that the person sees, or the one of the address."""
    visit = visit_of(request)
    with visit.desk.store.look() as work:
        scope = scope_of(work, visit)
        rows = {row.id: row for row in Accounts(work).all()}
        accounts = [_account(work, each, rows.get(each.id or 0), visit) for each in scope.chosen(visit.account)]
        others = BatchNight(work).others(scope.ids, scope.person.id, visit.now)
        asked = [_asked(each) for each in Notes(work).asked_of(scope.person.id) if each.account_id in scope.ids]
        month = _month(work, scope, visit)
    return page(
        request,
        "today.html.j2",
        accounts=accounts,
        status_words=STATUS_WORDS,
        others=others,
        asked=asked,
        month=month,
        handles=scope.handles,
    )


def _account(work: Work, seen: SeenAccount, row: Account | None, visit: Visit) -> AccountToday:
    policy, handle = seen.settings.policy, seen.handle
    day = Reporting(work).last_day([row.id]) if row else None
    runs = Reporting(work).nights(row.id, day) if row and day else []
    night = figures_of(runs, ever=bool(runs))
    today = day_of(visit.now)
    orders = Orders(work).counts(row.id) if row else {}
    return AccountToday(
        handle=handle,
        colour=seen.settings.colour,
        day=day or "",
        night=night,
        waits=Reporting(work).desk(row.id, today) if row else NOTHING_WAITS,
        to_follow=sum(number for state, number in orders.items() if state in LIVE_STATES),
        attention=tuple(_attention(work, row, night, orders)),
        spent=usd(Runs(work).spent_micro(row.id, today, today)) if row else 0.0,
        limit=policy.max_usd_per_night,
        trust=t("trust.waits_for_test") if _waits(work, seen, visit) else _standing(work, seen, visit),
    )


def _waits(work: Work, seen: SeenAccount, visit: Visit) -> bool:
    return bool(standing_of(work, seen.id or -1, seen.settings.policy, visit.now).waits_for_test)


def _standing(work: Work, seen: SeenAccount, visit: Visit) -> str:
    return standing_words(standing_of(work, seen.id or -1, seen.settings.policy, visit.now), seen.handle)


def _attention(work: Work, row: Account | None, night: NightFigures, orders: dict[OrderState, int]) -> Iterator[str]:
    """Yields what a person should look into, the night's errors first, each with what to do."""
    for error in night.errors:
        terminal = FOR_THE_TERMINAL.search(error.message) is not None
        yield safe_text(error.message, 1000) + (f" {t('next.ask_owner')}" if terminal else "")
    if row is None:
        return
    if night.status == UNFINISHED:
        yield t("today.unfinished")
    if row.paused_at is not None:
        yield t("today.paused", day=day_of(row.paused_at))
    if orders.get(OrderState.PARKED):
        yield t("today.parked", number=orders[OrderState.PARKED])
    if unfollow := len(Unfollows(work).open(row.id)):
        yield t("today.unfollow", number=unfollow)
    yield from alarm_lines(dict(night.drift) if night.drift else None)


def _asked(note: CardNote) -> dict[str, Any]:
    return {"item": note.item, "person": note.person, "at": note.at, "text": safe_text(note.text, 500)}


def _month(work: Work, scope: Scope, visit: Visit) -> tuple[float, float] | None:
    """Returns what was spent this month, and the limit; None for somebody who doesn't see every account."""
    if not scope.whole:
        return None
    spent = usd(Runs(work).spent_micro(None, *month_of(day_of(visit.now))))
    return spent, visit.desk.installation.max_usd_per_month


ROUTES = [Route("/today", show)]
