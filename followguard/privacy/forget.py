"""Forgets a person: everything about them in every account of ours, at once, and from the next model.

One transaction erases the database's part and leaves the intent on record; files, models and free space come after it.
A run that is killed in between is finished by running the same command again, or by forgetting anybody else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from followguard.accounts.people import person_named, require_role
from followguard.accounts.store import Accounts
from followguard.domain.installation import Installation
from followguard.domain.person import OWNER
from followguard.domain.wording import safe_text
from followguard.errors import AmbiguousFollower, UnknownFollower
from followguard.followers.find_store import FollowerRef, FollowerSearch, RefKind, parse_follower
from followguard.followers.nightly_reading import HEAD
from followguard.followers.passes_store import Passes
from followguard.followers.stop_rule import StopRule
from followguard.followers.store import Followers
from followguard.followers.tombstone_store import Pending, Tombstones
from followguard.privacy.store import Erased, Forgetting
from followguard.store.log import Log
from followguard.store.store import Store
from followguard.store.upkeep import Upkeep
from followguard.store.work import Work
from followguard.training.models.promote import FOLLOWGUARD
from followguard.training.models.serving import TrainingContext, training_context
from followguard.training.retrain.refit_after_forget import (
    Refitted,
    clear_unrecorded,
    refit_champion,
    retire_learned_from,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eraser:
    """What forgetting works with. `remove_reports` removes our reports that name a follower and returns which.

    `keep`: how many backups the configuration keeps; 0: none is made.
    """

    store: Store
    upkeep: Upkeep
    workshop: TrainingContext
    remove_reports: Callable[[Pending], Sequence[Path]]
    keep: int

    @property
    def now(self) -> datetime:
        """Aware UTC."""
        return self.workshop.now


@dataclass(slots=True, kw_only=True)
class Forgotten:
    """What went. `left`: copies of the database that still hold the person; `finished`: begun by a run before."""

    follower_id: str
    erased: list[Erased] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    refitted: list[Refitted] = field(default_factory=list)
    reports: list[Path] = field(default_factory=list)
    backups_removed: list[Path] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)
    finished: bool = False

    def as_json(self) -> dict[str, Any]:
        """Returns what the command prints."""
        models = [{"group": each.group, "model": each.model, "why": each.why} for each in self.refitted]
        return {
            "follower_id": self.follower_id,
            "accounts": [{"account": each.account} | each.as_json() for each in self.erased],
            "models": {"retired": self.retired, "refitted": models},
            "reports_removed": [path.name for path in self.reports],
            "backups": {
                "removed": [path.name for path in self.backups_removed],
                "left": [path.name for path in self.left],
            },
            "finished_earlier": self.finished,
        }


def forget(eraser: Eraser, follower: str, by: str | None, *, remove_backups: bool = False) -> Forgotten:
    """Erases one follower, named by id, username or item, from every account of ours; idempotent.

    Raises `UnknownFollower` where nothing is held about them, `AmbiguousFollower` where several had that username,
    `UnknownPerson` and `MissingRole` for anybody but an owner of those accounts, `AlreadyRunning` while any run is
    under way, `StoreFailed`. What was begun is finished by the next call. With `remove_backups` somebody forgotten
    before may be named by id, to remove the copies that still hold them.
    """
    with eraser.upkeep.alone(), eraser.store.begin() as work:
        _somebody(work, by)
        pending = _intent(work, named(work, follower, again=remove_backups), eraser.now)
        owners = [require_role(work, by, OWNER, each) for each in pending.accounts or (None,)]
        pending, result = _erase(eraser, work, pending, owners[0].pseudonym)
    _finish(eraser, pending, result)
    _finish_others(eraser)
    if remove_backups:
        result.backups_removed += eraser.upkeep.remove_copies(eraser.now, eraser.keep)
    else:
        result.left += eraser.upkeep.copies()
    return result


def forget_again(eraser: Eraser) -> list[Forgotten]:
    """Erases, after a restore, those on record whom a tombstone says to forget.

    Raises `AlreadyRunning`, `StoreFailed`; the next call goes on.
    """
    results = []
    with eraser.store.begin() as work:
        back = sorted(Tombstones(work).among(Tombstones(work).on_record()), key=int)
    for follower_id in back:
        with eraser.upkeep.alone(), eraser.store.begin() as work:
            pending, result = _erase(eraser, work, _intent(work, follower_id, eraser.now), FOLLOWGUARD)
        _finish(eraser, pending, result)
        results.append(result)
    return results


def _finish_others(eraser: Eraser) -> None:
    """Finishes what a run that was killed left to do for anybody else."""
    with eraser.store.begin() as work:
        others = Tombstones(work).pending()
    for each in others:
        _finish(eraser, each, Forgotten(follower_id=each.follower_id, finished=True))


def _finish(eraser: Eraser, pending: Pending, result: Forgotten) -> None:
    """Does what comes after the transaction: models, files, free space; then the intent goes."""
    for group in pending.groups:
        result.refitted.append(refit_champion(eraser.workshop, group))
    clear_unrecorded(eraser.workshop)
    result.reports += eraser.remove_reports(pending)
    eraser.upkeep.wipe()
    with eraser.store.begin() as work:
        Forgetting(work).done(pending.follower_id)
    eraser.upkeep.settle()


def named(work: Work, follower: str, *, again: bool = False) -> str:
    """Returns the id of whom `follower` names, among everybody on record and those whose erasure isn't finished.

    `again`: also somebody forgotten already, by id. Raises `UnknownFollower`, `AmbiguousFollower`.
    """
    ref = parse_follower(follower)
    unfinished = [each.follower_id for each in Tombstones(work).pending() if _is(ref, each)]
    ids = sorted({each.follower_id for each in FollowerSearch(work).find(ref, None)} | set(unfinished), key=int)
    if len(ids) > 1:
        choices = ", ".join(ids)
        raise AmbiguousFollower(
            f"{safe_text(follower, 60)} names several followers.", f"Give the id, one of: {choices}"
        )
    if not ids and again and ref.kind is RefKind.ID and Tombstones(work).among([ref.value]):
        return ref.value
    if not ids:
        raise _unknown(work, follower, ref)
    return ids[0]


def _is(ref: FollowerRef, pending: Pending) -> bool:
    if ref.kind is RefKind.ID:
        return ref.value == pending.follower_id
    return ref.kind is RefKind.USERNAME and ref.value in {name.lower() for name in pending.usernames}


def _unknown(work: Work, follower: str, ref: FollowerRef) -> UnknownFollower:
    shown = safe_text(follower, 60)
    if ref.kind is RefKind.ID and Tombstones(work).among([ref.value]):
        return UnknownFollower(f"{shown} is forgotten already; nothing is held about them.", "There is nothing to do.")
    return UnknownFollower(
        f"Nothing is held about {shown}.", "Usernames change: ask for the id, or see followguard review list --all"
    )


def _erase(eraser: Eraser, work: Work, pending: Pending, actor: str) -> tuple[Pending, Forgotten]:
    """Erases from the database, all of it or nothing; a run before may have done it."""
    follower_id, accounts = pending.follower_id, Forgetting(work).accounts(pending.follower_id)
    if not accounts:
        return pending, Forgotten(follower_id=follower_id, finished=True)
    retired = [
        model for account in accounts for model in retire_learned_from(eraser.workshop, work, account, follower_id)
    ]
    pending = replace(pending, groups=tuple(sorted({model.group for model in retired})))
    _mend_marks(work, follower_id)
    Forgetting(work).begin(pending)
    erased = Forgetting(work).erase(pending)
    for each in erased:
        Log(work).append(eraser.now, "follower.forget", each.account, actor, each.as_json())
    return pending, Forgotten(follower_id=follower_id, erased=erased, retired=[model.name for model in retired])


def _somebody(work: Work, by: str | None) -> None:
    """Finds the person. Exit 2 goes before exit 1. Raises `UnknownPerson` for somebody who isn't known here."""
    person = person_named(work, by) if by else None
    if person is None or person.withdrawn_at is not None:
        require_role(work, by, OWNER, None)


