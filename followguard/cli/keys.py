"""Answers from a person: one key where a terminal is attached, one line where answers are piped in."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from followguard.cli import output
from followguard.cli.typed_ahead import MOMENT, forget_typed, has_modes

END = "\x04"
ESCAPE = b"\x1b"
"""What the terminal sends first for arrows and function keys; their later letters must not count as keys."""


def key(prompt: str, show: Callable[[str], None] | None = None) -> tuple[str, str]:
    """Returns the key pressed and, where answers come as lines, the rest of the line. `show` prints the prompt.

    At a terminal only a key counts that was pressed once the prompt stood there, and with it what it is about; of what
    comes in one go (a paste) that is the first one. An arrow or function key is "?!", which is no key. Raises EOFError
    at the end of the input, KeyboardInterrupt for Ctrl-C.
    """
    show = show or _show
    if not at_terminal():
        show(prompt)
        text = _read_line()
        return text[:1], text[1:].strip()
    with single_keys():
        sys.stdout.flush()
        forget_typed(output.note)  # before the prompt: whoever answers what they see isn't too early
        show(prompt)
        pressed = _pressed()
    if pressed == END:
        raise EOFError
    return pressed, ""


def line(prompt: str) -> str | None:
    """Returns one line, without spaces round it; None when Esc was pressed. Raises EOFError at the end of the input."""
    with _whole_lines():
        sys.stdout.flush()
        forget_typed(output.note)
        _show(prompt)
        text = _typed_line() if has_modes() else _read_line()
    if ESCAPE.decode() not in text:
        return text
    forget_typed()
    return None


def at_terminal() -> bool:
    """Tells whether answers come from a terminal, and not through a pipe or from a file."""
    return sys.stdin.isatty()


def card_is_seen() -> bool:
    """Tells whether what was printed stood on a screen before the answer came: both ends are a terminal's."""
    return at_terminal() and sys.stdout.isatty()


def _show(prompt: str) -> None:
    output.block(prompt)
    sys.stdout.flush()


@contextmanager
def single_keys() -> Iterator[None]:
    """Has the terminal give each key at once, and show none, while the block lasts."""
    with _terminal(lambda flags, of: flags & ~(of.ICANON | of.ECHO)):
        yield


@contextmanager
def _whole_lines() -> Iterator[None]:
    """Has the terminal give whole lines; Esc ends one too, so that it counts at once."""
    with _terminal(lambda flags, of: flags | of.ICANON | of.ECHO, line_end=ESCAPE):
        yield


@contextmanager
def _terminal(changed: Callable[[int, Any], int], line_end: bytes | None = None) -> Iterator[None]:
    """Changes the terminal's local modes for a while. Does nothing without a terminal, or on Windows."""
    if not has_modes():
        yield
        return
    import termios

    stdin = sys.stdin.fileno()
    before = termios.tcgetattr(stdin)
    special = list(before[6])
    special[termios.VEOL] = line_end or special[termios.VEOL]
    during = [*before[:3], changed(before[3], termios), *before[4:6], special]
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


def _typed_line() -> str:
    """Reads past Python's own buffer, which would wait for a line break also after Esc."""
    try:
        typed = os.read(sys.stdin.fileno(), 4_096)
    except OSError as error:
        raise EOFError from error
    if not typed:
        raise EOFError
    return typed.decode(errors="replace").strip()


def _read_line() -> str:
    text = sys.stdin.readline()
    if not text:
        raise EOFError
    return text.strip()
