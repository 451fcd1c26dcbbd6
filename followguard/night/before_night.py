"""What stands before a night: the database is looked over and backed up."""

from dataclasses import dataclass
from datetime import datetime

from followguard.errors import BackupFailed
from followguard.setup.database import back_up_before_night
from followguard.store.upkeep import NIGHT_SECONDS, Upkeep, require_whole


@dataclass(frozen=True, slots=True)
class Before:
    """`unchecked`: parts of the database that time didn't suffice to look at; `problem`: why there is no backup."""

    unchecked: tuple[str, ...] = ()
    problem: BackupFailed | None = None


def before_night(upkeep: Upkeep, now: datetime, keep: int) -> Before:
    """Looks the database over, then backs it up. Raises `DamagedDatabase`: there is no night on a damaged one."""
    unchecked = require_whole(upkeep, NIGHT_SECONDS)
    return Before(unchecked, back_up_before_night(upkeep, now, keep).problem)
