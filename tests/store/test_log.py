"""The log: a chain that grows by one, whole after an erasure, and never forked."""

from datetime import UTC, datetime
from typing import Any

import pytest

from followguard.store.hashchain import GENESIS, commit, verify
from followguard.store.log import Log
from followguard.store.store import open_store

NOW = datetime(2026, 8, 22, 3, tzinfo=UTC)


def test_the_log_starts_with_zeros_and_grows_by_one(store: Any) -> None:
    """Each entry becomes the head, and the chain verifies with its payloads."""
    with store.begin() as work:
        assert Log(work).head() == GENESIS
        first = Log(work).append(NOW, "person.add", "", "p1", {"role": "owner"})
        second = Log(work).append(NOW, "decision.approve", "acme", "p1", {"näme": ["☃", None, 1.5], "b": {"a": 1}})
        assert Log(work).head() == second != first
    with store.begin() as work:
        entries, openings = list(Log(work).entries()), Log(work).openings()
        assert [(entry.seq, entry.kind) for entry in entries] == [(1, "person.add"), (2, "decision.approve")]
        assert verify(entries, openings) == []
        assert entries[0].hash == first
        assert openings[2].payload == {"näme": ["☃", None, 1.5], "b": {"a": 1}}


def test_a_payload_is_committed_to_as_it_is_read_back(store: Any) -> None:
    """JSON turns numbers that are keys into text, which sorts otherwise, and tuples into lists."""
    with store.begin() as work:
        Log(work).append(NOW, "test", "", "followguard", {"days": {1: "a", 10: "b", 2: "c"}, "pair": (1, 2)})
        assert verify(Log(work).entries(), Log(work).openings()) == []


def test_payloads_are_committed_to_with_the_salt_that_chance_gives(store_url: str) -> None:
    """Chance is an argument: the same salt gives the same commitment."""
    with open_store(store_url, token_bytes=lambda count: b"\x07" * count) as store, store.begin() as work:
        Log(work).append(NOW, "test", "", "followguard", {"a": 1})
        (entry,), opening = Log(work).entries(), Log(work).openings()[1]
        assert opening.salt == "07" * 16
        assert entry.commitment == commit(opening)


def test_erasing_a_payload_leaves_the_chain_whole(store: Any) -> None:
    """The payloads of a forgotten person's entries are gone; the entries themselves aren't."""
    with store.begin() as work:
        for number in range(3):
            Log(work).append(NOW, "test", "acme", "p1", {"follower": number})
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM log_openings WHERE seq = 2")
    with store.begin() as work:
        assert sorted(Log(work).openings()) == [1, 3]
        assert verify(Log(work).entries(), Log(work).openings()) == []


def test_a_step_that_fails_leaves_no_entry(store: Any) -> None:
    """The log and what it tells of are one transaction."""

    def fails() -> None:
        with store.begin() as work:
            Log(work).append(NOW, "test", "", "p1", {})
            raise OSError("stop")

    with pytest.raises(OSError, match="stop"):
        fails()
    with store.begin() as work:
        assert Log(work).head() == GENESIS


def test_two_writers_cannot_fork_the_chain(store_url: str) -> None:
    """Two runs that log at the same time line up, one entry after the other."""
    from concurrent.futures import ThreadPoolExecutor

    def write(writer: int) -> None:
        with open_store(store_url) as store:
            for number in range(10):
                with store.begin() as work:
                    Log(work).append(NOW, "test", "", f"p{writer}", {"number": number})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with open_store(store_url) as store, store.begin() as work:
        entries = list(Log(work).entries())
    assert len(entries) == 40
    assert verify(entries) == []
