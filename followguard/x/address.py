"""The only places that the X session may go to: one host, and the four calls as a table."""

import ipaddress
import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from followguard.errors import AddressRefused, ConfigurationError

X_HOSTS = ("api.x.com", "api.twitter.com")
DEFAULT_URL = "https://api.x.com"
FIELDS = (
    "connection_status",
    "created_at",
    "description",
    "entities",
    "location",
    "name",
    "profile_image_url",
    "protected",
    "public_metrics",
    "url",
    "username",
    "verified",
    "verified_type",
)
"""The `user.fields` that followguard uses, and so the only ones it asks for."""

MOST_IDS = 100
MOST_RESULTS = 1000
_ID = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One of the four calls. `path` holds `{own}` where our own account's id must stand."""

    name: str
    method: str
    path: str
    query: frozenset[str]


ME = Endpoint("me", "GET", "/2/users/me", frozenset({"user.fields"}))
FOLLOWERS = Endpoint(
    "followers",
    "GET",
    "/2/users/{own}/followers",
    frozenset({"user.fields", "max_results", "pagination_token"}),
)
LOOK_UP = Endpoint("look_up", "GET", "/2/users", frozenset({"user.fields", "ids"}))
FOLLOW = Endpoint("follow", "POST", "/2/users/{own}/following", frozenset())
READ_CALLS = (ME, FOLLOWERS, LOOK_UP)
WRITE_CALLS = (FOLLOW,)


def is_id(text: object) -> bool:
    """Tells whether it is an id as X writes them: ASCII digits and nothing else."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def is_loopback(x_api_url: str) -> bool:
    """Tells whether the address stays on this machine: 127.0.0.0/8, ::1 or localhost."""
    host = _parts(x_api_url)[1]
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def base_url(x_api_url: str) -> str:
    """Gives the address without a trailing slash, such as `https://api.x.com`.

    Raises ConfigurationError unless it is X's own host over https, or loopback, with no path behind it.
    """
    scheme, host, port = _parts(x_api_url)
    own = host in X_HOSTS and scheme == "https" and port in (None, 443)
    if not own and not (scheme in ("http", "https") and is_loopback(x_api_url)):
        raise _wrong_url(x_api_url, "is neither X's own address nor on this machine")
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" + (f":{port}" if port is not None else "")


def _parts(x_api_url: str) -> tuple[str, str, int | None]:
    """Splits off scheme, host and port. Raises ConfigurationError when there is more, or less, than that."""
    try:
        url = urlsplit(x_api_url)
        scheme, host, port = url.scheme, url.hostname or "", url.port
    except ValueError:
        raise _wrong_url(x_api_url, "can't be read") from None
    more = url.path.strip("/") or url.query or url.fragment or url.username is not None
    if more or not host or not x_api_url.isprintable() or any(letter.isspace() for letter in x_api_url):
        raise _wrong_url(x_api_url, "must be a scheme and a host, and nothing else")
    return scheme, host, port


def _wrong_url(x_api_url: str, why: str) -> ConfigurationError:
    shown = re.sub(r"//.*@", "//***@", x_api_url, flags=re.DOTALL)
    return ConfigurationError(
        f"x_api_url {shown!r} {why}.",
        f"Set x_api_url to {DEFAULT_URL}, or to a loopback address such as http://127.0.0.1:8080.",
    )


@dataclass(frozen=True, slots=True)
class AllowList:
    """The requests that a session may send: these calls, to this base address, for this account of ours."""

    base: str
    calls: tuple[Endpoint, ...]

    def check(self, method: str, url: str, body: bytes | str | None, own: str | None) -> Endpoint:
        """Finds the allowed call that this request is. Raises AddressRefused when it is none."""
        target = urlsplit(url)
        if f"{target.scheme}://{target.netloc}" != self.base:
            raise self._refused(method, url, f"only {self.base} may be called")
        for call in self.calls:
            path = call.path.format(own=own) if own else call.path
            if method == call.method and target.path == path and "{" not in path:
                self._check_query(call, method, url)
                self._check_body(call, body, own, url)
                return call
        raise self._refused(method, url, f"it isn't one of {', '.join(call.name for call in self.calls)}")

    def _check_query(self, call: Endpoint, method: str, url: str) -> None:
        pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
        query = dict(pairs)
        if len(query) != len(pairs) or not query.keys() <= call.query:
            raise self._refused(method, url, f"{call.name} takes only {', '.join(sorted(call.query)) or 'no query'}")
        ids = query.get("ids", "").split(",")
        if call is LOOK_UP and not (len(ids) <= MOST_IDS and all(map(is_id, ids))):
            raise self._refused(method, url, f"a look-up takes 1 to {MOST_IDS} ids made of digits")
        asked = query.get("max_results", "1")
        if not is_id(asked) or not 1 <= int(asked) <= MOST_RESULTS:
            raise self._refused(method, url, f"max_results must be from 1 to {MOST_RESULTS}")

    def _check_body(self, call: Endpoint, body: bytes | str | None, own: str | None, url: str) -> None:
        if call is not FOLLOW:
            if body:
                raise self._refused(call.method, url, "a read carries no body")
            return
        try:
            wanted = json.loads(body or "null")
        except ValueError as error:
            raise self._refused(call.method, url, "the body isn't JSON") from error
        target = wanted.get("target_user_id") if isinstance(wanted, dict) and len(wanted) == 1 else None
        if not is_id(target) or target == own:
            raise self._refused(call.method, url, "a follow names one follower by an id made of digits")

    def _refused(self, method: str, url: str, why: str) -> AddressRefused:
        shown = urlsplit(url)
        return AddressRefused(
            f"Nothing was sent: {method} {shown.scheme}://{shown.hostname}{shown.path} isn't allowed, {why}.",
            "followguard makes four calls and no other; report this, with what you were doing, as a fault.",
        )
