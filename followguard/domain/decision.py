"""Decisions: facts with who, when, why and what was shown. None is ever changed; an undo is one more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followguard.domain.card import Card, ItemState
from followguard.domain.labels import DECISIVE, Kind, Label, RejectReason, label_of

RESULTS = {
    Kind.PROPOSE: ItemState.WAITING,
    Kind.APPROVE: ItemState.APPROVED,
    Kind.REJECT: ItemState.REJECTED,
    Kind.LATER: ItemState.LATER,
    Kind.UNDO: ItemState.WAITING,
    Kind.OVERRULE: ItemState.REJECTED,
}
"""Where each kind of decision leaves the card; an overrule without a reason brings it back (`review.overrule`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A person's choice: approve, reject with a reason, or later with an ISO day.

    `real`: a real account, just not for us. `seen`: the appearance hash of the card the person looked at, where a card
    was on screen. `blind`: the card was shown without band and reasons.
    """

    kind: Kind
    reason: RejectReason | None = None
    real: bool = False
    until: str | None = None
    seen: str | None = None
    blind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """A decision about to be recorded. `shown` is what was on the card, as JSON; `guidelines` the sha256 of those.

    An overrule is judged by what the decision that it `overrules` was made on: that one's score, features, and how
    its card came to be shown.
    """

    card: Card
    person_id: int
    choice: Choice
    at: datetime
    policy_hash: str
    shown: dict[str, Any]
    undoes: int | None = None
    overrules: int | None = None
    guidelines: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A recorded decision. `undone` when a later row takes it back; `order_state` of the order it made, if any.

    `distrusted`: an owner said that what its author decided in that time isn't to be trusted; it teaches nothing.
    `guidelines`: the sha256 of the company's guidelines that the person had.
    """

    id: int
    item: int
    account_id: int
    follower_id: str
    person_id: int
    person: str
    kind: Kind
    reason: RejectReason | None
    real: bool
    until: str | None
    at: datetime
    shown_hash: str
    undone: bool
    order_state: str | None
    p_spam: float | None
    model: str | None
    distrusted: bool = False
    guidelines: str | None = None

    @property
    def stands(self) -> bool:
        """Neither an undo nor undone."""
        return self.kind is not Kind.UNDO and not self.undone

    @property
    def label(self) -> Label | None:
        """The label that it teaches by itself."""
        return label_of(self.kind, self.reason, self.real)

    @property
    def bars(self) -> bool:
        """Whether it says not to follow: a rejection, or an overrule with a reason."""
        return self.kind in DECISIVE and self.reason is not None

    def as_row(self) -> dict[str, Any]:
        """Gives the decision's row for JSON."""
        return {
            "decision_id": self.id,
            "decision": self.kind.value,
            "by": self.person,
            "at": self.at,
            "reason": self.reason.value if self.reason else None,
            "real": self.real,
            "until": self.until,
            "undone": self.undone,
            "distrusted": self.distrusted,
            "order": self.order_state,
            "p_spam": self.p_spam,
            "model": self.model,
            "guidelines": self.guidelines,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionResult:
    """The outcome of a decision: the row that every deciding command prints.

    `username`, `until`, `then` (what follows from it, in words) and the UTC day it was made `on` are for its text.
    `already`: it stood before, and nothing was done. `follow_from`: for an approval, the ISO day from which our pace
    lets the follow go, None where it never does. `warning` says if that is further off than an approval lasts.
    """

    item: int
    account: str
    follower_id: str
    state: ItemState
    decision: Kind
    decision_id: int
    username: str | None = None
    until: str | None = None
    then: str = ""
    already: bool = False
    on: str = ""
    follow_from: str | None = None
    warning: str = ""

    def as_row(self) -> dict[str, Any]:
        """Gives the result's row for JSON."""
        already = {"already": True} if self.already else {}
        return {
            "item": self.item,
            "account": self.account,
            "follower_id": self.follower_id,
            "state": self.state.value,
            "decision": self.decision.value,
            "decision_id": self.decision_id,
        } | (already | self._pace())

    def _pace(self) -> dict[str, Any]:
        """Tells when an approval's follow goes; nothing for other decisions."""
        if self.decision is not Kind.APPROVE:
            return {}
        return {"follow_from": self.follow_from, "warning": self.warning or None}


def last_standing(history: Iterable[Decision]) -> Decision | None:
    """Finds the newest decision that stands; `history` is oldest first."""
    return next((each for each in reversed(list(history)) if each.stands), None)


def last_decisive(history: Iterable[Decision], before: int | None = None) -> Decision | None:
    """Finds the newest standing approval, rejection or overrule, with a lower id than `before` if given."""
    found = [each for each in history if each.stands and each.kind in DECISIVE and (not before or each.id < before)]
    return found[-1] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The state in which a decision leaves a card."""

    state: ItemState
    due: str | None
    note: str | None = None
    closed_why: str | None = None
