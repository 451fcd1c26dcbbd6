"""Threads of one process write to SQLite in turn: each waits for the one before, and none asks the file meanwhile."""

from threading import Thread
from typing import Any

from followguard.accounts.store import Accounts
from followguard.testing import START


def test_a_thread_waits_for_its_turn_outside_the_database(sqlite_store: Any) -> None:
    """While one writes the next holds no connection; after it the next one's row is there too."""

    def write() -> None:
        with sqlite_store.begin() as work:
            Accounts(work).ensure("second", START)

    with sqlite_store.begin() as work:
        Accounts(work).ensure("first", START)
        other = Thread(target=write)
        other.start()
        other.join(0.3)
        assert other.is_alive()
        assert sqlite_store.engine.pool.checkedout() == 1
    other.join(10)
    with sqlite_store.begin() as work:
        assert [each.handle for each in Accounts(work).all()] == ["first", "second"]


def test_who_only_looks_waits_for_nobody(sqlite_store: Any) -> None:
    """A reader gets in while somebody writes, and sees what was there before."""
    found: list[int] = []

    def read() -> None:
        with sqlite_store.look() as work:
            found.append(len(Accounts(work).all()))

    with sqlite_store.begin() as work:
        Accounts(work).ensure("first", START)
        other = Thread(target=read)
        other.start()
        other.join(10)
        assert found == [0]
