"""The database's own care: upgrade, back up, restore, check."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from followguard.errors import UsageError
from followguard.store.upkeep import Upkeep


@dataclass(frozen=True, slots=True)
class Upgraded:
    """`before` is None for a database that was made just now; `backup` None when nothing had to change."""

    before: str | None
    after: str
    backup: Path | None


def upgrade_database(upkeep: Upkeep, now: datetime, keep: int) -> Upgraded:
    """Backs up what is there before changing it. Raises `StoreFailed`, `SchemaMismatch`."""
    before = upkeep.schema()
    backup = upkeep.back_up(now, keep) if before is not None and before < upkeep.newest else None
    return Upgraded(*upkeep.upgrade(), backup)


def backup_to_restore(upkeep: Upkeep, chosen: Path | None) -> Path:
    """`chosen`, or the newest backup. Raises `UsageError` when there is none."""
    kept = upkeep.backups()
    if chosen is None and not kept:
        raise UsageError("There is no backup yet.", "Name the file of one: followguard db restore FILE.")
    backup = chosen or kept[0]
    if not backup.is_file():
        names = ", ".join(path.name for path in kept[:3]) or "none"
        raise UsageError(f"There is no backup {backup}.", f"The newest: {names}.")
    return backup
