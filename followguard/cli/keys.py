"""Answers from a person: one key where a terminal is attached, one line where answers are piped in."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from followguard.cli import output

END = "\x04"
ESCAPE = b"\x1b"
"""What the terminal sends first for arrows and function keys; their later letters must not count as keys."""
MOMENT = 0.05
"""Seconds within which the rest of such a key has come."""


def key(prompt: str) -> tuple[str, str]:
    """The key pressed and, where answers come as lines, the rest of the line.

    An arrow or function key is "?!", which is no key. Raises EOFError at the end of the input, KeyboardInterrupt for
    Ctrl-C.
    """
    output.line(prompt)
    sys.stdout.flush()
    if not sys.stdin.isatty():
        text = _read_line()
        return text[:1], text[1:].strip()
    with single_keys():
        pressed = _pressed()
    if pressed == END:
        raise EOFError
    return pressed, ""


def line(prompt: str) -> str:
    """One line, without spaces round it. Raises EOFError at the end of the input."""
    output.line(prompt)
    sys.stdout.flush()
    with _whole_lines():
        return _read_line()


@contextmanager
def single_keys() -> Iterator[None]:
    """While it lasts the terminal gives each key at once, shows none, and loses none that is typed ahead."""
    with _terminal(lambda flags, of: flags & ~(of.ICANON | of.ECHO)):
        yield


@contextmanager
def _whole_lines() -> Iterator[None]:
    with _terminal(lambda flags, of: flags | of.ICANON | of.ECHO):
        yield


@contextmanager
def _terminal(changed: Callable[[int, Any], int]) -> Iterator[None]:
    """Changes the terminal's local modes for a while. Does nothing without a terminal, or on Windows."""
    if not sys.stdin.isatty() or os.name != "posix":
        yield
        return
    import termios

    stdin = sys.stdin.fileno()
    before = termios.tcgetattr(stdin)
    during = [*before[:3], changed(before[3], termios), *before[4:]]
    termios.tcsetattr(stdin, termios.TCSADRAIN, during)
    try:
        yield
    finally:
        with suppress(termios.error):  # the terminal may be gone
            termios.tcsetattr(stdin, termios.TCSADRAIN, before)


def _pressed() -> str:
    if os.name != "posix":
        import typer

        return typer.getchar()[:1]
    import select

    stdin = sys.stdin.fileno()
    try:
        first = os.read(stdin, 1)
        if first == ESCAPE or first >= b"\x80":
            while select.select([stdin], [], [], MOMENT)[0]:
                os.read(stdin, 32)
            return "?!"
    except OSError as error:
        raise EOFError from error
    if not first:
        raise EOFError
    return first.decode()


def _read_line() -> str:
    text = sys.stdin.readline()
    if not text:
        raise EOFError
    return text.strip()
