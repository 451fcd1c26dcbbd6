"""The HTTP session under tweepy (requests, urllib3): it knows one host and the four calls, and it never hangs."""

import logging
import math
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from followguard.x.address import AllowList


class Watch:
    """Shuts the sockets of the exchange under way when its time is over. One exchange at a time."""

    def __init__(self) -> None:
        self.rang = False
        self._lock = threading.Lock()
        self._number = 0
        self._until = math.inf
        self._cords: list[socket.socket] = []

    @contextmanager
    def over(self, seconds: float) -> Iterator[None]:
        """Lets the block take so long; then every socket it uses ends, and `rang` is true until the next block."""
        self.rang, self._until = False, time.monotonic() + seconds
        alarm = threading.Timer(max(0.0, seconds), self._ring, (self._number,))
        alarm.daemon = True
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()
            with self._lock:
                self._number += 1
                self._until = math.inf
                self._drop_cords()

    def hold(self, connected: socket.socket) -> None:
        """Puts a socket under the watch. It is held by a copy, since TLS takes the original one over."""
        with self._lock:
            cord = socket.socket(fileno=os.dup(connected.fileno()))
            self._cords.append(cord)
            if self.rang:
                _hang_up(cord)

    def connected_in_time(self, connect: Callable[[], socket.socket]) -> socket.socket:
        """Makes a socket in a thread of its own, since the look-up of a name can't be interrupted, or TimeoutError."""
        made: Future[socket.socket] = Future()
        threading.Thread(target=_fill, args=(made, connect), daemon=True).start()
        left = self._until - time.monotonic()
        try:
            return made.result(None if left == math.inf else max(0.0, left))
        except BaseException:
            made.add_done_callback(_close_unused)
            raise

    def _ring(self, number: int) -> None:
        with self._lock:
            if number == self._number:
                self.rang = True
                for cord in self._cords:
                    _hang_up(cord)

    def _drop_cords(self) -> None:
        while self._cords:
            self._cords.pop().close()


class WatchedConnection(HTTPConnection):
    """A connection that the watch can end, from the look-up of its name on."""

    watch: Watch

    def _new_conn(self) -> socket.socket:
        try:
            made = self.watch.connected_in_time(super()._new_conn)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "the deadline of the exchange is over") from error
        self.watch.hold(made)
        return made

    def putrequest(self, *given: Any, **more: Any) -> None:
        """Begins a request, on a connection that may have been kept from an earlier exchange."""
        if self.sock is not None:
            self.watch.hold(self.sock)
        super().putrequest(*given, **more)


class WatchedSecureConnection(WatchedConnection, HTTPSConnection):
    """A connection of that kind, encrypted."""


def watched_pools(watch: Watch) -> dict[str, type[HTTPConnectionPool]]:
    """Makes pools, by scheme, whose connections are under the watch."""
    plain = type("Plain", (WatchedConnection,), {"watch": watch})
    secure = type("Secure", (WatchedSecureConnection,), {"watch": watch})
    return {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }


def _fill(made: "Future[socket.socket]", connect: Callable[[], socket.socket]) -> None:
    try:
        made.set_result(connect())
    except BaseException as error:  # noqa: BLE001 - it is raised again where the result is asked for
        made.set_exception(error)


def _close_unused(made: "Future[socket.socket]") -> None:
    if made.exception() is None:
        made.result().close()


def _hang_up(cord: socket.socket) -> None:
    with suppress(OSError):  # it has ended already
        cord.shutdown(socket.SHUT_RDWR)


LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes after unpacking. A full page of 1,000 followers has about 2 MiB."""
Response = requests.Response
"""The bare answer, which tweepy is told to hand back."""
_PIECE = 64 * 1024
_TOO_SLOW = "its answer came too slowly"
_NEVER_SENT = (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError)
_TALKATIVE = ("oauthlib", "requests_oauthlib", "tweepy")


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of X: the status, the headers (names in lower case) and the whole body."""

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
        """Follows no redirect."""


def open_session(adapter: GuardedAdapter) -> requests.Session:
    """Opens a session that can only go through the adapter.

    It has no environment proxy, reads no .netrc and keeps no cookie.
    """
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
    """Yields the error and the errors it was made from.

    requests and urllib3 keep those in arguments and in `reason`.
    """
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
    """Gives the cause in plain words, without address, token or header."""
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
