"""Why a card can't be decided, said so that a person knows who decided what, when, and what to do about it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from followguard.domain.card import Card, Claim, ItemState, name_of
from followguard.domain.decision import Decision, last_standing
from followguard.domain.labels import REASON_WORDS, Kind
from followguard.domain.person import Person
from followguard.domain.wording import quoted
from followguard.errors import AlreadyDecided, ApprovingPaused
from followguard.review.approval_speed import MOST, WITHIN
from followguard.screening.plan import closing_words

_DONE = {
    Kind.PROPOSE: "proposed for following back",
    Kind.APPROVE: "approved",
    Kind.REJECT: "rejected",
    Kind.LATER: "put off",
    Kind.OVERRULE: "overruled",
}


def what_was_done(decision: Decision) -> str:
    """Returns `rejected as spam by Ada on 2026-11-20`."""
    how = _DONE.get(decision.kind, decision.kind.value)
    why = f" ({REASON_WORDS[decision.reason]})" if decision.reason else ""
    until = f" until {decision.until}" if decision.until else ""
    return f"{how}{why}{until} by {decision.person} on {decision.at:%Y-%m-%d at %H:%M} UTC"


def already_decided(card: Card, history: Sequence[Decision]) -> AlreadyDecided:
    """Returns the error for a card that is approved, rejected or closed."""
    standing = last_standing(history)
    if card.state is ItemState.CLOSED or standing is None:
        message = f"{name_of(card)} needs no decision: {closing_words(card.closed_why)}."
        return AlreadyDecided(message, f"Look at it: followguard review show item:{card.item}")
    message = f"{name_of(card)} is decided: {what_was_done(standing)}."
    return AlreadyDecided(message, f"To take that back: followguard review undo item:{card.item}")


def in_other_hands(card: Card, claim: Claim) -> AlreadyDecided:
    """Returns the error for a card that somebody else has on the screen."""
    message = f"{name_of(card)} is in {claim.person}'s hands until {claim.until:%H:%M} UTC."
    return AlreadyDecided(message, "Try again then, or take another card.")


def proposed_already(card: Card) -> AlreadyDecided:
    """Returns the error for somebody who approves twice where two people must."""
    message = f"{name_of(card)} waits for a second person: you have proposed it already."
    return AlreadyDecided(
        message, f'Somebody else can run: followguard review approve item:{card.item} --by "THEIR NAME"'
    )


def approving_paused(person: Person, end: datetime) -> ApprovingPaused:
    """Returns the error for a person whose approvals came faster than anybody looks at cards."""
    # The second that is named has passed when approving goes on.
    shown = end if not end.microsecond else end.replace(microsecond=0) + timedelta(seconds=1)
    message = (
        f"{person.name} approved {MOST} followers within {WITHIN.seconds} seconds, so approving is paused for "
        f"{person.name} until {shown:%Y-%m-%d %H:%M:%S} UTC."
    )
    next_step = "Look at each card first; rejecting goes on. To take them back: followguard review undo --session --by "
    return ApprovingPaused(message, f"{next_step}{quoted(person.name)}")


def changed_since(card: Card) -> AlreadyDecided:
    """Returns the error for a profile that has changed since it was on the screen."""
    message = f"{name_of(card)} has changed its profile since it was shown."
    return AlreadyDecided(message, f"Look again: followguard review show item:{card.item}")
