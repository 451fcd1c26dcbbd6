"""A real HTTP server on this machine that hears what is sent to it, and answers well, badly or never."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


class Listener:
    """Hears requests. A path with `hang` in it is never answered, one with a number of three digits by that status."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.messages: list[tuple[str, dict[str, Any]]] = []
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
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
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        ours = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                ours.paths.append(self.path)
                self._answer()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                ours.messages.append((self.path, json.loads(body)))
                self._answer()

            def _answer(self) -> None:
                if "hang" in self.path:
                    ours._over.wait(60)
                    return
                status = next((int(part) for part in self.path.split("/") if len(part) == 3 and part.isdigit()), 200)
                self.send_response(status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"OK")

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        return Handler


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server that hears."""
    server = Listener()
    yield server
    server.close()
