"""In which order the desk shows cards, with audited ones mixed in unmarked, and which cards are shown blind."""

import hashlib
from collections.abc import Sequence

from followguard.domain.card import Card, list_order

_WHOLE = 16**8


def chance(card: Card, seed: int, purpose: str) -> float:
    """A number in [0, 1) that belongs to the card, the same on every machine and in every session."""
    text = f"{purpose}\n{card.account}\n{card.follower_id}\n{seed}"
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / _WHOLE


def desk_order(cards: Sequence[Card], seed: int) -> list[Card]:
    """Ordinary cards in the order of the list, audited ones at places drawn by lot among them; batches last.

    A batch stays together; the earlier batch comes first.
    """
    single = sorted((card for card in cards if card.batch is None and not card.audit), key=list_order)
    batched = [card for card in cards if card.batch is not None and not card.audit]
    for card in sorted((card for card in cards if card.audit), key=list_order):
        single.insert(int(chance(card, seed, "place") * (len(single) + 1)), card)
    return single + sorted(batched, key=lambda card: (card.account, card.batch or 0, list_order(card)))


def is_blind(card: Card, share: float, seed: int) -> bool:
    """Whether the card first shows no band and no reasons, so that a judgement without the machine is on record."""
    return chance(card, seed, "blind") < share
