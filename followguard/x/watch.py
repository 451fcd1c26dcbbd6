"""One deadline for a whole exchange: a watchdog that hangs up, whatever the connection is busy with.

A socket's own timeout counts from byte to byte. A server that sends one every few seconds, in headers, chunk sizes or
trailers, or `100 Continue` for ever, never runs into it.
"""

import math
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError


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
        """Makes the new socket. Raises TimeoutError at the deadline; a socket that comes later is closed unused.

        It is made in a thread of its own: the look-up of a name can't be interrupted.
        """
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
