"""A page of the terminal's own height: a loud header, lines by weight, messages and a prompt that is never lost."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from followguard.cli import output
from followguard.cli.keys import card_is_seen, key, line
from followguard.domain.wording import safe_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

LEAST_WIDTH, LEAST_HEIGHT = 40, 14
"""Columns and rows of the smallest terminal on which a page says anything."""
WIDEST = 110
"""Columns beyond which lines are hard to read."""
MORE = " "
STYLES = {
    "name": "bold",
    "genuine": "bold green",
    "unsure": "bold yellow",
    "spam": "bold red",
    "look": "bold yellow",
    "quiet": "dim",
    "message": "bold",
    "": "",
}
"""What a style means here -> how it looks. The words say the same: colour is never alone."""
ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
HOME, REST_OF_LINE, REST_OF_PAGE = "\x1b[H", "\x1b[K", "\x1b[J"
MOST_MESSAGES = 4


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line of a page. `rank`: what goes first where room is short, the highest; `marked`: how many letters of it
    have the style, None: all of them."""

    text: str
    rank: int = 0
    style: str = ""
    marked: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenPage:
    """What stands on the screen: whose account it is, how far the person has come, and lines."""

    title: str
    progress: str = ""
    colour: str = ""
    lines: tuple[PageLine, ...] = ()


def fits_here() -> bool:
    """Tells whether a page can be shown: both ends are a terminal's that knows more than lines, and large enough."""
    size = shutil.get_terminal_size()
    dumb = os.environ.get("TERM", "dumb") in ("dumb", "unknown", "")
    return card_is_seen() and not dumb and size.columns >= LEAST_WIDTH and size.lines >= LEAST_HEIGHT


