"""X's rate limits: so many calls of a kind in 15 minutes, and for follows in 24 hours too."""

from dataclasses import dataclass

PER_15_MINUTES = {"followers": 300, "lookup": 900, "me": 75, "follow": 50}
PER_24_HOURS = {"follow": 400}
QUARTER, DAY = 15 * 60, 24 * 60 * 60


@dataclass(slots=True)
class LimitWindow:
    """`limit` calls in `seconds` from the first one on; times are epoch seconds."""

    limit: int
    seconds: int
    used: int = 0
    resets_at: int = 0

    def roll(self, now: float) -> None:
        """Begins the window anew when it is over."""
        if now >= self.resets_at:
            self.used, self.resets_at = 0, int(now) + self.seconds

    @property
    def full(self) -> bool:
        """No call is left."""
        return self.used >= self.limit

    def headers(self, prefix: str) -> dict[str, str]:
        """Gives X's three headers for the window."""
        left = max(0, self.limit - self.used)
        return {
            f"{prefix}-limit": str(self.limit),
            f"{prefix}-remaining": str(left),
            f"{prefix}-reset": str(self.resets_at),
        }


class SandboxLimits:
    """The windows of every account and kind of call."""

    def __init__(self) -> None:
        self._short: dict[tuple[str, str], LimitWindow] = {}
        self._long: dict[tuple[str, str], LimitWindow] = {}

    def take(self, account_id: str, call: str, now: float) -> tuple[bool, dict[str, str]]:
        """Takes a call at `now` (epoch seconds) into the count, if it is allowed.

        Returns whether it is, and the headers that go with the answer.
        """
        short = self._short.setdefault((account_id, call), LimitWindow(PER_15_MINUTES[call], QUARTER))
        windows = [("x-rate-limit", short)]
        if call in PER_24_HOURS:
            long = self._long.setdefault((account_id, call), LimitWindow(PER_24_HOURS[call], DAY))
            windows.append(("x-user-limit-24hour", long))
        for _, window in windows:
            window.roll(now)
        allowed = not any(window.full for _, window in windows)
        for _, window in windows:
            window.used += allowed
        return allowed, {name: value for prefix, window in windows for name, value in window.headers(prefix).items()}
