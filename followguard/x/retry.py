"""How long followguard bears with X: which failures are tried again, how often, and after which wait (tenacity)."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from tenacity import RetryCallState, Retrying, stop_after_attempt

from followguard.errors import PlatformDown, RateLimited
from followguard.x.session import Timeouts

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
    """Reads the limits that an answer's headers speak of, by prefix."""
    found = {
        prefix: RateWindow(_whole(headers.get(f"{prefix}-remaining")), _whole(headers.get(f"{prefix}-reset")))
        for prefix in PREFIXES
    }
    return {prefix: window for prefix, window in found.items() if window != RateWindow(None, None)}


def block_of(headers: Mapping[str, str], *, refused: bool, now: datetime) -> RateBlock | None:
    """Tells the wait that these headers ask for. `refused` means that the answer was a 429.

    If several limits are used up, the one that starts anew last counts. A 429 while every limit has calls left says
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
    """Reads a whole number of at most 11 digits, or None: longer ones aren't times in seconds."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 11 else None


def _seconds_until(reset_at: int, headers: Mapping[str, str], now: datetime) -> float:
    """Gives the seconds until then by X's clock (the `date` header) or ours, whichever is nearer; either may be off.

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
        """Gives the wait that still forbids this call, with the seconds that are left, or None."""
        until, block = self._blocks.get(call, (0.0, RateBlock(None, 0.0)))
        left = until - self._timer()
        return RateBlock(block.reset_at, left) if left > 0 else None

    def waited(self, call: str) -> None:
        """Forgets the wait, which was kept: the call may be tried."""
        self._blocks.pop(call, None)


Result = TypeVar("Result")
ACCOUNT_SECONDS = 900.0
"""Seconds that all calls of one account and the waits between them may take in one run: a whole window of X's rate
limits, in which it serves 300 pages of the list. Our own pace between two follows doesn't count."""


class Allowance:
    """Time that one account may still spend on X in this run. Reader and writer of a night share one."""

    def __init__(self, seconds: float = ACCOUNT_SECONDS, timer: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._timer = timer
        self._spent = 0.0
        self._since: float | None = None

    @property
    def left(self) -> float:
        """Seconds, never below 0.0."""
        running = 0.0 if self._since is None else self._timer() - self._since
        return max(0.0, self.seconds - self._spent - running)

    @contextmanager
    def spent(self) -> Iterator[None]:
        """Adds the block's time to what is spent, however it ends."""
        self._since = self._timer()
        try:
            yield
        finally:
            self._spent += self._timer() - self._since
            self._since = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Bounds of one call, in seconds. With the defaults it ends within 4 minutes, however slow X is.

    `max_wait_seconds` is the most that one call waits for a rate limit, all its waits together. After a failure no
    further try begins later than `keep_trying_seconds` after the first.
    """

    tries: int = 4
    first_wait: float = 1.0
    longest_wait: float = 15.0
    max_wait_seconds: float = 60.0
    keep_trying_seconds: float = 60.0
    timeouts: Timeouts = field(default_factory=Timeouts)
    account: Allowance = field(default_factory=Allowance)
    """Bounds all calls together: whoever shares these bounds shares it."""
    sleep: Callable[[float], None] = time.sleep
    timer: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    """A number in [0, 1) that spreads the waits, so that several machines don't come back at once."""


def with_patience(attempt: Callable[[], Result], patience: Patience, blocked: Callable[[], float]) -> Result:
    """Calls `attempt` until it gives a result, at most `patience.tries` times, and then raises its last error.

    `blocked` tells the seconds until the rate limit starts anew, 0.0 when none is known. Tried again are a
    `PlatformDown` and a `RateLimited` that ends soon enough.
    """

    started = patience.timer()

    def again(state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        if wait(state) >= patience.account.left:
            return False
        if isinstance(error, RateLimited):
            return 0.0 < blocked() <= patience.max_wait_seconds - state.idle_for
        return isinstance(error, PlatformDown) and patience.timer() - started < patience.keep_trying_seconds

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, RateLimited):
            return blocked()
        longest = min(patience.longest_wait, patience.first_wait * 2.0 ** (state.attempt_number - 1))
        return longest * (0.5 + patience.chance() / 2)

    retrying = Retrying(
        retry=again, wait=wait, stop=stop_after_attempt(patience.tries), sleep=patience.sleep, reraise=True
    )
    return retrying(attempt)