class FullScreen:
    """Shows one page after the other; what was said since the last key stands above the prompt."""

    def __init__(self) -> None:
        self.page = ScreenPage(title="")
        self.messages: list[str] = []
        self._cut = False
        self._prompt: str | None = None
        self._resized = False

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Takes the whole terminal while the block lasts, and gives it back as it was."""
        sys.stdout.write(ENTER)
        before = _on_resize(lambda *_: self._again())
        try:
            yield
        finally:
            self._prompt = None
            _on_resize(before)
            sys.stdout.write(LEAVE)
            sys.stdout.flush()

    def say(self, text: str) -> None:
        """Puts a message above the next prompt."""
        self.messages.append(safe_text(text, 1_000))

    def key(self, prompt: str) -> tuple[str, str]:
        """Shows the page with the prompt below it and returns the key pressed; one key shows what was cut off."""
        while True:
            self._draw(prompt)
            pressed = key(prompt, self._show_prompt)
            self._prompt = None
            if not (pressed[0] == MORE and self._cut):
                self.messages.clear()
                return pressed
            self.read_through([each.text for each in self.page.lines])

    def line(self, prompt: str) -> str | None:
        """Shows the page with the prompt below it and returns the line typed; None when Esc was pressed."""
        self._draw(prompt)
        self.messages.clear()
        return line(prompt)

    def read_through(self, lines: Sequence[str]) -> None:
        """Shows a longer text, a page at a time, until the reader goes back."""
        console = _console()
        rows = [row for each in lines for row in _rows(console, PageLine(each), _width())]
        room = _height() - 4
        for first in range(0, max(1, len(rows)), room):
            part = rows[first : first + room]
            last = first + room >= len(rows)
            self._write(console, part, blank=2)
            key("Any key: back to the card" if last else "Any key: on", self._show_prompt)
            self._prompt = None

    def _show_prompt(self, prompt: str) -> None:
        output.block("\n".join(prompt_rows(prompt, _width())))
        sys.stdout.flush()
        self._prompt = prompt  # from here on nothing is being written, so that a signal may draw
        if self._resized:  # while it was being written
            self._again()

    def _again(self) -> None:
        """Draws anew after the terminal has changed its size: at once if a key is waited for, else once it is."""
        prompt, self._prompt = self._prompt, None
        self._resized = prompt is None
        if prompt is not None:
            self._draw(prompt)
            self._show_prompt(prompt)

    def _draw(self, prompt: str) -> None:
        self._resized = False
        console, width = _console(), _width()
        said = [row for each in self.messages[-MOST_MESSAGES:] for row in _rows(console, _message(each), width)]
        room = _height() - 3 - len(prompt_rows(prompt, width)) - len(said) - bool(said)
        lines = _ended(self.page.lines)
        body, cut = fitted([_rows(console, each, width) for each in lines], lines, room)
        self._cut = bool(cut)
        rows = [row for each in body for row in each]
        if cut:
            rows += _rows(console, _more(cut), width)
        blank = [] if not said else _rows(console, PageLine(" "), width)
        self._write(console, [*rows, *blank, *said], blank=1)

    def _write(self, console: "Console", rows: Sequence["Text"], blank: int) -> None:
        with console.capture() as drawn:
            for row in (_header(self.page, _width()), *rows):
                console.print(row, end="\n", overflow="crop", no_wrap=True, crop=False)
        body = drawn.get().replace("\n", f"{REST_OF_LINE}\n")
        sys.stdout.write(HOME + body + (f"{REST_OF_LINE}\n" if blank else "") + REST_OF_PAGE)
        sys.stdout.flush()


def fitted(rows: Sequence[list[Any]], lines: Sequence[PageLine], room: int) -> tuple[list[list[Any]], int]:
    """Returns the rows of each line that fit into so many in all, and how many lines were left out or cut.

    The highest rank goes first, and of one rank the last; lines of rank 0 are cut short, the last of them first.
    """
    kept = dict(enumerate(rows))
    if (over := sum(map(len, rows)) - room) <= 0:
        return list(rows), 0
    over += 1  # the row that says what is missing
    for place in sorted(kept, key=lambda place: (-lines[place].rank, -place)):
        if over <= 0:
            break
        stays = 0 if lines[place].rank else max(1, len(kept[place]) - over)
        over -= len(kept[place]) - stays
        kept[place] = kept[place][:stays]
    cut = sum(len(kept[place]) < len(each) for place, each in enumerate(rows))
    return list(kept.values()), cut


def prompt_rows(prompt: str, width: int) -> list[str]:
    """Breaks a prompt between what can be pressed, so that no key is parted from its words."""
    rows: list[str] = []
    for given in prompt.split("\n"):
        rows.append("")
        for part in given.split(" | "):
            longer = f"{rows[-1]} | {part}" if rows[-1] else part
            if rows[-1] and output.columns(longer) > width:
                rows.append(part)
            else:
                rows[-1] = longer
    return [piece for row in rows for piece in output.wrapped(row, width).split("\n")]


def _width() -> int:
    return min(WIDEST, shutil.get_terminal_size().columns)


def _height() -> int:
    return shutil.get_terminal_size().lines


def _console() -> "Console":
    """Returns a console without rules of its own about words; it knows NO_COLOR."""
    from rich.console import Console

    size = shutil.get_terminal_size()
    return Console(
        file=sys.stdout,
        width=size.columns,
        height=size.lines,
        force_terminal=True,
        highlight=False,
        markup=False,
        emoji=False,
    )


def _rows(console: "Console", each: PageLine, width: int) -> list["Text"]:
    """Returns a line as rows of the screen, safe, and indented below a bullet."""
    from rich.text import Text

    text = safe_text(each.text, output.LONGEST)
    said = Text(text)
    if each.style:
        said.stylize(STYLES[each.style], 0, each.marked if each.marked is not None else len(text))
    rows = list(said.wrap(console, width - 5, overflow="fold"))
    indent = "   " if text.startswith(output.BULLET) else " "
    return [Text(" " if not number else indent).append_text(row) for number, row in enumerate(rows)]


def _ended(lines: Sequence[PageLine]) -> Sequence[PageLine]:
    """Leaves out what is blank at the end."""
    last = max((place for place, each in enumerate(lines, start=1) if each.text.strip()), default=0)
    return lines[:last]


def _more(cut: int) -> PageLine:
    return PageLine(f"… {output.counted(cut, 'line')} cut: the space bar shows all", 0, "quiet")


def _message(text: str) -> PageLine:
    return PageLine(f"> {text}", 0, "message")


def _header(page: ScreenPage, width: int) -> "Text":
    """Returns the account's bar: its colour where it has one, and black or white on it, whichever is easier to read."""
    from rich.text import Text

    title, progress = safe_text(f" {page.title} ", 200), f"{page.progress} " if page.progress else ""
    gap = width - output.columns(title) - output.columns(progress)
    if gap < 1:
        title, gap = title[: max(1, width - output.columns(progress) - 2)] + " ", 1
    return Text(title + " " * gap + progress, style=_on(page.colour) if page.colour else "bold reverse")


def _on(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    light = 0.299 * red + 0.587 * green + 0.114 * blue > 140
    return f"bold {'black' if light else 'white'} on {colour}"


def _on_resize(reaction: "Callable[..., Any] | int | None") -> Any:
    """Sets what a change of the terminal's size does, where the system tells; returns what it did before."""
    import signal

    resized = getattr(signal, "SIGWINCH", None)
    return signal.signal(resized, reaction) if resized is not None and reaction is not None else None
