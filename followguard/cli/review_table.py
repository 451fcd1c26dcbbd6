"""The review list, one follower and outcomes of decisions, as people read them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from followguard.cli import output
from followguard.cli.next_steps import completed
from followguard.cli.review_rows import lines_of
from followguard.cli.review_words import (
    address_line,
    context_lines,
    judgement_lines,
    named,
    profile_lines,
    state_words,
    who,
)
from followguard.domain.labels import Kind
from followguard.domain.review import Card
from followguard.errors import FollowguardError

if TYPE_CHECKING:
    from followguard.domain.decision import DecisionResult
    from followguard.jobs.decide import Failed
    from followguard.jobs.review_list import ListFilter
    from followguard.jobs.review_show import Dossier

_OUTCOMES = {
    Kind.PROPOSE: "proposed; a second person must approve",
    Kind.APPROVE: "approved; the follow order is made.",
    Kind.REJECT: "rejected",
    Kind.LATER: "put off until {until}",
    Kind.UNDO: "taken back",
    Kind.OVERRULE: "overruled.",
}
_NEXT = "Next: followguard follow-back"
_FEWEST = 4
"""So many rows with the same fault are told in one line."""
_NAMED = 5
"""How many of their lines are named."""


def print_cards(cards: Sequence[Card], now: datetime, wanted: "ListFilter", *, pager: bool = True) -> None:
    """The list as a table as wide as the terminal, page by page where it is longer, with what to do next."""
    if not cards:
        output.step("Nothing to decide here. See what waits for later: followguard review list --all")
        return
    output.paged(lines_of(cards, now, output.width()), pager=pager)
    if wanted.limit and len(cards) == wanted.limit:
        output.note(f"The first {wanted.limit}; --limit 0 shows all.")
    output.advice("Decide: followguard review")


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


def outcome_line(decided: "DecisionResult", paused: str = "") -> str:
    """One decision, one line. `paused`: why nobody is followed for the account now, if so."""
    done = _OUTCOMES[decided.decision].format(until=decided.until)
    if decided.already:
        return f"{named(decided)} (follower {decided.follower_id} of @{decided.account}): {done.rstrip('.')} already"
    then = f" {_follow_words(decided, paused)}" if decided.decision is Kind.APPROVE else f" {decided.then}".rstrip()
    return f"{named(decided)} (follower {decided.follower_id} of @{decided.account}): {done}{then}"


def _follow_words(decided: "DecisionResult", paused: str) -> str:
    """When an approved one is followed, and what to run for it where that is today."""
    if paused or (decided.follow_from and decided.follow_from <= decided.on):
        return completed(paused or _NEXT)
    if decided.follow_from is None:
        return decided.warning
    return f"Our pace lets the follow go on {decided.follow_from}. {decided.warning}".rstrip()


def print_outcomes(outcomes: "Sequence[DecisionResult | Failed]", json: bool, paused: str = "") -> int:
    """Rows on stdout, failures on stderr; returns 0, 3 when some failed, 1 when all did."""
    from followguard.errors import FAILED, PARTLY
    from followguard.jobs.decide import Failed

    failed = [each for each in outcomes if isinstance(each, Failed)]
    if len(outcomes) == len(failed) == 1 and failed[0].line is None:
        raise failed[0].error
    if json:
        output.document([each.as_row() for each in outcomes])
    for each in outcomes:
        if not isinstance(each, Failed) and not json:
            output.line(outcome_line(each, paused))
    for error in failures(failed):
        output.failure(error)
    if not failed:
        return 0
    return FAILED if len(failed) == len(outcomes) else PARTLY


def failures(failed: Sequence["Failed"]) -> Iterator[FollowguardError]:
    """What couldn't be decided, as people read it: many rows of a file with the same fault share a line."""
    groups: dict[str, list[Failed]] = {}
    for each in failed:
        groups.setdefault(each.error.message, []).append(each)
    for group in groups.values():
        if len(group) < _FEWEST or group[0].line is None:
            yield from (each.error_with_line() for each in group)
        else:
            yield _together(group)


def _together(group: Sequence["Failed"]) -> FollowguardError:
    lines = ", ".join(str(each.line) for each in group[:_NAMED])
    more = f" and {len(group) - _NAMED:,} more" if len(group) > _NAMED else ""
    error = group[0].error
    alike = all(each.error.next_step == error.next_step for each in group)
    next_step = error.next_step if alike else f"For the first of them: {error.next_step}"
    return FollowguardError(f"{len(group):,} rows (lines {lines}{more}): {error.message}", next_step)
