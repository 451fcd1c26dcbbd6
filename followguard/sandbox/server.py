"""The sandbox over real HTTP on loopback, in a thread of its own."""

import contextlib
import errno
import json
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, repeat
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from followguard.errors import ConfigurationError, FollowguardError
from followguard.sandbox.accounts import environment
from followguard.sandbox.answers import SandboxAnswer, not_found, problem
from followguard.sandbox.control import Control, gotten, posted
from followguard.sandbox.plan import SandboxPlan
from followguard.sandbox.stand_in import DRIPS, Delivery, Manner, Request, StandIn
from followguard.sandbox.world import World

LOOPBACK = "127.0.0.1"
LARGEST_BODY = 1_000_000
PREFIX = "/_sandbox/"
PAUSE = 0.05
"""Seconds between two drops."""
_STATUS = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = b"content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"


class Exchange(BaseHTTPRequestHandler):
    """One client connection, kept alive; each request goes to the stand-in or to the control."""

    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    server: "Listener"

    def do_GET(self) -> None:
        """Answers a GET, which reads."""
        self._exchange()

    def do_POST(self) -> None:
        """Answers a POST, which follows or moves the sandbox on."""
        self._exchange()

    do_PUT = do_DELETE = do_PATCH = do_POST  # noqa: N815 - the names that http.server looks for

    def version_string(self) -> str:
        """Gives no version: there is nothing to find out."""
        return "sandbox"

    def log_message(self, *_: object) -> None:
        """Says nothing: standard error belongs to the program under test."""

    def _exchange(self) -> None:
        body = self._body()
        if body is None:
            return None
        address = urlsplit(self.path)
        if address.path.startswith(PREFIX):
            return self._deliver(Delivery(self._control(address.path.removeprefix(PREFIX), body)))
        request = Request(
            method=self.command,
            host=self.headers.get("Host", ""),
            path=address.path,
            query=tuple(parse_qsl(address.query, keep_blank_values=True)),
            authorization=self.headers.get("Authorization"),
            body=body,
        )
        return self._deliver(self.server.stand_in.take(request))

    def _body(self) -> bytes | None:
        """Reads the request's body; None when it was refused for its length."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            self._deliver(Delivery(problem(413, "Payload Too Large")))
            return None
        return self.rfile.read(int(length))

    def _control(self, what: str, body: bytes) -> SandboxAnswer:
        """Carries out a control call that comes from this machine and to the sandbox's own name.

        Under another name a web page can't reach it. Anything else gets a 403.
        """
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname
        if self.client_address[0] != LOOPBACK or host not in {LOOPBACK, "localhost"}:
            return problem(403, "Forbidden", "The sandbox is moved on from its own machine only.")
        control = self.server.control
        try:
            result = gotten(control, what) if self.command == "GET" else posted(control, what, body)
        except FollowguardError as error:
            return SandboxAnswer(400, {"error": error.as_json()})
        return not_found() if result is None else SandboxAnswer(200, result)

    def _deliver(self, delivery: Delivery) -> None:
        if delivery.delay:
            self.server.closing.wait(delivery.delay)
        if delivery.manner is Manner.RESET:
            return self._reset()
        payload, content_type = delivery.answer.payload()
        if delivery.manner in DRIPS:
            return self._drip(delivery, payload)
        if delivery.manner is Manner.CUT:
            payload = payload[: len(payload) // 2]
        self.send_response(delivery.answer.status)
        headers = {"content-type": content_type, "content-length": str(len(payload)), **delivery.answer.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)
        return self.wfile.flush()

    def _drip(self, delivery: Delivery, payload: bytes) -> None:
        """Sends the answer byte by byte, never to the end.

        It stops when its time is over, the sandbox closes or the client hangs up.
        """
        self.close_connection = True
        at_once, drops = drips(delivery, payload)
        until = time.monotonic() + delivery.lasts
        with contextlib.suppress(OSError):
            self.wfile.write(at_once)
            self.wfile.flush()
            while time.monotonic() < until and not self.server.closing.wait(PAUSE):
                self.wfile.write(next(drops, b""))
                self.wfile.flush()

    def _reset(self) -> None:
        """Ends the connection by RST, with nothing said."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Listener(ThreadingHTTPServer):
    """The listening socket. Ending it ends the connections that clients keep alive."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, stand_in: StandIn) -> None:
        self.stand_in, self.control = stand_in, Control(stand_in)
        self.closing = threading.Event()
        self._open: set[Any] = set()
        super().__init__((LOOPBACK, port), Exchange)

    def get_request(self) -> tuple[Any, Any]:
        """Remembers the connection."""
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """Closes a connection without the half-close that would turn a reset into a friendly end."""
        self._open.discard(request)
        request.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Shows an error, except a client's hanging up in the middle, which is none of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        """Stops listening and hangs up on everybody."""
        self.closing.set()
        self.shutdown()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class Sandbox(Control):
    """A running sandbox: where it is, the secrets of its accounts, and all that `Control` can do."""

    def __init__(self, listener: Listener) -> None:
        super().__init__(listener.stand_in)
        self.port = int(listener.server_address[1])
        self.url = f"http://{LOOPBACK}:{self.port}"
        accounts = listener.stand_in.world.accounts.values()
        self.account_ids = {account.handle: account.id for account in accounts}
        self.credentials = {account.handle: dict(account.secrets) for account in accounts}
        self.environments = {account.handle: environment(account) for account in accounts}
        self.bearers = {account.handle: account.bearer for account in accounts}

    def environment(self) -> dict[str, str]:
        """Gives all that followguard needs in its environment to call this sandbox."""
        secrets = {name: value for one in self.environments.values() for name, value in one.items()}
        return {"FOLLOWGUARD_X_API_URL": self.url} | secrets


@contextlib.contextmanager
def serve(plan: SandboxPlan, port: int = 0, elapsed: Callable[[], float] = time.monotonic) -> Iterator[Sandbox]:
    """Serves a sandbox until the block ends. Raises ConfigurationError when the port is taken."""
    stand_in = StandIn(World(plan, elapsed))
    try:
        listener = Listener(port, stand_in)
    except (OSError, OverflowError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        why = "is in use" if taken else f"can't be used: {str(error).rstrip('.')}"
        raise ConfigurationError(f"Port {port} {why}.", "Choose another one, or --port 0 for any free one.") from error
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Sandbox(listener)
    finally:
        listener.close()
        thread.join()


def announcement(sandbox: Sandbox) -> str:
    """Writes the one line that `python -m followguard.sandbox` prints."""
    accounts = [{"handle": handle, "id": one} for handle, one in sandbox.account_ids.items()]
    return json.dumps({"url": sandbox.url, "accounts": accounts, "credentials": sandbox.environments})


def drips(delivery: Delivery, payload: bytes) -> tuple[bytes, Iterator[bytes]]:
    """Gives what is sent at once, and then drop by drop. Nothing of it is a whole answer."""
    length = b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % (len(payload) + 1)
    chunk = b"%x\r\n%b\r\n0\r\n" % (len(payload), payload)
    manners: dict[Manner, tuple[bytes, Iterator[bytes]]] = {
        Manner.HEADERS: (_STATUS + b"x-drip: ", repeat(b"a")),
        Manner.CHUNKS: (_STATUS + _CHUNKED, repeat(b"0")),
        Manner.TRAILERS: (_STATUS + _CHUNKED + chunk, repeat(b"x-drip: a\r\n")),
        Manner.BODY: (_STATUS + length, chain((bytes([one]) for one in payload), repeat(b""))),
        Manner.CONTINUE: (b"", repeat(b"HTTP/1.1 100 Continue\r\n\r\n")),
        Manner.SILENCE: (b"", repeat(b"")),
    }
    return manners[delivery.manner]
