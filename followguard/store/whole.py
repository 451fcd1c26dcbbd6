"""The look at the database that stands before every night and every follow."""

from followguard.domain.health import Health
from followguard.errors import PUT_BACKUP_BACK, DamagedDatabase
from followguard.store.upkeep import Upkeep

NIGHT_SECONDS = 30.0
HAND_OFF_SECONDS = 10.0
STATUS_SECONDS = 5.0


def require_whole(upkeep: Upkeep, seconds: float) -> tuple[str, ...]:
    """Raises `DamagedDatabase`; returns the parts that weren't reached in that time."""
    found = upkeep.look_over(seconds)
    if found.findings:
        raise damaged(found.findings)
    return found.unchecked


def damaged(findings: tuple[str, ...]) -> DamagedDatabase:
    """The error for what a look has found."""
    more = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
    return DamagedDatabase(f"The database is damaged ({findings[0].rstrip('.')}{more}).", PUT_BACKUP_BACK)


def health_of(upkeep: Upkeep, seconds: float) -> Health:
    """The same for those who only tell: what keeps the database from being read is a finding."""
    try:
        return upkeep.look_over(seconds)
    except DamagedDatabase as error:
        return Health((error.message,))
