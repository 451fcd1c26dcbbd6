"""Rate limits as X says them in headers: the 15-minute window and the two 24-hour ones."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

PREFIXES = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
_MARGIN = 1.0
"""Seconds added to every wait: X counts in whole ones."""

_UNSAID = 900.0
"""Seconds to stay away when a 429 doesn't say how long: X's own window."""


@dataclass(frozen=True, slots=True)
class RateWindow:
    """One limit: calls left, and the epoch second at which it starts anew. None where X didn't say."""

    remaining: int | None
    reset_at: int | None


@dataclass(frozen=True, slots=True)
class RateBlock:
    """Why a call must wait: `reset_at` (epoch seconds, None when X didn't say), and the wait in seconds from now."""

    reset_at: int | None
    seconds: float


def windows(headers: Mapping[str, str]) -> dict[str, RateWindow]:
    """The limits that an answer's headers speak of, by prefix."""
    found = {
        prefix: RateWindow(_whole(headers.get(f"{prefix}-remaining")), _whole(headers.get(f"{prefix}-reset")))
        for prefix in PREFIXES
    }
    return {prefix: window for prefix, window in found.items() if window != RateWindow(None, None)}


def block_of(headers: Mapping[str, str], *, refused: bool, now: datetime) -> RateBlock | None:
    """What these headers forbid. `refused` means that the answer was a 429.

    Of several exhausted limits the last to start anew counts. A 429 while every limit has calls left says
    nothing about when to come back, except by `retry-after`.
    """
    limits = windows(headers)
    spent = [window for window in limits.values() if window.remaining == 0]
    if refused and not spent:
        spent = [window for window in limits.values() if window.remaining is None]
    resets = [window.reset_at for window in spent if window.reset_at is not None]
    if resets:
        return RateBlock(max(resets), _seconds_until(max(resets), headers, now))
    later = _whole(headers.get("retry-after"))
    if refused and later is not None:
        return RateBlock(int(now.timestamp()) + later, later + _MARGIN)
    return RateBlock(None, _UNSAID) if refused else None


def _whole(text: str | None) -> int | None:
    """A whole number of at most 11 digits, or None: longer ones aren't times in seconds."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 11 else None


def _seconds_until(reset_at: int, headers: Mapping[str, str], now: datetime) -> float:
    """By X's own clock (the `date` header) or by ours, whichever is nearer: either may be off.

    Waiting too short costs one more refusal; waiting too long would cost the night.
    """
    clocks = [now.timestamp()]
    try:
        served = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        served = None
    if served is not None:
        clocks.append((served if served.tzinfo else served.replace(tzinfo=UTC)).timestamp())
    ahead = [reset_at - clock for clock in clocks if reset_at >= clock]
    return min(ahead, default=0.0) + _MARGIN


class RateLimits:
    """Remembers, per call, until when X wants us to wait. Measured by a timer, so a changed clock can't hang it."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer = timer
        self._blocks: dict[str, tuple[float, RateBlock]] = {}

    def note(self, call: str, block: RateBlock | None) -> None:
        """Writes down what the latest answer to this call forbids; None clears it."""
        self._blocks.pop(call, None)
        if block is not None:
            self._blocks[call] = (self._timer() + block.seconds, block)

    def block(self, call: str) -> RateBlock | None:
        """What still forbids this call, with the seconds that are left, or None."""
        until, block = self._blocks.get(call, (0.0, RateBlock(None, 0.0)))
        left = until - self._timer()
        return RateBlock(block.reset_at, left) if left > 0 else None

    def waited(self, call: str) -> None:
        """The wait was kept; the call may be tried."""
        self._blocks.pop(call, None)
