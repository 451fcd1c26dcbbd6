"""Answers from a person: one key where a terminal is attached, one line where answers are piped in."""

import sys

from followguard.cli import output

END = "\x04"
"""Ctrl-D, where keys are read one by one."""


def key(prompt: str) -> tuple[str, str]:
    """The key pressed and, where answers come as lines, the rest of the line.

    Raises EOFError at the end of the input, KeyboardInterrupt for Ctrl-C.
    """
    output.line(prompt)
    sys.stdout.flush()
    if not sys.stdin.isatty():
        text = _read_line()
        return text[:1], text[1:].strip()
    import typer

    pressed = typer.getchar()[:1]
    if pressed == END:
        raise EOFError
    return pressed, ""


def line(prompt: str) -> str:
    """One line, without spaces round it. Raises EOFError at the end of the input."""
    output.line(prompt)
    sys.stdout.flush()
    return _read_line()


def _read_line() -> str:
    text = sys.stdin.readline()
    if not text:
        raise EOFError
    return text.strip()
