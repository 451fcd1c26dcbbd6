"""Signals in the middle of a transaction: it ends first, nothing stays locked, and the program ends all the same."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from followguard.errors import AlreadyRunning
from followguard.store.store import Store, open_store
from followguard.store.tables import settings
from followguard.store.unbroken import end_soon, unbroken

MOMENTS = ("begin", "before_cursor_execute", "after_cursor_execute", "commit")
"""Where SQLAlchemy is when the signal comes; a KeyboardInterrupt there kept the database locked."""


class Ended(KeyboardInterrupt):
    """What the handler of these tests raises."""


@pytest.fixture(autouse=True)
def handled() -> Iterator[None]:
    """Reacts to SIGINT as the command line does."""
    before = signal.signal(signal.SIGINT, lambda *_: end_soon(Ended))
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def impatient(store: Store, sqlite_url: str) -> Iterator[Store]:
    """The store of the test, which doesn't wait for a lock."""
    if store.file is None:
        yield store
        return
    with open_store(f"{sqlite_url}?timeout=0.05") as quick:
        yield quick


def written(store: Store) -> set[str]:
    """Returns the names of all settings."""
    with store.begin() as work:
        return set(work.connection.execute(select(settings.c.name)).scalars())


def write(store: Store, name: str) -> None:
    """Writes one setting in a transaction of its own."""
    with store.begin() as work:
        work.connection.execute(insert(settings), {"name": name, "value": "1"})


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_signal_in_the_drivers_own_code_waits_for_the_commit(impatient: Store, moment: str) -> None:
    """What the transaction wrote is there, and the next one begins while the interrupt is still handled."""
    written(impatient)
    turns = iter([signal.SIGINT])
    hear = lambda *_: [signal.raise_signal(number) for number in turns]  # noqa: E731
    event.listen(impatient.engine, moment, hear)
    try:
        write(impatient, "first")
    except Ended:
        write(impatient, "second")
    else:
        pytest.fail("the signal was lost")
    finally:
        event.remove(impatient.engine, moment, hear)
    assert written(impatient) >= {"first", "second"}


def test_a_signal_outranks_what_the_transaction_raises(impatient: Store) -> None:
    """The error of a step that was asked to end isn't told instead of it; nothing of the step is saved."""
    with pytest.raises(Ended) as found, impatient.begin() as work:  # noqa: PT012
        work.connection.execute(insert(settings), {"name": "first", "value": "1"})
        signal.raise_signal(signal.SIGINT)
        raise ValueError
    assert isinstance(found.value.__context__, ValueError)
    assert "first" not in written(impatient)


def test_a_second_signal_breaks_the_step_off(impatient: Store) -> None:
    """Somebody who presses Ctrl-C twice doesn't wait, and the transaction never happened."""
    with pytest.raises(Ended), impatient.begin() as work:  # noqa: PT012
        work.connection.execute(insert(settings), {"name": "first", "value": "1"})
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        pytest.fail("it went on")
    assert "first" not in written(impatient)
    write(impatient, "second")  # and nothing of it comes later


def test_the_outermost_step_ends_first(impatient: Store) -> None:
    """A step within a step doesn't raise yet."""
    said = []
    with pytest.raises(Ended), unbroken():  # noqa: PT012
        with impatient.begin():
            signal.raise_signal(signal.SIGINT)
        said.append("after the inner one")
    assert said == ["after the inner one"]


def test_no_step_no_wait() -> None:
    """Outside of transactions the signal ends what runs, at once."""
    with pytest.raises(Ended):
        signal.raise_signal(signal.SIGINT)


def test_other_threads_hold_no_signal_up(impatient: Store) -> None:
    """Signals reach the main thread: what another one has open is no reason to wait."""
    opened, done = threading.Event(), threading.Event()

    def reads() -> None:
        with impatient.begin():
            opened.set()
            done.wait(10)

    other = threading.Thread(target=reads)
    other.start()
    assert opened.wait(10)
    try:
        with pytest.raises(Ended):
            signal.raise_signal(signal.SIGINT)
    finally:
        done.set()
        other.join()


def test_a_lock_that_is_being_taken_is_given_back(impatient: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account is free again as soon as the interrupt is through."""
    from followguard.store import locks

    true_taker = locks._taker

    def taker(*given: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return true_taker(*given)

    with monkeypatch.context() as patch:
        patch.setattr(locks, "_taker", taker)
        with pytest.raises(Ended), impatient.lock("acme"):
            pytest.fail("it went on")
    with impatient.lock("acme"), pytest.raises(AlreadyRunning), impatient.lock("acme"):
        pass


TOLD = """
import json, os, signal, sys
from sqlalchemy import insert
from followguard.cli.app import ended_by_signals
from followguard.store.store import open_store
from followguard.store.tables import settings
said = []
def write(name, number=None, times=1):
    with store.begin() as work:
        work.connection.execute(insert(settings), {"name": name, "value": "1"})
        for _ in range(times if number else 0):
            os.kill(os.getpid(), number)
    said.append(name)
with ended_by_signals(), open_store(sys.argv[1]) as store:
    try:
        write("first", int(sys.argv[2]), int(sys.argv[3]))
    except KeyboardInterrupt:
        write("receipt")
    print(json.dumps(said))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_process_ends_by_the_signal_after_its_transaction(store: Store, number: int) -> None:
    """Both databases: the transaction is there, then the receipt, and then it ends by the signal that was sent."""
    url = store.engine.url.render_as_string(hide_password=False)
    done = subprocess.run([sys.executable, "-c", TOLD, url, str(int(number)), "1"], capture_output=True, check=False)
    assert (done.returncode, json.loads(done.stdout)) == (-number, ["receipt"])
    assert written(store) >= {"first", "receipt"}


def test_a_second_signal_ends_the_process_at_once(store: Store) -> None:
    """And the database rolls back what it had begun."""
    url = store.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", TOLD, url, str(int(signal.SIGTERM)), "2"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGTERM, b"")
    assert "first" not in written(store)
