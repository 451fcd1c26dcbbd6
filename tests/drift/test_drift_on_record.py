"""Drift from what is on record: whom it counts, which nights, and what the night makes of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts
from followguard.classifier.features import FEATURES, packed, schema_hash
from followguard.domain.follower import Profile
from followguard.domain.policy import Band, Verdict
from followguard.drift import watch as job
from followguard.drift.result import Drift, DriftSignal, DriftState, alarm_lines
from followguard.drift.store import Arrivals
from followguard.drift.watch import account_drift, night_drift
from followguard.followers.passes_store import Passes
from followguard.followers.store import Followers
from followguard.screening.lookalikes import Lookalikes
from followguard.screening.store import NewScore, Scoring, Unscored
from followguard.training.models.serving import load_scorer

START = datetime(2026, 8, 1, 0, 5, tzinfo=UTC)
USUAL = np.full(len(FEATURES), 1.0, dtype=np.float32)


class History:
    """One account whose nights are written straight into the store."""

    def __init__(self, store: Any) -> None:
        self.store, self.number = store, 0
        with store.begin() as work:
            self.account = Accounts(work).ensure("acme", START)

    def night(self, day: int, rows: Sequence[np.ndarray], *, first: bool = False, kind: str = "night") -> list[str]:
        """A reading that records and scores followers with these values; returns their ids."""
        at = START + timedelta(days=day)
        ids = [str(9_000 + self.number + place) for place in range(len(rows))]
        self.number += len(rows)
        with self.store.begin() as work:
            run = Runs(work).start(self.account.id, "nightly", at) if kind == "night" else None
            reading = Passes(work).start_pass(self.account.id, kind, {"first": True} if first else {}, at)
            Followers(work).record(reading, [Profile(id=each, observed_at=at, username=f"u{each}") for each in ids], at)
            Passes(work).finish_pass(reading.id, "done", at + timedelta(minutes=5))
            self.score(work, dict(zip(ids, rows, strict=True)), at)
            if run is not None:
                Runs(work).finish(run, "done", {}, at + timedelta(minutes=10))
        return ids

    def score(self, work: Any, values: dict[str, np.ndarray], at: datetime, schema: str = schema_hash()) -> None:
        """Stores a score for the latest snapshot of each."""
        pending = Scoring(work).snapshots(self.account.id, Scoring(work).unscored(self.account.id))
        made = [self._score(each, values[each.profile.id], schema) for each in pending if each.profile.id in values]
        Scoring(work).add(self.account.id, made, "policy", at)

    def _score(self, each: Unscored, row: np.ndarray, schema: str) -> NewScore:
        verdict = Verdict(
            p_spam=0.5, base_logit=0.0, reasons=(), model="m", features=packed(row), feature_schema=schema
        )
        return NewScore(each, verdict, Band.UNSURE)

    def arrivals(self, nights: int = 200, most: int = 500) -> list[tuple[str, float]]:
        """Day and first value of each follower that counts."""
        with self.store.begin() as work:
            rows = Arrivals(work).recent(self.account.id, schema_hash(), nights, most)
        return [(row.day, float(np.frombuffer(row.features, dtype="<f4")[0])) for row in rows]


def values(*numbers: float) -> list[np.ndarray]:
    """A follower for each number, which is all their values."""
    return [USUAL * np.float32(number) for number in numbers]


def test_followers_of_nights_in_the_order_they_came(store: Any) -> None:
    """The first night and what a reconcile found are left out; a reconcile that takes days leaves the nights in."""
    history = History(store)
    history.night(0, values(9, 9, 9), first=True)
    history.night(1, values(1, 2))
    history.night(2, values(8, 8), kind="reconcile")
    history.night(3, values(3))
    with store.begin() as work:
        Passes(work).start_pass(history.account.id, "reconcile", {}, START + timedelta(days=3, hours=5))
    history.night(4, values(4))
    days = ["2026-08-02", "2026-08-02", "2026-08-04", "2026-08-05"]
    assert history.arrivals() == list(zip(days, [1.0, 2.0, 3.0, 4.0], strict=True))
    assert history.arrivals(nights=2) == [("2026-08-04", 3.0), ("2026-08-05", 4.0)]


def test_a_clock_that_went_back_makes_a_night_of_its_own(store: Any) -> None:
    """Followers stay in the order in which they were recorded, whatever their day."""
    history = History(store)
    for day, number in ((5, 1), (6, 2), (3, 3), (7, 4)):
        history.night(day, values(number))
    assert [value for _, value in history.arrivals()] == [1.0, 2.0, 3.0, 4.0]


def test_batches_and_other_schemas_are_left_out(store: Any) -> None:
    """A block of look-alikes isn't a night's news; values that mean something else aren't compared."""
    history = History(store)
    ids = history.night(1, values(1, 2, 3))
    at = START + timedelta(days=1)
    with store.begin() as work:
        batch = Scoring(work).add_batch(history.account.id, Lookalikes((ids[2],), "same bio"), "2026-08-02", at)
        put_on_item(work, history.account.id, ids[2], batch, at)
        reading = Passes(work).start_pass(history.account.id, "night", {}, at)
        Followers(work).record(reading, [Profile(id="77", observed_at=at, username="old")], at)
        history.score(work, {"77": values(7)[0]}, at, schema="another")
    assert [value for _, value in history.arrivals()] == [1.0, 2.0]


