"""Runs and what they cost."""

from datetime import datetime
from typing import Any, Protocol

from followguard.domain.run import Booked, Call, Run


class Runs(Protocol):
    """The history of nights, and the ledger of calls."""

    def start(self, account_id: int, kind: str, now: datetime) -> int:
        """A run begins; returns its id."""
        ...

    def finish(self, run_id: int, status: str, receipt: dict[str, Any], now: datetime) -> None:
        """A run ends, with its receipt."""
        ...

    def latest(self, account_id: int, kind: str, limit: int = 1) -> list[Run]:
        """Newest first."""
        ...

    def charge(self, account_id: int, call: Call, price_micro: int, now: datetime) -> int:
        """Books one call and returns what it cost in micro-dollars.

        A profile already paid for on `now`'s UTC day costs nothing again.
        """
        ...

    def reserve(self, account_id: int, call: str, cost_micro: int, now: datetime) -> int:
        """Books what a call may cost at most, before it is made; returns the entry. Others see it as spent."""
        ...

    def settle(self, entry: int, call: Call, price_micro: int, now: datetime) -> int:
        """Puts what the call did cost in the place of its reservation, and returns it."""
        ...

    def release(self, entry: int) -> None:
        """The call failed: nothing was spent on it."""
        ...

    def release_all(self, account_id: int) -> None:
        """Reservations that a run left behind which was killed."""
        ...

    def queue_up(self) -> None:
        """Whoever looks at the budget next waits until this transaction ends, on whatever machine."""
        ...

    def spent_micro(self, account_id: int | None, day_from: str, day_to: str) -> int:
        """What was spent on the ISO days from..to (both included), for one account or for all."""
        ...

    def last_entry(self, account_id: int) -> int:
        """Marks a place in the account's ledger: its newest entry, 0 without one."""
        ...

    def booked_after(self, account_id: int, entry: int) -> dict[str, Booked]:
        """What was booked since that place, by the name of the call."""
        ...
