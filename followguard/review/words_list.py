"""The review list as lines of one width: a row for each card, as many columns as fit, the rest in `review show`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from followguard.cli import output
from followguard.cli.output import columns
from followguard.domain.card import Card, ItemState
from followguard.domain.wording import CUT, safe_text
from followguard.review.words import (
    address_line,
    dossier_lines,
    judgement_lines,
    look_lines,
    percent,
    profile_lines,
    reason_words,
    state_words,
    who,
)
from followguard.screening.sample import PROVISIONAL

if TYPE_CHECKING:
    from followguard.review.card_list import ListFilter
    from followguard.review.dossier import Dossier

BETWEEN = "  "
LEAST_WHY = 16
"""Columns below which a reason says nothing, and is left out."""
LEAST_WHO = 17
"""Columns that a username takes, with its @; what there is of a name may be cut."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, what it says of a card, and whether it is flush right."""

    head: str
    says: Callable[[Card], str]
    right: bool = False


def lines_of(cards: Sequence[Card], now: datetime, width: int) -> list[str]:
    """Returns the heads and a line for each card, none wider than `width` if item and username fit."""
    shown = _chosen(cards, now, width)
    rows = [[column.head for column in shown], *([column.says(card) for column in shown] for card in cards)]
    widths = [max(columns(row[place]) for row in rows) for place in range(len(shown))]
    widths = _fitted(shown, widths, width)
    return [
        BETWEEN.join(_set(text, own, column) for text, own, column in zip(row, widths, shown, strict=True)).rstrip()
        for row in rows
    ]


def _chosen(cards: Sequence[Card], now: datetime, width: int) -> list[Column]:
    """Returns the columns that tell these cards apart; a narrow terminal loses the last ones first."""
    several = len({card.account for card in cards}) > 1
    today = now.date().isoformat()
    plain = all(card.state_at(now) is ItemState.WAITING and not card.hidden and _is_due(card, today) for card in cards)
    wanted = [
        (True, Column("item", lambda card: str(card.item), right=True)),
        (True, Column("follower", _who)),
        (True, Column("band", lambda card: card.band.value)),
        (True, Column("spam", lambda card: "" if card.p_spam is None else percent(card.p_spam), right=True)),
        (several, Column("account", lambda card: f"@{card.account}")),
        (any(card.batch is not None for card in cards), Column("batch", _batch, right=True)),
        (any(card.routes for card in cards), Column("tell", lambda card: safe_text(", ".join(card.routes), 40))),
        (not plain, Column("state", lambda card: state_words(card, now))),
        (True, Column("why", _why)),
    ]
    found = [column for holds, column in wanted if holds]
    while len(found) > 2 and _least(found, cards) > width:
        del found[-1]
    return found


def _is_due(card: Card, today: str) -> bool:
    return card.due is not None and card.due <= today


def _least(found: Sequence[Column], cards: Sequence[Card]) -> int:
    least = 0
    for column in found:
        natural = max(columns(text) for text in (column.head, *map(column.says, cards)))
        floor = {"follower": LEAST_WHO, "why": LEAST_WHY}.get(column.head)
        least += natural if floor is None else min(natural, floor)
    return least + len(BETWEEN) * (len(found) - 1)


def _fitted(shown: Sequence[Column], widths: list[int], width: int) -> list[int]:
    """Returns widths that fit: reasons are cut first, then names."""
    found = list(widths)
    over = sum(found) + len(BETWEEN) * (len(found) - 1) - width
    for head, least in (("why", 2 * LEAST_WHY), ("follower", LEAST_WHO), ("why", LEAST_WHY)):
        for place, column in enumerate(shown):
            if column.head == head and over > 0:
                taken = max(0, min(over, found[place] - least))
                found[place] -= taken
                over -= taken
    return found


def _set(text: str, width: int, column: Column) -> str:
    text = cut(text, width)
    gap = " " * (width - columns(text))
    return gap + text if column.right else text + gap


def cut(text: str, width: int) -> str:
    """Cuts the text to so many columns of a terminal; a letter that takes two of them is never halved."""
    if columns(text) <= width:
        return text
    kept = ""
    for letter in text:
        if columns(kept + letter) > width - 1:
            break
        kept += letter
    return kept.rstrip() + CUT


def _who(card: Card) -> str:
    """Returns the username before the name: it is typed, and a cut leaves it whole."""
    name = safe_text(card.profile.name, 60)
    username = safe_text(card.profile.username, 40)
    return f"@{username} {name}".rstrip() if username else f"{card.follower_id} {name}".rstrip()


def _batch(card: Card) -> str:
    return "" if card.batch is None else str(card.batch)


def _why(card: Card) -> str:
    """Returns the first look mark, else the heaviest reason, with its direction where that isn't the band's.

    `review show` has them all.
    """
    if card.look:
        return look_lines(card)[0]
    return next(iter(reason_words(card.reasons)), "").removeprefix(f"{card.band.value}: ")


def print_cards(cards: Sequence[Card], now: datetime, wanted: "ListFilter", *, pager: bool = True) -> None:
    """Prints the list as a table as wide as the terminal, page by page where it is longer, with what to do next."""
    if not cards:
        output.step("Nothing to decide here. See what waits for later: followguard review list --all")
        return
    output.paged(lines_of(cards, now, output.width()), pager=pager)
    for account in sorted({card.account for card in cards if card.provisional}):
        output.note(f"@{account}: {PROVISIONAL}.")
    if wanted.limit and len(cards) == wanted.limit:
        output.note(f"The first {wanted.limit}; --limit 0 shows all.")
    output.advice("Decide: followguard review")


def print_dossier(found: "Dossier", now: datetime) -> None:
    """Prints everything about one follower."""
    card = found.card
    output.line(f"{who(card)}, follower {card.follower_id} of @{card.account}, item:{card.item}")
    lines = [*profile_lines(card), address_line(card), *judgement_lines(card, weights=True)]
    if card.model:
        start = f", starting at {card.base_logit:+.2f}" if card.base_logit is not None else ""
        lines.append(f"- weights in log-odds{start}; model {card.model}")
    if card.provisional and card.p_spam is not None:
        lines.append(f"- {PROVISIONAL}")
    lines.append(f"{state_words(card, now)}; first seen {card.first_seen_at:%Y-%m-%d}")
    lines += dossier_lines(found)
    if found.order:
        lines.append(f"follow order: {found.order.state.value}, due {found.order.due}")
    lines += [f"also follows @{each.account} (item:{each.item}, {each.state.value})" for each in found.elsewhere]
    for line in lines:
        output.line(line)
