"""The review list, one follower and outcomes of decisions, as people read them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from followguard.cli import output
from followguard.cli.review_words import (
    address_line,
    context_lines,
    judgement_lines,
    percent,
    profile_lines,
    short_reasons,
    state_words,
    who,
)
from followguard.domain.labels import Kind
from followguard.domain.review import Card

if TYPE_CHECKING:
    from followguard.domain.decision import Decided
    from followguard.jobs.review_list import ListFilter
    from followguard.jobs.review_show import Dossier

HEADS = ("item", "account", "follower", "band", "spam", "why", "batch", "state")
_OUTCOMES = {
    Kind.PROPOSE: "proposed; a second person must approve",
    Kind.APPROVE: "approved; the follow order is made. Next: followguard follow-back",
    Kind.REJECT: "rejected",
    Kind.LATER: "put off",
    Kind.UNDO: "taken back",
}


def print_cards(cards: Sequence[Card], now: datetime, wanted: "ListFilter") -> None:
    """The list as a table, with what to do next."""
    if not cards:
        output.line("Nothing to decide here. See what waits for later: followguard review list --all")
        return
    output.table(HEADS, (_cells(card, now) for card in cards), numbers=("item", "spam", "batch"))
    if wanted.limit and len(cards) == wanted.limit:
        output.note(f"The first {wanted.limit}; --limit 0 shows all.")
    output.note("Decide: followguard review, or followguard review approve | reject | later item:N --by NAME")


def print_dossier(found: "Dossier", now: datetime) -> None:
    """Everything about one follower."""
    card = found.card
    output.line(f"{who(card)}, follower {card.follower_id} of @{card.account}, item:{card.item}")
    lines = [*profile_lines(card), address_line(card), *judgement_lines(card, weights=True)]
    if card.model:
        start = f", starting at {card.base_logit:+.2f}" if card.base_logit is not None else ""
        lines.append(f"- weights in log-odds{start}; model {card.model}")
    lines.append(f"{state_words(card, now)}; first seen {card.first_seen_at:%Y-%m-%d}")
    lines += context_lines(card, found.routes, found.history)
    if found.order:
        lines.append(f"follow order: {found.order.state.value}, due {found.order.due}")
    lines += [f"also follows @{each.account} (item:{each.item}, {each.state.value})" for each in found.elsewhere]
    for line in lines:
        output.line(line)


def outcome_line(decided: "Decided") -> str:
    """One decision, one line."""
    return f"item:{decided.item} (follower {decided.follower_id} of @{decided.account}): {_OUTCOMES[decided.decision]}"


def _cells(card: Card, now: datetime) -> tuple[object, ...]:
    spam = "" if card.p_spam is None else percent(card.p_spam)
    return (
        card.item,
        f"@{card.account}",
        who(card),
        card.band.value,
        spam,
        short_reasons(card),
        card.batch,
        state_words(card, now),
    )
