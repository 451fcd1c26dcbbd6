"""Lines that are longer than the terminal, broken between words. A command to copy stands on a line of its own."""

import re
import unicodedata

from followguard.cli.next_steps import commands_in

BULLET = "- "
NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
"""Marks on the letter before, and what only steers how its neighbours are laid out."""


def wrapped(text: str, width: int) -> str:
    """The text with line breaks instead of some spaces. What follows is indented as it began; no word is cut.

    Where it takes more than one line, each command in it has one of its own, without quotes and full stop round it:
    what is copied is what has to be typed.
    """
    if columns(text) <= width:
        return text
    indent = " " * (len(text) - len(text.lstrip(" ")))
    lines: list[str] = []
    at = 0
    for found in commands_in(text):
        ticked = text[found.start - 1 : found.start] == text[found.end : found.end + 1] == "`"
        lines += _words(text[at : found.start - ticked].rstrip(" "), width, indent, first=not lines)
        lines.append(f"{indent}{text[found.start : found.end]}")
        at = found.end + ticked
        at += len(text[at:]) - len(text[at:].lstrip(".,;: "))
    return "\n".join(lines + _words(text[at:], width, indent, first=not lines))


def _words(text: str, width: int, indent: str, *, first: bool) -> list[str]:
    """The lines of a text without commands."""
    if not text.strip(" "):
        return []
    beyond = indent + ("  " if text.startswith(BULLET, len(indent)) else "")
    lines = ["" if first else indent]
    for piece in re.findall(r" *[^ ]+", text if first else text.lstrip(" ")):
        if lines[-1].strip(" ") and columns(lines[-1] + piece) > width:
            lines.append(beyond + piece.lstrip(" "))
        else:
            lines[-1] += piece
    return lines


def columns(text: str) -> int:
    """How wide a terminal shows it: Chinese letters and emoji take two columns, accents none."""
    return len(text) if text.isascii() else sum(map(_wide, text))


def _wide(letter: str) -> int:
    if unicodedata.category(letter) in NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
