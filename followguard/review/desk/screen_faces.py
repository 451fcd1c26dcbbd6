"""The two looks of the terminal desk: a screen for each card, and line by line. Both are told the same things."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Protocol

from followguard.cli import output
from followguard.cli.full_screen import FullScreen, PageLine, ScreenPage, fits_here
from followguard.cli.keys import key, line
from followguard.cli.next_steps import completed
from followguard.domain.card import Card
from followguard.domain.wording import safe_text
from followguard.errors import FollowguardError
from followguard.review.desk.keys import Prompt, prompt_text
from followguard.review.desk.session import OfferedBatch, ShownCard
from followguard.review.words import (
    context_lines,
    dossier_lines,
    judgement_lines,
    look_lines,
    note_lines,
    profile_lines,
    who,
)

HIDDEN = "(band and reasons are hidden: {reveal} shows them)"
SPEAKS = {"spam: ": "spam", "genuine: ": "genuine"}
"""How a reason begins -> its style."""


class Face(Protocol):
    """One look of the desk."""

    def sitting(self) -> AbstractContextManager[None]:
        """Lasts as long as the person sits there."""

    def card(self, shown: ShownCard, left: int, progress: str) -> None:
        """Shows a card."""

    def block(self, block: OfferedBatch, progress: str) -> None:
        """Shows a batch."""

    def judgement(self, card: Card) -> None:
        """Shows band and reasons of a card that hides them."""

    def thought(self, card: Card) -> None:
        """Says what the machine made of a card that was decided without it."""

    def say(self, text: str) -> None:
        """Says one thing."""

    def done(self, text: str, whom: str) -> None:
        """Says what was decided about whom: on a page their card is gone."""

    def note(self, text: str) -> None:
        """Says how things stand, beside the result."""

    def fail(self, error: FollowguardError) -> None:
        """Says what went wrong."""

    def read(self, text: str) -> None:
        """Shows a longer text."""

    def key(self, prompt: Prompt) -> tuple[str, str]:
        """Returns the key pressed, and what stands behind it on a piped line."""

    def line(self, prompt: str) -> str | None:
        """Returns one line; None: the person goes back."""


def face_for(keys: Mapping[str, str], colours: Mapping[str, str], *, plain: bool) -> Face:
    """Returns the look that fits: line by line where it is asked for, or where no page can be shown."""
    hidden = HIDDEN.format_map(keys)
    return PlainFace(hidden) if plain or not fits_here() else PageFace(hidden, colours)


class PlainFace:
    """Line by line: for any terminal, a screen reader, a pipe."""

    def __init__(self, hidden: str) -> None:
        self._hidden = hidden
        self.say = output.line
        self.note = output.note
        self.fail = output.failure
        self.read = output.block
        self.line = line

    def sitting(self) -> AbstractContextManager[None]:
        """Nothing to set up."""
        return nullcontext()

    def card(self, shown: ShownCard, left: int, progress: str) -> None:  # noqa: ARG002 - a reader hears it each time
        """Prints one card, with everything that helps to decide."""
        card = shown.card
        output.line("")
        output.line(f"@{card.account}: {who(card)}" + (f"   ({left} more in line)" if left else ""))
        _print(profile_lines(card))
        _print([self._hidden] if shown.blind else judgement_lines(card))
        _print(dossier_lines(shown.found))
        _print(_elsewhere(shown))

    def block(self, block: OfferedBatch, progress: str) -> None:  # noqa: ARG002
        """Prints a batch: what its followers share, and the first few."""
        output.line("")
        output.line(f"@{block.account}: {_block_title(block)}")
        _print(_block_lines(block))

    def judgement(self, card: Card) -> None:
        """Prints band and reasons."""
        _print(judgement_lines(card))

    def thought(self, card: Card) -> None:
        """Prints them, and that they come late on purpose."""
        _print(["The machine thought:", *judgement_lines(card)])

    def done(self, text: str, whom: str) -> None:  # noqa: ARG002 - their card stands right above
        """Prints what was decided."""
        output.line(text)

    def key(self, prompt: Prompt) -> tuple[str, str]:
        """Asks below what was printed last."""
        return key(prompt_text(prompt))


class PageFace:
    """A screen for each card; the one before is gone, and what came of it stands above the prompt."""

    def __init__(self, hidden: str, colours: Mapping[str, str]) -> None:
        self._hidden, self._colours = hidden, colours
        self._screen = FullScreen()
        self.sitting = self._screen.shown
        self.say = self.note = self._screen.say
        self.line = self._screen.line

    def card(self, shown: ShownCard, left: int, progress: str) -> None:  # noqa: ARG002
        """Puts the card on the page."""
        self._shown = shown
        self._turn(shown.card.account, progress, tuple(_page_lines(shown, self._hidden)))

    def block(self, block: OfferedBatch, progress: str) -> None:
        """Puts the batch on the page."""
        lines = [PageLine(_block_title(block), style="name"), *(PageLine(each, 1) for each in _block_lines(block))]
        self._turn(block.account, progress, tuple(lines))

    def judgement(self, card: Card) -> None:  # noqa: ARG002 - it is the one on the page
        """Puts band and reasons on the page."""
        lines = tuple(_page_lines(replace(self._shown, blind=False), self._hidden))
        self._screen.page = replace(self._screen.page, lines=lines)

    def thought(self, card: Card) -> None:
        """Says the band alone: the next card takes the page."""
        self._screen.say(f"The machine thought: {judgement_lines(card)[0]}")

    def done(self, text: str, whom: str) -> None:
        """Says what was decided, and about whom."""
        self._screen.say(f"{text} {whom}")

    def fail(self, error: FollowguardError) -> None:
        """Says what went wrong, and what to do."""
        self._screen.say(f"{output.sentence(error.message)} {completed(error.next_step)}".strip())

    def read(self, text: str) -> None:
        """Shows the text instead of the card, until a key is pressed."""
        self._screen.read_through(text.split("\n"))

    def key(self, prompt: Prompt) -> tuple[str, str]:
        """Asks below the page."""
        return self._screen.key(prompt_text(prompt))

    def _turn(self, account: str, progress: str, lines: tuple[PageLine, ...]) -> None:
        colour = self._colours.get(account, "")
        self._screen.page = ScreenPage(title=f"@{account}", progress=progress, colour=colour, lines=lines)


def _page_lines(shown: ShownCard, hidden: str) -> Iterator[PageLine]:
    """Yields the card by weight: who they are, what they say of themselves and the band stay to the last."""
    card = shown.card
    bio, counts, *link = profile_lines(card)
    yield PageLine(who(card), style="name")
    yield PageLine(bio)
    yield PageLine(counts, 1)
    yield from (PageLine(each, 4) for each in link)
    yield PageLine(" ", 6)
    yield from [PageLine(hidden, style="quiet")] if shown.blind else _judgement(card)
    yield PageLine(" ", 6)
    yield from (PageLine(each, _context_rank(each)) for each in context_lines(card, shown.found.routes, ()))
    yield from _history(context_lines(replace(card, batch=None, note=None, returned_at=None), (), shown.found.history))
    yield from (PageLine(each, 1) for each in note_lines(shown.found.notes, shown.found.by_hand))
    yield from (PageLine(each, 5) for each in _elsewhere(shown))


def _judgement(card: Card) -> Iterator[PageLine]:
    band, *rest = judgement_lines(card)
    yield PageLine(band, style=card.band.value, marked=len(band.partition(",")[0]))
    marks = look_lines(card)
    for place, each in enumerate(rest):
        speaks = next((begins for begins in SPEAKS if each.startswith(f"- {begins}")), "")
        style = "look" if each in marks else SPEAKS.get(speaks, "")
        yield PageLine(each, 0 if each in marks else 2 + (place > 3), style, None if each in marks else len(speaks) + 1)


def _context_rank(text: str) -> int:
    return 1 if text.startswith(("note: ", "tell: ")) else 3


def _history(before: Sequence[str]) -> Iterator[PageLine]:
    """Yields earlier decisions; the newest one weighs most."""
    for place, each in enumerate(before, start=1):
        yield PageLine(each, 1 if place == len(before) else 5)


def _block_title(block: OfferedBatch) -> str:
    return f"{output.counted(len(block.items), 'look-alike')} (batch {block.batch})"


def _block_lines(block: OfferedBatch) -> list[str]:
    more = len(block.items) - len(block.examples)
    return [
        f"what they share: {safe_text(block.alike, 400)}",
        *(f"- {who(card)}, {card.band.value}" for card in block.examples),
        *([f"- and {more} more"] if more else []),
    ]


def _elsewhere(shown: ShownCard) -> list[str]:
    return [f"also follows @{each.account} ({each.state.value} there)" for each in shown.found.elsewhere]


def _print(lines: Sequence[str]) -> None:
    for text in lines:
        output.line(text)