def put_on_item(work: Any, account_id: int, follower_id: str, batch: int, at: datetime) -> None:
    """A card of a batch."""
    from sqlalchemy import insert

    from followguard.store.tables import items

    row = {"account_id": account_id, "follower_id": follower_id, "state": "waiting", "batch_id": batch}
    work.connection.execute(insert(items).values(row | {"updated_at": at}))


def test_of_a_large_night_an_even_part_is_read(sqlite_store: Any) -> None:
    """A large night is read in part: at most so many followers, spread over it."""
    history = History(sqlite_store)
    history.night(1, values(*range(1, 101)))
    history.night(2, values(*range(1, 6)))
    found = history.arrivals(most=10)
    assert [value for day, value in found if day == "2026-08-02"] == [10.0 * n for n in range(1, 11)]
    assert len(found) == 15


def test_an_account_without_nights_says_what_it_needs(sqlite_store: Any) -> None:
    """No row, no run, one night: too little history, no alarm, and how many nights are missing."""
    scorer = load_scorer()
    assert account_drift(sqlite_store, None, scorer).needs_nights == 31
    history = History(sqlite_store)
    assert account_drift(sqlite_store, history.account, scorer).needs_nights == 31
    history.night(1, values(1, 2))
    found = account_drift(sqlite_store, history.account, scorer)
    assert (found.state, found.nights, found.needs_nights) == (DriftState.TOO_LITTLE, 1, 30)
    assert "30 more nights" in found.next_step("acme")


def test_a_change_is_told_with_its_day_and_goes_by_itself(sqlite_store: Any) -> None:
    """The same answer twice; the alarm names the day, give or take one; weeks later the new ways are the usual ones."""
    history, scorer = History(sqlite_store), load_scorer()
    rng = np.random.default_rng(2)
    for day in range(1, 41):
        history.night(day, list(rng.normal(2.0 if day <= 35 else 4.0, 1.0, (10, len(FEATURES))).astype(np.float32)))
    found = account_drift(sqlite_store, history.account, scorer)
    assert found.state is DriftState.ALARM
    assert found.since in {"2026-09-05", "2026-09-06"}
    assert found == account_drift(sqlite_store, history.account, scorer)
    for day in range(41, 130):
        history.night(day, list(rng.normal(4.0, 1.0, (3, len(FEATURES))).astype(np.float32)))
    assert account_drift(sqlite_store, history.account, scorer).state is DriftState.QUIET


def test_a_fault_in_the_figures_never_stops_a_night(sqlite_store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as failed, with what went wrong, and raises nothing."""

    def broken(_: object) -> None:
        raise ZeroDivisionError("made up")

    monkeypatch.setattr(job, "compare", broken)
    found = night_drift(sqlite_store, History(sqlite_store).account, load_scorer())
    assert (found.state, found.why) == (DriftState.FAILED, "ZeroDivisionError: made up")
    assert alarm_lines(found.as_json("acme")) == ()


def test_only_an_alarm_has_lines() -> None:
    """A receipt without drift, one that is quiet, and one with an alarm."""
    moved = DriftSignal(
        what="score", aspect="level", since="2026-09-05", nights=3, strength=4.0, before=0.1, now=0.4, text="It rose."
    )
    assert alarm_lines(None) == ()
    assert alarm_lines(Drift(state=DriftState.QUIET).as_json("acme")) == ()
    alarm = Drift(state=DriftState.ALARM, moved=(moved,)).as_json("acme")
    assert alarm_lines(alarm) == ("It rose.",)
    assert "retrain --account acme" in alarm["next_step"]
