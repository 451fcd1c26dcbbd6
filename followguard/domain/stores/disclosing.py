"""Everything that is held about one follower, as it stands in the tables."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNote:
    """An entry of the log that is about them, with what it commits to."""

    seq: int
    at: str
    kind: str
    account: str
    actor: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptNote:
    """A run whose receipt names them."""

    account: str
    kind: str
    started_at: datetime


class Disclosing(Protocol):
    """Nothing here changes anything. Our people appear by pseudonym."""

    def rows(self, follower_id: str) -> dict[str, list[dict[str, Any]]]:
        """Table -> its rows about them, each with `account`; `features` are bytes as stored, reasons as JSON."""
        ...

    def log(self, follower_id: str) -> list[LogNote]:
        """Oldest first."""
        ...

    def receipts(self, follower_id: str, usernames: tuple[str, ...]) -> list[ReceiptNote]:
        """Oldest first."""
        ...

    def names_of_people(self) -> dict[str, str]:
        """Name -> pseudonym of everybody who ever decided here: notes on cards name them."""
        ...
