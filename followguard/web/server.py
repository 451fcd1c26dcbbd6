"""The server under the pages: one socket, no access log, a clean end by Ctrl-C or SIGTERM."""

import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO
from urllib.parse import urlsplit

import uvicorn

from followguard.errors import CantListen, FollowguardError, UsageError
from followguard.web.app import make_app
from followguard.web.desk import WebDesk
from followguard.web.guard.doorway import is_loopback

GRACE_SECONDS = 5
MOST_AT_ONCE = 200
ENDS = ("SIGINT", "SIGTERM", "SIGHUP")


def check_address(host: str, url: str) -> None:
    """Raises `UsageError` for an address beyond this machine without `[desk] url`, or a url that can't be served."""
    if not host:
        raise UsageError("--host is empty.", "Leave it out, to listen on this machine alone.")
    if not url and not is_loopback(host):
        raise UsageError(
            f"--host {host} listens beyond this machine, and `url` in [desk] of followguard.toml isn't set.",
            'Set it to how people reach the desk, such as url = "https://desk.example.com", or leave out --host.',
        )
    parts = urlsplit(url)
    if parts.path not in ("", "/"):
        raise UsageError(f"`url` in [desk] has a path ({parts.path}).", "Give the desk a host name of its own.")
    if url and parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        message = "`url` in [desk] begins with http: sessions would cross the network unencrypted."
        raise UsageError(message, "Put a proxy that ends TLS in front of the desk, and write https.")


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Takes the port, and gives it back at the end. Raises `CantListen`."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, kind, proto)
    except OSError as error:
        raise CantListen(f"{host} is no address to listen on ({_why(error)}).", "Leave out --host.") from error
    with taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(address)
            taken.listen(128)
        except OSError as error:
            raise CantListen(f"Port {port} of {host} can't be had ({_why(error)}).", _another(port)) from error
        yield taken


def serve(desk: WebDesk, taken: socket.socket, stream: TextIO) -> None:
    """Answers until a signal ends it; what goes wrong in a page is told on `stream`.

    Nothing that a proxy says of itself (X-Forwarded-...) is believed, and no address is logged: some hold tokens.
    """
    _tell_on(stream)
    app = make_app(desk)
    settings = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        log_level="warning",
        lifespan="off",
        ws="none",
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    try:
        _Server(settings).run(sockets=[taken])
    finally:
        with suppress(FollowguardError):  # where the database is away, claims end by themselves
            app.state.sittings.leave_all()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ends in good order by the first of these signals, and at once by a second; the frame's own come back after.

        uvicorn would raise the signal once more at the end, which looks like a failure to whoever started it.
        """
        numbers = [getattr(signal, name) for name in ENDS if hasattr(signal, name)]
        before: dict[int, Any] = {each: signal.getsignal(each) for each in numbers}
        heard = [each for each in numbers if before[each] is not signal.SIG_IGN]
        for each in heard:
            signal.signal(each, self.handle_exit)
        try:
            yield
        finally:
            for each in heard:
                signal.signal(each, before[each])


def _tell_on(stream: TextIO) -> None:
    shown = logging.StreamHandler(stream)
    shown.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    for name in ("followguard.web", "uvicorn.error"):
        logging.getLogger(name).handlers = [shown]


def _another(port: int) -> str:
    return f"Close what has it, or take another: followguard desk serve --port {port + 1 if port < 65535 else 0}"


def _why(error: OSError) -> str:
    return (error.strerror or "unknown").lower()
