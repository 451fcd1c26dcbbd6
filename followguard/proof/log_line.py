"""Lines of the log for people, and which of them somebody wants to see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followguard.domain.wording import safe_text

DEFAULT_LIMIT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which entries, the newest `limit` of them (0: all). Without any of the rest: all that say something to people.

    `actor`: a person's pseudonym, or "followguard"; `account`: a handle; `accounts`: no others than these, nor
    entries of none; `follower_id`: digits; `before`: only entries with a lower number than this one, for the page
    before; `rows`: also entries that only name rows.
    """

    actor: str | None = None
    account: str | None = None
    accounts: frozenset[str] | None = None
    follower_id: str | None = None
    since: datetime | None = None
    before: int | None = None
    limit: int = DEFAULT_LIMIT
    rows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One entry in words. `by`: the person's name, or "followguard"; `account` "" for all.

    `erased`: the entry's details went with a follower who was forgotten; that it was written, when and by whom, stays.
    """

    seq: int
    at: datetime
    kind: str
    account: str
    by: str
    words: str
    follower_id: str | None = None
    username: str | None = None
    item: int | None = None
    erased: bool = False

    @property
    def text(self) -> str:
        """Returns `2026-11-20 09:12 @acme Ana rejected @ada_lane (item:12): spam`."""
        where = f"@{self.account} " if self.account else ""
        return f"{self.at:%Y-%m-%d %H:%M} {where}{safe_text(self.by, 100)} {self.words}"

    def as_row(self) -> dict[str, Any]:
        """Gives the row of `log --json`."""
        return {name: getattr(self, name) for name in self.__slots__}
