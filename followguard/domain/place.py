"""What an order of cards looks at, whether the whole card is at hand or only its place in a line."""

from dataclasses import dataclass
from typing import Protocol

from followguard.domain.card import ItemState
from followguard.domain.policy import Band


class Placed(Protocol):
    """What decides where a card stands in a line."""

    @property
    def item(self) -> int: ...
    @property
    def account(self) -> str: ...
    @property
    def account_id(self) -> int: ...
    @property
    def follower_id(self) -> str: ...
    @property
    def state(self) -> ItemState: ...
    @property
    def audit(self) -> bool: ...
    @property
    def sample(self) -> bool: ...
    @property
    def drawn(self) -> bool: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def imitates(self) -> bool: ...
    @property
    def due(self) -> str | None: ...
    @property
    def batch(self) -> int | None: ...
    @property
    def note(self) -> str | None: ...
    @property
    def p_spam(self) -> float | None: ...
    @property
    def band(self) -> Band: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceInLine:
    """A card as far as its place goes: a line of 20,000 needs no bios and no reasons."""

    item: int
    account: str
    account_id: int
    follower_id: str
    state: ItemState
    audit: bool
    sample: bool
    drawn: bool
    hidden: bool
    imitates: bool
    due: str | None
    batch: int | None
    note: str | None
    p_spam: float | None
    band: Band


_BAND_PLACE = {Band.GENUINE: 1, Band.UNSURE: 2, Band.SPAM: 3}
_AUDITED = 4


def list_order(card: Placed) -> tuple[int, bool, float, int]:
    """Gives the place of a card in the list, then its `p_spam` and its follower's id, to sort by.

    Put-off cards come first, then genuine, unsure and spam that isn't held back, then audited; among each, and so
    among the unsure, those first who pass themselves off as us.
    """
    place = 0 if card.state is ItemState.LATER else _AUDITED if card.audit else _BAND_PLACE[card.band]
    return place, not card.imitates, 1.0 if card.p_spam is None else card.p_spam, int(card.follower_id)
