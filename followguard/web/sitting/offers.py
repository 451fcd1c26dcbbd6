"""Which keys a card offers to this person: what they may not do isn't among them."""

from collections.abc import Mapping
from dataclasses import dataclass

from followguard.domain.card import Card
from followguard.domain.desk_keys import DEFAULT_KEYS
from followguard.domain.labels import SPAM_REASONS, RejectReason

REASONS = tuple(each.value for each in RejectReason)
FEW = ("spam", "impersonation", "not_relevant")
"""The reasons with a button of their own; the others stand behind `other`."""
ON_CARD = ("later", "skip", "undo", "note", "ask", "open", "held_back", "guidelines", "search", "help")
ON_BATCH = ("reject_all", "open", "skip", "undo", "search", "help")
WITHOUT_CARD = ("undo", "held_back", "search", "help")
NOT_HERE = ("quit",)


@dataclass(frozen=True, slots=True)
class Action:
    """A button: its name, key, and how it looks (`approve`, `reject` or plain)."""

    name: str
    key: str
    kind: str


def on_card(card: Card, *, approves: bool, blind: bool) -> list[str]:
    """Returns the actions that the card offers."""
    first = ["approve"] if approves and card.left_at is None else []
    return [*first, *REASONS, "other", *ON_CARD, *(["reveal"] if blind else [])]


def actions(keys: Mapping[str, str]) -> list[Action]:
    """Returns every button of the page, in the order of the table of keys."""
    return [Action(name, keys[name], _kind(name)) for name in DEFAULT_KEYS if _has_button(name)]


def _has_button(name: str) -> bool:
    return name not in NOT_HERE and (name not in REASONS or name in FEW)


def _kind(name: str) -> str:
    if name in REASONS or name in ("other", "reject_all"):
        return "reject"
    return "approve" if name == "approve" else ""


def rarer_reasons(keys: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """Returns reason, key, and whether it can be said of a real account; all reasons, the rarer ones first."""
    ordered = sorted(RejectReason, key=lambda reason: reason.value in FEW)
    return [(reason.value, keys[reason.value], reason not in SPAM_REASONS) for reason in ordered]
