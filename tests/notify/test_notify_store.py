"""Marks of departments and people's own targets, on both databases."""

from datetime import UTC, datetime
from typing import Any

from followguard.accounts.store import Accounts, People
from followguard.notify.store import MarkKey, PersonTargets, RouteMarks

NOW = datetime(2026, 1, 5, 0, 10, tzinfo=UTC)


def test_a_mark_moves_on_and_an_intent_counts_as_heard(store: Any) -> None:
    """One mark for each target and source; what was under way when the program ended has been heard."""
    with store.begin() as work:
        account = Accounts(work).ensure("acme", NOW)
    keys = [MarkKey(account_id=account.id, route="press", target="t" * 64, source=name)
            for name in ("decisions", "routings")]  # fmt: skip
    with store.begin() as work:
        assert [RouteMarks(work).heard(key, NOW) for key in keys] == [0, 0]
        RouteMarks(work).put(keys[0], 3, NOW)
        RouteMarks(work).put(keys[1], 1, NOW, sending=7)
    with store.begin() as work:
        assert [RouteMarks(work).heard(key, NOW) for key in keys] == [3, 7]
        RouteMarks(work).put(keys[1], 1, NOW)
        assert RouteMarks(work).heard(keys[1], NOW) == 1
        assert RouteMarks(work).approved(account.id, 0) == RouteMarks(work).routed(keys[1], 0) == []


def test_a_person_has_one_target(store: Any) -> None:
    """A new one takes the place of the old one; the log vouches for each."""
    with store.begin() as work:
        ann = People(work).add("Ann", "p1", NOW)
        PersonTargets(work).put(ann.id, "ANN_CHAT", ann.id, NOW)
    with store.begin() as work:
        PersonTargets(work).put(ann.id, "ANN_MAIL", ann.id, NOW)
        assert PersonTargets(work).all() == {ann.id: "ANN_MAIL"}
        assert (PersonTargets(work).holder("ANN_CHAT"), PersonTargets(work).holder("ANN_MAIL")) == (None, ann.id)
    with store.begin() as work:
        assert PersonTargets(work).all() == {ann.id: "ANN_MAIL"}
        assert PersonTargets(work).remove(ann.id, NOW)
        assert not PersonTargets(work).remove(ann.id, NOW)
    with store.begin() as work:
        work.connection.exec_driver_sql(
            f"INSERT INTO person_targets (person_id, variable, set_by, set_at)"
            f" VALUES ({ann.id}, 'EVIL_CHAT', {ann.id}, '2026-01-05 00:10:00.000000')"
        )
    with store.begin() as work:
        assert PersonTargets(work).all() == {}
