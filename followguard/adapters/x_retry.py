"""How long followguard bears with X: which failures are tried again, how often, and after which wait (tenacity)."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tenacity import RetryCallState, Retrying, stop_after_attempt

from followguard.adapters.x_session import Timeouts
from followguard.errors import PlatformDown, RateLimited

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Bounds of one call, in seconds. With the defaults it ends within 5 minutes, however slow X is.

    `max_wait_seconds` is the most that one call waits for a rate limit, all its waits together. After a failure no
    further try begins later than `keep_trying_seconds` after the first.
    """

    tries: int = 4
    first_wait: float = 1.0
    longest_wait: float = 15.0
    max_wait_seconds: float = 60.0
    keep_trying_seconds: float = 60.0
    timeouts: Timeouts = field(default_factory=Timeouts)
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
