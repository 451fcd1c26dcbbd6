"""Gathers what the report of a night shows. It changes nothing, and asks X nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from followguard.accounts.accounts import executor_in_force
from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts
from followguard.domain.account import Account
from followguard.domain.card import Card, Wanted, profile_url, under_policy
from followguard.domain.installation import Installation
from followguard.domain.order import OrderState
from followguard.domain.place import list_order
from followguard.domain.policy import AccountSettings
from followguard.domain.units import day_of, month_of, usd
from followguard.errors import NoNightYet, UsageError
from followguard.followers.store import Followers
from followguard.following.pace import days_ahead
from followguard.following.store import Orders
from followguard.following.unfollow_store import Unfollows
from followguard.reports.figures import NightFigures, distribution, figures_of
from followguard.reports.page import (
    MOST_ROWS,
    AccountPage,
    Batch,
    CardList,
    DeskCounts,
    NightPage,
    OrderFigures,
    Stuck,
)
from followguard.reports.store import Reporting, Span
from followguard.reports.unread import nights_without_reading
from followguard.review.agreement import agreement_of, open_disagreements, pairs_of
from followguard.review.approval_speed import Hurry, hurries
from followguard.review.card_list import ListFilter, cards_of
from followguard.review.measures.measured import ANCHORED, USUAL, anchored, pace_of
from followguard.review.opinions_store import Opinions
from followguard.review.store import Cards
from followguard.screening.holding_back import earned
from followguard.screening.queue import share_held_back
from followguard.screening.sample_store import RandomSample
from followguard.screening.standing import Standing, standing_of
from followguard.screening.store import Scoring
from followguard.store.log import Log
from followguard.store.store import Store
from followguard.store.work import Work
from followguard.trust.told import trust_of
from followguard.words.readers import records

FOLDER = "reports"
HURRIES_SHOWN = timedelta(days=7)

Render = Callable[[NightPage, Path], None]
"""Writes a page to a file, whole or not at all. Raises a FollowguardError where it can't."""


def write_report(
    store: Store, installation: Installation, day: str | None, now: datetime, render: Render, output: Path | None = None
) -> Path:
    """Writes the report of the night of an ISO day (None: of the newest night); returns where it is.

    Without `output` it goes into `reports/` beside the configuration. Raises UsageError for a day without a night, and
    whatever `render` raises.
    """
    page = night_page(store, installation, day, now)
    path = output or default_path(installation, page)
    render(page, path)
    return path


def default_path(installation: Installation, page: NightPage, *, only: str | None = None) -> Path:
    """Returns `reports/followguard-DAY.html` beside the configuration; `only` names a single account."""
    part = f"-{only}" if only else ""
    return installation.folder / FOLDER / f"followguard-{page.day}{part}.html"


def require_night(store: Store, installation: Installation) -> None:
    """Raises NoNightYet where a report would tell of a night that never was, and of nobody."""
    with store.begin() as work:
        known = [row.id for row in Accounts(work).all() if row.handle in installation.accounts]
        if Reporting(work).last_day(known) is not None or Reporting(work).knows_anybody(known):
            return
    only = next(iter(installation.accounts)) if len(installation.accounts) == 1 else None
    whose, option = (f" of @{only}", f" --account {only}") if only else ("", "")
    raise NoNightYet(f"There was no night{whose} yet.", f"Run one: followguard nightly{option}")


def night_page(store: Store, installation: Installation, day: str | None, now: datetime) -> NightPage:
    """Reads everything about one night of all the installation's accounts, in one transaction."""
    settings = list(installation.accounts.values())
    with store.begin() as work:
        rows = {row.handle: row for row in Accounts(work).all()}
        known = [rows[each.handle].id for each in settings if each.handle in rows]
        newest = Reporting(work).last_day(known)
        if day is not None:
            _check_day(work, known, day, newest)
        shown = day or newest or day_of(now)
        gatherer = Gatherer(work, shown, now, installation, current=newest is None or shown >= newest)
        return NightPage(
            day=shown,
            newest=newest,
            made_at=now,
            accounts=tuple(gatherer.account(each, rows.get(each.handle)) for each in settings),
            month_spent_usd=usd(Runs(work).spent_micro(None, *month_of(shown))),
            month_limit_usd=installation.max_usd_per_month,
            log_head=Log(work).head(),
        )


