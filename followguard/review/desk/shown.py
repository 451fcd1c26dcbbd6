"""What the desk puts in front of a person: a card, or a batch of look-alikes."""

from dataclasses import dataclass

from followguard.domain.card import Card
from followguard.domain.labels import Kind
from followguard.review.dossier import Dossier

EXAMPLES = 5
FEWEST_IN_BLOCK = 2


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card in the person's hands. `blind`: band and reasons stay hidden until the person decides or asks.

    `approval`: what an approval by this person would be, an approval or a proposal; None: they may not.
    """

    found: Dossier
    blind: bool
    approval: Kind | None = Kind.APPROVE

    @property
    def card(self) -> Card:
        """The card itself."""
        return self.found.card


@dataclass(frozen=True, slots=True)
class OfferedBatch:
    """Look-alikes offered together: all that are undecided and not held back, whatever their day."""

    batch: int
    account: str
    alike: str
    items: tuple[int, ...]
    examples: tuple[Card, ...]
