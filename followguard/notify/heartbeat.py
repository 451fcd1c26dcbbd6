"""Heartbeat: a watcher elsewhere is pinged when a night begins, ends and dies, by the rules of healthchecks.io."""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlsplit, urlunsplit

from followguard.errors import ConfigurationError
from followguard.notify.targets import Target, named
from followguard.notify.waiting import answers

SECONDS = 5.0
"""How long one ping may take."""
START = "start"
FAIL = "fail"
PLACE = "notify.heartbeat"


class Heartbeat:
    """The pings of one night. None of them raises, and what went wrong is told once."""

    def __init__(self, entry: str, env: Mapping[str, str], tell: Callable[[str], None]) -> None:
        self._entry, self._env, self._tell = entry, env, tell
        self.why = ""
        """What went wrong first, empty while all is well."""

    def begin(self) -> None:
        """Pings /start."""
        self._ping(START)

    def end(self, exit_code: int) -> None:
        """Pings /EXIT-CODE: 0 is success, everything else failure."""
        self._ping(str(exit_code))

    def fail(self) -> None:
        """Pings /fail: the night died, and has no exit code of its own."""
        self._ping(FAIL)

    def as_json(self) -> dict[str, object] | None:
        """Returns how it went, for the receipt; None without a heartbeat."""
        return {"ok": not self.why, "why": self.why or None} if self._entry else None

    def _ping(self, signal: str) -> None:
        if not self._entry:
            return
        try:
            why = ping(named(Target(self._entry, PLACE), self._env).address, signal)
        except ConfigurationError as error:
            why = str(error)
        if why and not self.why:
            self.why = why
            self._tell(f"The heartbeat failed: {why}. The night goes on." if signal == START else f"Heartbeat: {why}.")


def ping(address: str, signal: str, seconds: float = SECONDS) -> str:
    """Pings once; returns what went wrong, in words without the address, or nothing."""
    url = with_signal(address, signal)
    if not url:
        return f"{PLACE} isn't an http or https address"
    (answer,) = answers([partial(_get, url, seconds)], seconds)
    return f"no answer within {seconds:g} seconds" if answer is None else answer


def with_signal(address: str, signal: str) -> str:
    """Puts the signal behind the path and before a query; empty where the address is none."""
    try:
        parts = urlsplit(address.strip())
        usable = parts.scheme in ("http", "https") and parts.hostname
    except ValueError:
        return ""
    path = f"{parts.path.rstrip('/')}/{signal}"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, "")) if usable else ""


def _get(url: str, seconds: float) -> str:
    import urllib3

    try:
        pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(total=seconds))
        answer = pool.request("GET", url, preload_content=False, headers={"User-Agent": "followguard"})
    except Exception:  # noqa: BLE001 - what it says may hold the address, whose path is a secret
        return "it couldn't be reached"
    return "" if 200 <= answer.status < 300 else f"it answered {answer.status}"
