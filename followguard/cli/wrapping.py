"""Lines that are longer than the terminal, broken between words."""

import re
import unicodedata

COMMAND = re.compile(r"(?<=: )followguard .*$")
"""A command at the end of a line stays in one piece, so that it can be copied."""
BULLET = "- "


def wrapped(text: str, width: int) -> str:
    """The text with line breaks instead of some spaces. What follows is indented as it began; no word is cut."""
    indent = " " * (len(text) - len(text.lstrip(" ")))
    indent += "  " if text.startswith(BULLET, len(indent)) else ""
    lines, room = [""], width
    for piece in _pieces(text):
        fits = columns(piece) <= room or not lines[-1]
        if not fits:
            lines.append("")
        added = piece if fits else indent + piece.lstrip(" ")
        lines[-1] += added
        room = (room if fits else width) - columns(added)
    return "\n".join(lines)


def columns(text: str) -> int:
    """How wide a terminal shows it: Chinese letters and emoji take two columns, accents none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)


def _pieces(text: str) -> list[str]:
    """Words, each with the spaces before it."""
    command = COMMAND.search(text)
    head = text[: command.start()].rstrip(" ") if command else text
    return re.findall(r" *[^ ]+", head) + ([f" {command[0]}"] if command else [])
