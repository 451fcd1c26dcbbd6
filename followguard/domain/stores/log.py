"""The append-only log: a hash chain over pseudonyms and salted commitments."""

from datetime import datetime
from typing import Any, Protocol

from followguard.domain.hashchain import Entry


class Log(Protocol):
    """One way in. Nothing is changed or taken out."""

    def append(self, now: datetime, kind: str, account: str, actor: str, payload: dict[str, Any]) -> str:
        """Adds an entry and returns the new head.

        `kind` is a stable word (`decision.approve`, `order.handed_off`, `person.add`); `account` a handle, or "" for
        all; `actor` a pseudonym or "followguard"; `payload` JSON that the entry commits to with a salt.
        """
        ...

    def last(self) -> Entry | None:
        """The last entry, with all that was written so far; None where there is none."""
        ...

    def head(self) -> str:
        """The hash of the last entry; 64 zeros when there is none."""
        ...
