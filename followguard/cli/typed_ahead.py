"""Keys typed before a question stood on the screen: they are thrown away."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress

MOMENT = 0.05
"""Seconds of silence after which a key was pressed by a hand: one held down, a paste or a program is faster."""
MANY = 40
"""After so many times the person is told what is waited for."""
NO_END = "Keys keep coming by themselves; they don't count. Waiting until they stop."


def has_modes() -> bool:
    """Tells whether a terminal is attached whose modes can be set."""
    return sys.stdin.isatty() and os.name == "posix"


def forget_typed(say: Callable[[str], None] | None = None) -> None:
    """Throws away what was typed ahead, until nothing more comes for a moment. Piped lines stay.

    `say` hears it when that takes long.
    """
    if os.name != "posix":
        _forget_on_windows()
    elif has_modes():
        import termios

        with suppress(termios.error, OSError):  # the terminal may be gone
            _forget(say)


def _forget(say: Callable[[str], None] | None) -> None:
    import select
    import termios

    termios.tcflush(sys.stdin, termios.TCIFLUSH)
    times = 0
    while select.select([sys.stdin], [], [], MOMENT)[0]:
        if not _letters_there():
            return  # the end of the input, which whoever reads next will meet
        termios.tcflush(sys.stdin, termios.TCIFLUSH)
        times += 1
        if times == MANY and say is not None:
            say(NO_END)


def _letters_there() -> int:
    """Returns how many bytes can be read."""
    import fcntl
    import termios

    return int.from_bytes(fcntl.ioctl(sys.stdin, termios.FIONREAD, bytes(4)), sys.byteorder)


def _forget_on_windows() -> None:
    with suppress(ImportError):
        import msvcrt

        while sys.stdin.isatty() and msvcrt.kbhit():  # type: ignore[attr-defined]
            msvcrt.getwch()  # type: ignore[attr-defined]
