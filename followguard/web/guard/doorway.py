"""Names under which the desk may be asked: its own on this machine, and the one of `[desk] url`.

A page of somebody else's, whose name was pointed at this machine (DNS rebinding), asks under its own name.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Doorway:
    """A name with its scheme: `host` is as browsers send it, the port left out where it is the scheme's own."""

    scheme: str
    host: str

    @property
    def origin(self) -> str:
        """Gives what browsers call the origin of pages from here."""
        return f"{self.scheme}://{self.host}"

    @property
    def secure(self) -> bool:
        """Tells whether cookies may be kept to encrypted connections."""
        return self.scheme == "https"


def is_loopback(host: str) -> bool:
    """Tells whether only this machine can reach the address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def doorways(host: str, port: int, url: str) -> tuple[Doorway, ...]:
    """Lists the names for a desk that listens on host and port, and that people reach at `url` (may be empty)."""
    own = {_named(each, port, "http") for each in _loopback_names(host)} if is_loopback(host) else set()
    found = [Doorway("http", each) for each in sorted(own)]
    if url:
        parts = urlsplit(url.lower())
        found.append(Doorway(parts.scheme, _named(_bare(parts.hostname or ""), parts.port, parts.scheme)))
    return tuple(found)


def doorway_of(host: str | None, known: Iterable[Doorway]) -> Doorway | None:
    """Finds the doorway that a request's Host names; None for any other."""
    asked = (host or "").lower()
    return next((each for each in known if asked in (each.host, f"{each.host}:{DEFAULT_PORTS[each.scheme]}")), None)


def is_own_origin(origin: str | None, fetch_site: str | None, doorway: Doorway) -> bool:
    """Tells whether a change comes from a page of this desk, as the browser says.

    Browsers that are told to send no referrer say `null` for the origin of a form; then, and where none is said,
    Sec-Fetch-Site must speak for it. No page can set either of the two.
    """
    if fetch_site is not None and fetch_site != "same-origin":
        return False
    if origin is None or origin == "null":
        return fetch_site == "same-origin"
    return origin.lower() == doorway.origin


def _loopback_names(host: str) -> set[str]:
    return {"127.0.0.1", "localhost", "[::1]", _bare(host)}


def _bare(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _named(host: str, port: int | None, scheme: str) -> str:
    return host if port in (None, DEFAULT_PORTS[scheme]) else f"{host}:{port}"
