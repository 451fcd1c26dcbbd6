"""One run an account: the lock goes when its holder goes, however that happens."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from followguard.accounts.store import Accounts
from followguard.errors import AlreadyRunning, StoreFailed
from followguard.store.locks import whole_lock
from followguard.store.store import open_store

HOLDER = """
import sys, time
from pathlib import Path
from followguard.store.store import open_store
with open_store(sys.argv[1], lock_dir=Path(sys.argv[2])) as store, store.lock("acme"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_is_refused_at_once(store_url: str, tmp_path: Path) -> None:
    """The message names the account, and the exit code is 4."""
    with open_store(store_url, lock_dir=tmp_path) as one, open_store(store_url, lock_dir=tmp_path) as two:
        with one.lock("acme"), pytest.raises(AlreadyRunning, match="@acme") as refused, two.lock("acme"):
            pass
        assert refused.value.exit_code == 4
        with two.lock("acme"):
            pass


def test_accounts_have_locks_of_their_own(store: Any) -> None:
    """Two accounts can be read at the same time, by one run or two."""
    with store.lock("acme"), store.lock("beta"), pytest.raises(AlreadyRunning, match="@beta"), store.lock("beta"):
        pass


def test_the_lock_goes_when_the_run_fails(store: Any) -> None:
    """An error in a run leaves nothing locked."""
    with pytest.raises(OSError, match="stop"), store.lock("acme"):
        raise OSError("stop")
    with store.lock("acme"):
        pass


def test_transactions_go_on_under_a_lock(store: Any) -> None:
    """The lock is no transaction: a night makes many while it holds it."""
    with store.lock("acme"):
        for _ in range(3):
            with store.begin() as work:
                assert Accounts(work).all() == []


def test_a_killed_holder_leaves_no_lock(store_url: str, tmp_path: Path) -> None:
    """`kill -9` in the middle of a night: the next run begins at once."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, store_url, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with open_store(store_url, lock_dir=tmp_path) as store:
            with pytest.raises(AlreadyRunning), store.lock("acme"):
                pass
            holder.send_signal(signal.SIGKILL)
            holder.wait()
            wait_for_lock(store)
    finally:
        holder.kill()
        holder.wait()
        if holder.stdout:
            holder.stdout.close()


def wait_for_lock(store: Any) -> None:
    """The operating system frees a file at once; the server needs a moment to see that its client is gone."""
    import time

    for _ in range(50):
        try:
            with store.lock("acme"):
                return
        except AlreadyRunning:
            time.sleep(0.05)
    pytest.fail("the lock of a killed holder was never freed")


def test_a_restore_and_a_run_keep_each_other_out(store: Any) -> None:
    """The second to come is refused."""
    folder = store.places.locks
    with store.lock("acme"), pytest.raises(AlreadyRunning, match="under way"), whole_lock(store.engine, folder):
        pass
    with whole_lock(store.engine, folder), pytest.raises(AlreadyRunning, match="restored"), store.lock("acme"):
        pass
    with store.lock("acme"):
        pass


def test_a_folder_that_cannot_hold_locks_is_said(sqlite_url: str, tmp_path: Path) -> None:
    """The folder for the locks isn't there."""
    with (
        open_store(sqlite_url, lock_dir=tmp_path / "nowhere") as store,
        pytest.raises(StoreFailed, match="can't be taken"),
        store.lock("acme"),
    ):
        pass


@pytest.mark.parametrize("handle", ["whole-database", "whole_database", "whole", "group", "con", "base", "_"])
def test_a_handle_may_be_called_what_it_will(store: Any, handle: str) -> None:
    """No account's lock is the one of the whole database or of a model group."""
    with store.lock(handle), store.lock("acme"), store.lock("group-house"):
        pass
    with store.upkeep.alone(), pytest.raises(AlreadyRunning, match="being restored"), store.lock(handle):
        pass
