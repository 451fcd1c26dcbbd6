"""Texts of profiles that aren't needed any more."""

from datetime import datetime
from typing import Protocol


class Retention(Protocol):
    """Clears text; counts, feature values and decisions stay."""

    def clear_held_back(self, account_id: int, seen_before: datetime, now: datetime) -> int:
        """Texts of followers who are held back and were last seen before then; returns how many snapshots."""
        ...

    def clear_decided(self, account_id: int, decided_before: datetime, now: datetime) -> int:
        """Texts of followers whose card was decided or closed before then, older snapshots too; returns how many."""
        ...