class Gatherer:
    """Reads the parts of the page, account by account."""

    def __init__(self, work: Work, day: str, now: datetime, installation: Installation, *, current: bool) -> None:
        self._work = work
        self._installation = installation
        self._day = day
        self._now = now
        self._current = current

    def account(self, settings: AccountSettings, row: Account | None) -> AccountPage:
        """Returns one account's part. An account without a row has never had a night."""
        if row is None:
            return _blank(settings)
        work, cutoffs, reporting = self._work, settings.policy.cutoffs, Reporting(self._work)
        runs = reporting.nights(row.id, self._day)
        figures = figures_of(runs, ever=bool(runs or Runs(work).latest(row.id, "nightly")))
        span = self._span(figures)
        share = sorted(cards_of(work, [settings], ListFilter(), self._now), key=list_order)
        model = figures.model or Scoring(work).newest_model(row.id)
        judged = Opinions(work).judgements([row.id])
        return AccountPage(
            settings=settings,
            figures=figures,
            desk=_with_share(reporting.desk(row.id, day_of(self._now)), share),
            list=self._cards(settings, row, span, share),
            scores=distribution(reporting.new_scores(row.id, span) if span else (), cutoffs),
            standing=standing_of(work, row.id, settings.policy, self._now),
            orders=self._orders(settings, row),
            model=model,
            first=span is not None and reporting.began_account(row.id, span),
            left=reporting.left(row.id, span) if span else 0,
            unscored=len(Scoring(work).parked(row.id)),
            unread=nights_without_reading(reporting.reading_days(row.id), day_of(self._now)) if self._current else 0,
            spent_usd=usd(Runs(work).spent_micro(row.id, self._day, self._day)),
            held_share=share_held_back(work, row.id),
            trust=trust_of(work, settings, self._now),
            sample=RandomSample(work).so_far(row.id, day_of(self._now)),
            agreement=agreement_of(pairs_of(judged)),
            open_disagreements=len(open_disagreements(judged)),
            hurried=self._hurried(settings.handle),
            words=records(work, self._installation, settings),
            pace=pace_of(work, [row.id], self._now - USUAL),
            anchoring=anchored(work, row.id, self._now - ANCHORED),
        )

    def _hurried(self, handle: str) -> tuple[Hurry, ...]:
        """Approvals of the week before the page was made, for this account too, that came faster than anybody looks."""
        if not self._current:
            return ()
        found = hurries(Opinions(self._work).approvals(self._now - HURRIES_SHOWN))
        return tuple(each for each in found if any(one.account == handle for one in each.approvals))

    def _span(self, figures: NightFigures) -> Span | None:
        """Returns the first run's start to the last one's end; an unfinished run counts for a day at most."""
        start = figures.started_at
        if start is None:
            return None
        return Span(start, figures.finished_at or max(start, min(self._now, start + timedelta(days=1))))

    def _cards(self, settings: AccountSettings, row: Account, span: Span | None, share: Sequence[Card]) -> CardList:
        """Returns what the desk shows today for the newest night; for an earlier one the cards that it brought."""
        if not self._current:
            return self._brought(settings, row, span) if span else CardList()
        return listed(share)

    def _brought(self, settings: AccountSettings, row: Account, span: Span) -> CardList:
        items = Reporting(self._work).new_items(row.id, span)
        wanted = Wanted(account_ids=(row.id,), held_back=True, only=tuple(items[:MOST_ROWS]))
        found = {card.item: under_policy(card, settings) for card in Cards(self._work).cards(wanted)}
        cards = tuple(found[item] for item in items[:MOST_ROWS] if item in found)
        return CardList(cards=cards, total=len(items))

    def _orders(self, settings: AccountSettings, row: Account) -> OrderFigures:
        orders, today = Orders(self._work), day_of(self._now)
        queued = orders.open(row.id, {OrderState.QUEUED})
        per_day = settings.policy.max_follow_backs_per_day
        days = list(days_ahead(queued, orders.used(row.id, today), per_day, self._now).values())
        due, counts = days.count(today), orders.counts(row.id)
        return OrderFigures(
            due=due,
            ahead=len(days) - due,
            until=max(days, default=None),
            handed=counts.get(OrderState.HANDED_OFF, 0),
            sent=counts.get(OrderState.SENT, 0) + counts.get(OrderState.SENDING, 0),
            stuck=_stuck(self._work, row),
            unfollow=tuple(Unfollows(self._work).open(row.id)),
            executor=executor_in_force(settings, row),
            paused_at=row.paused_at,
            switched_at=row.handoff_since,
        )


