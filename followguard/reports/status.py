"""The state of an installation: what the last nights did, what waits, what was spent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from followguard.accounts.accounts import executor_in_force
from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts
from followguard.domain.account import Account
from followguard.domain.card import ItemState
from followguard.domain.health import Health
from followguard.domain.installation import Installation
from followguard.domain.policy import AccountSettings, Executor
from followguard.domain.run import Run
from followguard.domain.units import day_of, month_of, usd
from followguard.errors import BackupFailed
from followguard.followers.tombstone_store import Tombstones
from followguard.following.rows import orders_standing
from followguard.following.store import Orders
from followguard.following.unfollow_store import Unfollows
from followguard.reports.receipt import Receipt
from followguard.reports.store import Reporting
from followguard.reports.unread import nights_without_reading
from followguard.review.card_list import ListFilter, cards_of
from followguard.screening.audit import NOTHING_AUDITED, HeldBackShare
from followguard.screening.plan import QueueCounts
from followguard.screening.queue import share_held_back
from followguard.screening.queue_store import Queue
from followguard.screening.sample import NOTHING_DRAWN, SampleSoFar
from followguard.screening.sample_store import RandomSample
from followguard.screening.standing import standing_of, waits_words
from followguard.store.log import Log
from followguard.store.work import Work

NIGHT = "nightly"
WHOLE = Health()
COMPLETE = "done"
NO_CARDS = QueueCounts(listed=0, held_back=0, audit=0, waiting=0)
LOOK_BACK = 60
"""Runs of an account looked through for the last complete night."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Cards nobody has decided. `today`: on the desk now; `later`: shown on another day; `held_back`: only if asked."""

    today: int
    later: int
    held_back: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatus:
    """One account. `last_night` is its newest run of any outcome; money in USD.

    `unfollow`: how many follows were overruled and are still to be unfollowed by hand. `drift`: what the newest night
    that looked for it found, None before there was one. `real_people_held_back`: their share by the audit. `sample`:
    how far the random sample is, without which probabilities are provisional. `blind_test_missing`: where holding back
    waits for nothing else, what to run. `nights_without_reading`: in a row, up to now.
    """

    account: str
    executor: Executor
    paused_at: datetime | None
    last_night: dict[str, Any] | None
    last_complete: datetime | None
    waiting: Waiting
    orders: dict[str, int]
    unfollow: int
    spent_tonight_usd: float
    max_usd_per_night: float
    drift: dict[str, Any] | None = None
    real_people_held_back: HeldBackShare = NOTHING_AUDITED
    blind_test_missing: str = ""
    sample: SampleSoFar = NOTHING_DRAWN
    nights_without_reading: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupState:
    """`newest`: when the newest backup was made; `problem`: why the last night made none, until one is made since."""

    newest: datetime | None
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One screen. `late`: accounts without a complete night within the age that was asked for.

    `unfinished_erasures`: people who are out of the database, while files or a model still wait for it. `database`: a
    quick look at whether it is whole.
    """

    now: datetime
    accounts: tuple[AccountStatus, ...]
    spent_this_month_usd: float
    max_usd_per_month: float
    log_head: str
    late: tuple[str, ...] = ()
    unfinished_erasures: int = 0
    database: Health = WHOLE
    backup: BackupState | None = None


def look(work: Work, installation: Installation, now: datetime, max_age: timedelta | None = None) -> Status:
    """Returns the state at `now`; with `max_age` it also says which accounts are late."""
    rows = {account.handle: account for account in Accounts(work).all()}
    found = tuple(_account(work, each, rows.get(each.handle), now) for each in installation.accounts.values())
    return Status(
        now=now,
        accounts=found,
        spent_this_month_usd=usd(Runs(work).spent_micro(None, *month_of(day_of(now)))),
        max_usd_per_month=installation.max_usd_per_month,
        log_head=Log(work).head(),
        unfinished_erasures=len(Tombstones(work).pending()),
        late=tuple(each.account for each in found if max_age is not None and _is_late(each, now, max_age)),
    )


def _is_late(status: AccountStatus, now: datetime, max_age: timedelta) -> bool:
    """Tells whether a night is late; one that ended exactly `max_age` ago is still in time."""
    return status.last_complete is None or now - status.last_complete > max_age


def _account(work: Work, settings: AccountSettings, row: Account | None, now: datetime) -> AccountStatus:
    day = day_of(now)
    runs = Runs(work).latest(row.id, NIGHT, LOOK_BACK) if row else []
    return AccountStatus(
        account=settings.handle,
        executor=executor_in_force(settings, row),
        paused_at=row.paused_at if row else None,
        last_night=_night(runs[0]) if runs else None,
        last_complete=next((run.finished_at for run in runs if run.status == COMPLETE), None),
        waiting=_waiting(work, settings, row, now) if row else Waiting(today=0, later=0, held_back=0),
        orders={state.value: number for state, number in Orders(work).counts(row.id).items()} if row else {},
        unfollow=len(Unfollows(work).open(row.id)) if row else 0,
        spent_tonight_usd=usd(Runs(work).spent_micro(row.id, day, day)) if row else 0.0,
        max_usd_per_night=settings.policy.max_usd_per_night,
        real_people_held_back=share_held_back(work, row.id) if row else NOTHING_AUDITED,
        blind_test_missing=_missing_test(work, settings, row, now) if row else "",
        sample=RandomSample(work).so_far(row.id, day) if row else NOTHING_DRAWN,
        nights_without_reading=nights_without_reading(Reporting(work).reading_days(row.id), day) if row else 0,
        drift=next((found for run in runs if (found := (run.receipt or {}).get("drift"))), None),
    )


def _missing_test(work: Work, settings: AccountSettings, row: Account, now: datetime) -> str:
    return waits_words(settings.handle, standing_of(work, row.id, settings.policy, now))


def _night(run: Run) -> dict[str, Any]:
    """Returns the last night; one without an end is running, or was killed."""
    return {
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "status": run.status or "unfinished",
        "errors": (run.receipt or {}).get("errors", []),
        "notified": (run.receipt or {}).get("notified", []),
    }


def backup_state(status: Status, newest: datetime | None) -> BackupState:
    """Returns how backups stand; a problem stands until one is made after the night that had it."""
    nights = [each.last_night for each in status.accounts if each.last_night]
    errors = [(night["started_at"], error) for night in nights for error in night["errors"]]
    failed = [(began, error["message"]) for began, error in errors if error["code"] == BackupFailed.code]
    at, message = max(failed, default=(None, None))
    mended = at is None or (newest is not None and newest > at)
    return BackupState(newest=newest, problem=None if mended else message)


def _waiting(work: Work, settings: AccountSettings, row: Account, now: datetime) -> Waiting:
    """Counts what waits beyond today's share, also what came due without a night."""
    cards = Queue(work).undecided(row.id, now)
    hidden = sum(card.hidden for card in cards)
    today = len(cards_of(work, [settings], ListFilter(), now))
    return Waiting(today=today, later=len(cards) - hidden - today, held_back=hidden)


def note_standing(work: Work, settings: AccountSettings, receipt: Receipt, now: datetime) -> None:
    """Reads what the receipt doesn't know yet. An account without a row has never had a night: all zeros are true."""
    row = next((each for each in Accounts(work).all() if each.handle == settings.handle), None)
    if not receipt.cards_known:
        receipt.count_cards(cards_standing(work, settings, row, now) if row else NO_CARDS)
    if not receipt.orders_known:
        open_ones, parked = orders_standing(work, row.id) if row else (0, 0)
        receipt.count_orders(receipt.follow_back | {"open": open_ones, "parked": parked})


def cards_standing(work: Work, settings: AccountSettings, row: Account, now: datetime) -> QueueCounts:
    """Returns what stands on the desk and behind it, without placing any card anew."""
    cards = Queue(work).undecided(row.id, now)
    share = cards_of(work, [settings], ListFilter(), now)
    seen = sum(card.state is ItemState.WAITING and not card.hidden for card in cards)
    return QueueCounts(
        listed=len(share),
        held_back=sum(card.hidden for card in cards),
        audit=sum(card.audit for card in share),
        waiting=seen - sum(card.state is ItemState.WAITING for card in share),
        batches=Queue(work).batches_on(row.id, day_of(now)),
    )
