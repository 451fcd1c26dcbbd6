"""SIGTERM and SIGHUP: a command that is told to end says what it says at Ctrl-C, and then ends by that signal."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NAMES = ("SIGTERM", "SIGHUP")


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """While it lasts the first of these signals is a KeyboardInterrupt, a second one ends the process at once.

    Signals that the process was started to ignore (nohup) stay ignored.
    """
    came: list[int] = []

    def stop(number: int, _: Any) -> None:
        came.append(number)
        signal.signal(number, signal.SIG_DFL)
        raise KeyboardInterrupt

    for number in [getattr(signal, name) for name in NAMES if hasattr(signal, name)]:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, stop)
    yield
    if came:
        sys.stdout.flush()
        sys.stderr.flush()
        os.kill(os.getpid(), came[0])