def _intent(work: Work, follower_id: str, now: datetime) -> Pending:
    """Returns what is to be erased; of an erasure that was begun, what it had found."""
    before = next((each for each in Tombstones(work).pending() if each.follower_id == follower_id), None)
    found = Pending(
        follower_id=follower_id,
        usernames=Forgetting(work).usernames(follower_id),
        accounts=Forgetting(work).accounts(follower_id),
        groups=(),
        started_at=now,
    )
    return found if before is None or found.accounts else before


def _mend_marks(work: Work, follower_id: str) -> None:
    """Moves up the places that an unfinished reading remembers, with one fewer on record."""
    for account in Accounts(work).all():
        reading = Passes(work).open_pass(account.id, "night")
        if reading is None or "mark" not in reading.progress:
            continue
        head = Followers(work).head(account.id, reading.id, HEAD)
        if follower_id in head:
            mark = StopRule.from_json(reading.progress["mark"]).without(head.index(follower_id))
            Passes(work).save_pass(replace(reading, progress=reading.progress | {"mark": mark.as_json()}))


def eraser_of(installation: "Installation", store: "Store") -> "Eraser":
    """Returns what forgetting a person works with."""
    from followguard.followers.tombstone import page_pattern
    from followguard.reports.gather import FOLDER
    from followguard.reports.old import remove_naming

    folder = installation.folder / FOLDER
    return Eraser(
        store=store,
        upkeep=store.upkeep,
        workshop=training_context(installation, store),
        remove_reports=lambda gone: remove_naming(folder, page_pattern(gone.follower_id, gone.usernames)),
        keep=installation.backups,
    )
