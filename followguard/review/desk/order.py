"""In which order the desk shows cards, with drawn ones mixed in unmarked, and which cards are shown blind."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

from followguard.domain.card import Card
from followguard.domain.place import Placed, list_order

OneCard = TypeVar("OneCard", bound=Placed)

_WHOLE = 16**8
EARLY = 3


def chance(card: Placed, seed: int, purpose: str) -> float:
    """Returns a number in [0, 1) that belongs to the card, the same on every machine and in every session."""
    text = f"{purpose}\n{card.account}\n{card.follower_id}\n{seed}"
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / _WHOLE


def desk_order(cards: Sequence[OneCard], seed: int) -> list[OneCard]:
    """Orders ordinary cards as in the list, drawn ones at places drawn by lot among them, batches last.

    Those of the random sample come early, for a sample that nobody decides says nothing: among the first cards, three
    for each of them. A batch stays together; the earlier batch comes first.
    """
    single = sorted((card for card in cards if card.batch is None and not card.drawn), key=list_order)
    batched = [card for card in cards if card.batch is not None and not card.drawn]
    sample = sorted((card for card in cards if card.sample), key=lambda card: chance(card, seed, "order"))
    early = EARLY * len(sample)
    for card in sample:
        single.insert(int(chance(card, seed, "place") * (min(len(single), early) + 1)), card)
    for card in sorted((card for card in cards if card.audit), key=list_order):
        single.insert(int(chance(card, seed, "place") * (len(single) + 1)), card)
    return single + sorted(batched, key=lambda card: (card.account, card.batch or 0, list_order(card)))


def is_blind(card: Card, share: float, seed: int) -> bool:
    """Tells whether the card first shows no band and no reasons, to have a judgement without the machine."""
    return chance(card, seed, "blind") < share
