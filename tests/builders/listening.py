"""A real HTTP server on this machine that hears what is sent to it, and answers well, badly or never."""

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


class Listener:
    """Hears requests. A path with `hang` in it is never answered, one with `drip` never to its end.

    One with a number of three digits in it is answered by that status.
    """

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.messages: list[tuple[str, dict[str, Any]]] = []
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"ours": self}))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def target(self, path: str) -> str:
        """An apprise URL that posts JSON to the path."""
        return f"json://{self.address}/{path}"

    def texts(self, path: str) -> list[str]:
        """What was said to that path."""
        return [f"{said['title']}\n{said['message']}" for where, said in self.messages if where == f"/{path}"]

    def close(self) -> None:
        """Ends it, with everybody who still waits."""
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """Answers by the path."""

    ours: Listener

    def do_GET(self) -> None:
        self.ours.paths.append(self.path)
        self._answer()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.ours.messages.append((self.path, json.loads(body)))
        self._answer()

    def _answer(self) -> None:
        if "hang" in self.path:
            self.ours.over.wait(60)
        elif "drip" in self.path:
            self._drip()
        else:
            status = next((int(part) for part in self.path.split("/") if len(part) == 3 and part.isdigit()), 200)
            self._say(status, 2)
            self.wfile.write(b"OK")

    def _drip(self) -> None:
        """Sends a byte now and then, so that no read ever times out."""
        self._say(200, 100_000)
        with suppress(OSError):
            while not self.ours.over.wait(0.2):
                self.wfile.write(b"x")

    def _say(self, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server that hears."""
    server = Listener()
    yield server
    server.close()
