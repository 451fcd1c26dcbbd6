"""Erasures that are killed, doubled or undone by a restore: all or nothing, and finished by the next."""

from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from followguard.errors import FollowguardError, UnknownFollower
from followguard.privacy.forget import forget, forget_again
from followguard.privacy.store import Forgetting
from tests.builders.forgetting import ID, count, erase, eraser, everything, in_one, well_known


def test_it_is_all_or_nothing_and_a_second_run_finishes_it(house: Any) -> None:
    """Killed in the transaction: as before. Killed after it: erased, and the same command does the rest."""
    well_known(house)
    before = everything(house)

    def dies(_: Any) -> list[Path]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_one(house, lambda work, pending: (Forgetting(work).begin(pending), Forgetting(work).erase(pending), dies(0)))
    assert everything(house) == before
    with pytest.raises(KeyboardInterrupt):
        forget(eraser(house, remove_reports=dies), ID, "Ola")
    assert (count(house, "forgetting"), len(house.cards(everything=True))) == (1, 2)
    seen: list[Any] = []
    done = forget(eraser(house, remove_reports=lambda gone: seen.append(gone) or []), "@erase_me", "Ola")
    assert (done.finished, seen[0].usernames, count(house, "forgetting")) == (True, ("Erase_Me",), 0)
    with pytest.raises(UnknownFollower, match="forgotten already"):
        erase(house)


def test_backups_that_hold_them_are_told_and_can_be_removed(lite_house: Any) -> None:
    """Told by name; removed on demand once a new one is there; also for somebody forgotten before."""
    house = lite_house
    well_known(house)
    old = house.store.upkeep.back_up(house.now, 5)
    house.next_day()
    assert [path.name for path in erase(house).left] == [old.name]
    done = erase(house, remove_backups=True)
    (left,) = house.store.upkeep.copies()
    assert ([path.name for path in done.backups_removed], done.left) == ([old.name], [])
    assert (old.exists(), left.exists()) == (False, True)


def test_two_at_once_erase_once(house: Any) -> None:
    """One does it; the other is told that a run is under way, or that nothing is held any more."""
    well_known(house)
    start, outcomes = Barrier(2), []

    def run() -> None:
        start.wait()
        try:
            outcomes.append(erase(house).follower_id)
        except FollowguardError as error:
            outcomes.append(type(error).__name__)

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(outcomes) == ID
    assert max(outcomes) in {"AlreadyRunning", "UnknownFollower"}
    assert house.rows("SELECT count(*) FROM log WHERE kind = 'follower.forget'") == [(2,)]


def test_a_backup_that_is_put_back_loses_them_again(lite_house: Any) -> None:
    """Tombstones outlive a restore, and whoever is forgotten is erased from what came back."""
    house = lite_house
    well_known(house)
    old = house.store.upkeep.back_up(house.now, 5)
    house.next_day()
    erase(house)
    house.store.upkeep.restore(old, house.now)
    assert ID in everything(house)
    (again,) = forget_again(eraser(house))
    assert (again.follower_id, ID in everything(house), count(house, "tombstones")) == (ID, False, 1)
    assert forget_again(eraser(house)) == []


def test_an_erasure_that_was_broken_off_is_finished_with_the_next_one(lite_house: Any) -> None:
    """Status says that something is left to do; forgetting anybody else does it too."""
    house = lite_house
    well_known(house)

    def dies(_: Any) -> list[Path]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forget(eraser(house, remove_reports=dies), ID, "Ola")
    assert count(house, "forgetting") == 1
    seen: list[str] = []
    forget(eraser(house, remove_reports=lambda gone: seen.append(gone.follower_id) or []), "101", "Ola")
    assert (seen, count(house, "forgetting"), count(house, "tombstones")) == (["101", ID], 0, 2)
