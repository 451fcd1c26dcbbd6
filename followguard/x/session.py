"""The HTTP session under tweepy (requests, urllib3): it knows one host and the four calls, and it never hangs."""

import logging
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from followguard.x.address import AllowList
from followguard.x.watch import Watch, watched_pools

LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes after unpacking. A full page of 1,000 followers has about 2 MiB."""
Response = requests.Response
"""What tweepy is told to hand back: the bare answer."""
_PIECE = 64 * 1024
_TOO_SLOW = "its answer came too slowly"
_NEVER_SENT = (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError)
_TALKATIVE = ("oauthlib", "requests_oauthlib", "tweepy")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the headers (names in lower case) and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Unanswered(Exception):
    """No whole answer came. `sent` is False only when the request surely never reached X.

    It never leaves the gateway, which makes it one of the closed tree.
    """

    def __init__(self, why: str, *, sent: bool) -> None:
        super().__init__(why)
        self.why = why
        self.sent = sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """In seconds: to connect, between two pieces of an answer, and for a whole exchange.

    The whole reaches from the look-up of X's name to the last byte. A full page has 2 MiB: 35 KiB/s are enough.
    """

    connect: float = 5.0
    read: float = 30.0
    whole: float = 60.0


class GuardedAdapter(HTTPAdapter):
    """Refuses every request that isn't on the list, counts the others, and gives each its timeouts.

    It is mounted for every scheme, so nothing goes round it. `own` is our account's id once known.
    """

    def __init__(self, allowed: AllowList, timeouts: Timeouts, own: str | None) -> None:
        self.watch = Watch()
        super().__init__(max_retries=0)
        self.allowed = allowed
        self.timeouts = timeouts
        self.own = own
        self.calls = 0

    def init_poolmanager(self, *given: Any, **more: Any) -> None:
        """Makes connections that the watch can end."""
        super().init_poolmanager(*given, **more)
        self.poolmanager.pool_classes_by_scheme = watched_pools(self.watch)

    def send(self, request: requests.PreparedRequest, *_: Any, **asked: Any) -> requests.Response:
        """Sends one of the allowed calls; what the caller says of timeouts, proxies and certificates is ignored."""
        self.allowed.check(request.method or "", request.url or "", request.body, self.own)
        self.calls += 1
        timeout = (self.timeouts.connect, self.timeouts.read)
        return super().send(request, stream=bool(asked.get("stream")), timeout=timeout, verify=True)


class _StayingSession(requests.Session):
    """A session for which no answer is a redirect: a signature must not be carried elsewhere."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere."""


def open_session(adapter: GuardedAdapter) -> requests.Session:
    """A session that can only go through the adapter: no environment proxy, no .netrc, no cookie kept."""
    session = _StayingSession()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.adapters.clear()
    session.mount("", adapter)
    return session


def answer_of(send: Callable[[], requests.Response], watch: Watch, seconds: float) -> Answer:
    """Sends, and reads the answer to its end; the whole exchange lasts at most so long. Raises `Unanswered`."""
    try:
        with watch.over(seconds), send() as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            body = b"".join(_pieces(response))
            answer = Answer(response.status_code, headers, body)
    except (requests.RequestException, HTTPError, OSError) as error:
        sent = not _never_sent(error)
        raise Unanswered(_TOO_SLOW if watch.rang and sent else _why(error), sent=sent) from error
    if watch.rang:  # an answer without a length ends where its connection does: this one may be cut
        raise Unanswered(_TOO_SLOW, sent=True)
    return answer


def _pieces(response: requests.Response) -> Iterator[bytes]:
    size = 0
    while piece := response.raw.read1(_PIECE, decode_content=True):
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise Unanswered(f"its answer is larger than {LARGEST_ANSWER} bytes", sent=True)
        yield piece


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made from: requests and urllib3 keep that in arguments and in `reason`."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting and len(seen) < 20:
        one = waiting.pop()
        if isinstance(one, BaseException) and not any(one is other for other in seen):
            seen.append(one)
            waiting += [*one.args, getattr(one, "reason", None), one.__cause__]
            yield one


def _never_sent(error: BaseException) -> bool:
    return any(isinstance(cause, _NEVER_SENT) for cause in _causes(error))


_WORDS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("NameResolutionError",), "its name couldn't be looked up"),
    (("ConnectTimeoutError", "ConnectTimeout"), "the connection wasn't made in time"),
    (("NewConnectionError",), "the connection was refused"),
    (("SSLCertVerificationError",), "its certificate isn't valid"),
    (("ReadTimeoutError", "ReadTimeout", "TimeoutError"), "no answer in time"),
    (("DecodeError", "ContentDecodingError"), "its answer couldn't be unpacked"),
    (("IncompleteRead",), "its answer was cut off"),
    (("SSLError",), "the encrypted connection failed"),
)


def _why(error: BaseException) -> str:
    """The cause in plain words, without address, token or header."""
    names = {type(cause).__name__ for cause in _causes(error)}
    return next((words for known, words in _WORDS if names.intersection(known)), "the connection broke off")


class _Warnings(logging.Filter):
    """Lets warnings and errors through: below that, the OAuth libraries write keys and tokens."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


_ONLY_WARNINGS = _Warnings()


def hush_talkative_loggers() -> None:
    """Keeps keys and tokens out of every log, at whatever level logging is set. May be called again."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in _TALKATIVE:
            logging.getLogger(name).addFilter(_ONLY_WARNINGS)
