"""A stand-in for X that serves canned answers on loopback, and the gateway opened against it."""

import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from followguard.domain.credentials import Credentials, Secret

NOW = datetime(2026, 11, 22, 0, 5, tzinfo=UTC)
OWN = "1000"
CREDENTIALS = Credentials(
    consumer_key=Secret("consumer-key-1234567890"),
    consumer_secret=Secret("consumer-secret-1234567890"),
    access_token=Secret("77-access-token-1234567890"),
    access_token_secret=Secret("access-token-secret-1234567890"),
)


@dataclass(slots=True)
class Canned:
    """One answer to give. `trick` names what to do instead of, or to, a well-formed answer."""

    status: int = 200
    body: object = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    trick: str = ""

    def raw(self) -> bytes:
        """The body as bytes; anything but bytes and text is written as JSON."""
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


@dataclass(slots=True)
class Seen:
    """A request that reached the stand-in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class CannedX:
    """Gives the queued answers in turn, the last one for ever, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: list[Canned] = []
        self.seen: list[Seen] = []
        outer = self

        class Desk(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16

            def do_GET(self) -> None:
                outer.serve(self)

            def do_POST(self) -> None:
                outer.serve(self)

            def log_message(self, *_: Any) -> None:
                """Nothing is written: the tests look at `seen`."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        """Address at which it listens."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def gives(self, *answers: Canned) -> None:
        """Sets what comes next."""
        self.answers = list(answers)

    def serve(self, desk: BaseHTTPRequestHandler) -> None:
        """Answers one request."""
        body = desk.rfile.read(int(desk.headers.get("content-length") or 0))
        self.seen.append(Seen(desk.command, desk.path, dict(desk.headers.items()), body))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        TRICKS.get(answer.trick, _plainly)(desk, answer)

    def close(self) -> None:
        """Stops listening."""
        self.server.shutdown()
        self.server.server_close()


def _head(desk: BaseHTTPRequestHandler, answer: Canned, length: int) -> None:
    desk.send_response(answer.status)
    headers = {"content-type": "application/json", "content-length": str(length)} | answer.headers
    for name, value in headers.items():
        desk.send_header(name, value)
    desk.end_headers()


def _plainly(desk: BaseHTTPRequestHandler, answer: Canned) -> None:
    _head(desk, answer, len(answer.raw()))
    desk.wfile.write(answer.raw())


def _cut(desk: BaseHTTPRequestHandler, answer: Canned) -> None:
    _head(desk, answer, len(answer.raw()) + 50)
    desk.wfile.write(answer.raw())
    desk.close_connection = True


def _reset(desk: BaseHTTPRequestHandler, answer: Canned) -> None:
    desk.wfile.flush()
    linger = struct.pack("ii", 1, 0)
    desk.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    desk.connection.close()
    desk.close_connection = True


def _gzip(desk: BaseHTTPRequestHandler, answer: Canned) -> None:
    packed = gzip.compress(answer.raw())
    answer.headers["content-encoding"] = "gzip"
    _head(desk, answer, len(packed))
    desk.wfile.write(packed)


def _bad_gzip(desk: BaseHTTPRequestHandler, answer: Canned) -> None:
    answer.headers["content-encoding"] = "gzip"
    _plainly(desk, answer)


def _hang(desk: BaseHTTPRequestHandler, answer: Canned) -> None:
    time.sleep(0.6)
    desk.close_connection = True


def _drip(desk: BaseHTTPRequestHandler, answer: Canned) -> None:
    _head(desk, answer, 10_000)
    try:
        for _ in range(40):
            desk.wfile.write(b" ")
            desk.wfile.flush()
            time.sleep(0.05)
    except OSError:
        desk.close_connection = True


TRICKS = {"cut": _cut, "reset": _reset, "gzip": _gzip, "bad-gzip": _bad_gzip, "hang": _hang, "drip": _drip}


class Naps:
    """A sleep that doesn't: it moves its own timer on, and remembers how long it was asked to wait."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        """Notes the wait."""
        self.taken.append(seconds)
        self.now += seconds

    def timer(self) -> float:
        """Seconds slept so far."""
        return self.now


@pytest.fixture(scope="session")
def desk() -> Iterator[CannedX]:
    """One server for all tests of the gateway."""
    server = CannedX()
    yield server
    server.close()


@pytest.fixture
def x(desk: CannedX) -> CannedX:
    """A stand-in that gives canned answers and has seen nothing yet."""
    desk.answers, desk.seen = [], []
    return desk


@pytest.fixture
def naps() -> Naps:
    """A sleep that only notes its waits."""
    return Naps()


@pytest.fixture
def patience(naps: Naps) -> Any:
    """Short timeouts, no real waits, no chance."""
    from followguard.x.retry import Patience
    from followguard.x.session import Timeouts

    timeouts = Timeouts(connect=0.3, read=0.3, whole=0.3)
    return Patience(timeouts=timeouts, sleep=naps.sleep, timer=naps.timer, chance=lambda: 0.0)


@pytest.fixture
def reader(x: CannedX, patience: Any) -> Iterator[Any]:
    """A reader of account 1000."""
    from followguard.x.gateway import open_reader

    opened = open_reader(CREDENTIALS, x.url, lambda: NOW, OWN, patience=patience)
    yield opened
    opened.close()


@pytest.fixture
def writer(x: CannedX, patience: Any) -> Iterator[Any]:
    """A writer of account 1000."""
    from followguard.x.gateway import open_writer

    opened = open_writer(CREDENTIALS, x.url, OWN, lambda: NOW, patience=patience)
    yield opened
    opened.close()


@pytest.fixture
def canned() -> Callable[..., Canned]:
    """Makes answers: `canned(status, body, headers, trick)`."""
    return Canned


@pytest.fixture
def credentials() -> Credentials:
    """Four made-up secrets."""
    return CREDENTIALS


@pytest.fixture
def now() -> datetime:
    """The gateway's clock."""
    return NOW