def _with_share(due: DeskCounts, share: Sequence[Card]) -> DeskCounts:
    """Returns what has come due, brought down to the day's share that the desk shows; the rest of it waits."""
    return replace(
        due,
        today=len(share),
        audit=sum(card.audit for card in share),
        batched=sum(card.batch is not None for card in share),
        waiting=due.waiting + due.today - len(share),
    )


def listed(cards: Sequence[Card]) -> CardList:
    """Returns at most `MOST_ROWS` of the cards in all: ordinary ones first, then each batch as a block."""
    ordinary = [card for card in cards if card.batch is None or card.drawn]
    alike: dict[int, list[Card]] = {}
    for card in cards:
        if card.batch is not None and not card.drawn:
            alike.setdefault(card.batch, []).append(card)
    room = MOST_ROWS - len(ordinary[:MOST_ROWS])
    batches = []
    for number, members in sorted(alike.items()):
        batches.append(_batch(number, members, room))
        room -= len(batches[-1].cards)
    return CardList(cards=tuple(ordinary[:MOST_ROWS]), total=len(ordinary), batches=tuple(batches))


def _batch(number: int, members: Sequence[Card], room: int) -> Batch:
    first = members[0]
    size = first.batch_size or len(members)
    shown = tuple(members[: max(0, room)])
    return Batch(number=number, alike=first.batch_alike or "", size=size, total=len(members), cards=shown)


def _stuck(work: Work, row: Account) -> tuple[Stuck, ...]:
    parked = Orders(work).open(row.id, {OrderState.PARKED})
    profiles = Followers(work).latest(row.id, [order.follower_id for order in parked])
    return tuple(
        Stuck(
            item=order.item_id,
            follower_id=order.follower_id,
            name=profiles[order.follower_id].username or order.follower_id,
            url=profile_url(profiles[order.follower_id]),
            why=order.why or "",
        )
        for order in parked
    )


def _blank(settings: AccountSettings) -> AccountPage:
    policy = settings.policy
    return AccountPage(
        settings=settings,
        figures=figures_of((), ever=False),
        desk=DeskCounts(),
        list=CardList(),
        scores=distribution((), policy.cutoffs),
        standing=Standing(policy.holding_back, earned((), policy, None), policy.max_wrong_hold),
        orders=OrderFigures(executor=executor_in_force(settings, None)),
        model=None,
    )


def _check_day(work: Work, account_ids: Sequence[int], day: str, newest: str | None) -> None:
    """Raises UsageError for a day on which no night ran."""
    if any(Reporting(work).nights(account_id, day) for account_id in account_ids):
        return
    if newest is None:
        raise UsageError(f"There was no night on {day}: none has run yet.", "Run one first: followguard nightly")
    raise UsageError(f"There was no night on {day}.", f"The newest one is of {newest}; see also: followguard status")
