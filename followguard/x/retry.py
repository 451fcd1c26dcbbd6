"""How long followguard bears with X: which failures are tried again, how often, and after which wait (tenacity)."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from tenacity import RetryCallState, Retrying, stop_after_attempt

from followguard.errors import PlatformDown, RateLimited
from followguard.x.session import Timeouts

Result = TypeVar("Result")
ACCOUNT_SECONDS = 900.0
"""What all calls of one account and the waits between them may take in one run: a whole window of X's rate limits, in
which it serves 300 pages of the list. Who needs longer isn't served but held up. Our own pace between two follows
doesn't count."""


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
        """Counts the block's time, however it ends."""
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
