"""The random sample of the first mornings: whom chance draws out of all new followers of a night.

A model that never saw these followers can't say how far it is off, and cards that it chose can't either. So until
enough of a random sample gave a label, each night draws from everybody who is new, whatever their score, band or batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from followguard.domain.policy import names_of
from followguard.screening.plan import PoolDraw, QueueRules, Undecided, closes, draw

NEEDED = 25
"""Random draws that must have given a label before the probabilities are more than provisional."""
MOST_A_NIGHT = 10
"""So that a desk of sixty cards is asked for ten more looks than it would choose, on three mornings."""
SAMPLE_ENTRY = "sample.draw"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSoFar:
    """How far an account's sample is: draws that gave a label, and those of today that are decided already.

    `needed`: how many labels it takes.
    """

    labels: int
    decided_today: int = 0
    needed: int = NEEDED

    @property
    def provisional(self) -> bool:
        """Whether probabilities are provisional still."""
        return self.labels < self.needed


NOTHING_DRAWN = SampleSoFar(labels=0)


PROVISIONAL = f"probabilities are provisional until {NEEDED} new followers drawn at random are decided as spam or real"
"""For people, to follow `@acme: `."""


def provisional_words(so_far: SampleSoFar) -> str:
    """Tells in one line how far a sample is, and what probabilities are worth until it is complete."""
    return f"{so_far.labels} of {so_far.needed} drawn at random decided; scores are provisional"


def sampled(
    cards: Sequence[Undecided], rules: QueueRules, so_far: SampleSoFar, draws: list[PoolDraw]
) -> list[Undecided]:
    """Returns the cards with tonight's draw among those never planned before. Adds the draw to `draws`.

    Each card is in one draw at most, on its first night. Those that close at once are left aside.
    """
    never_follow = names_of(rules.policy.never_follow)
    pool = [card for card in cards if card.sample_day is None and not card.touched and not closes(card, never_follow)]
    wanted = min(len(pool), _wanted(cards, rules, so_far))
    ordered = sorted(pool, key=lambda card: sample_ticket(rules.account, card.follower_id, rules.today, rules.seed))
    drawn = {card.item for card in ordered[:wanted]}
    if drawn:
        items = tuple(card.item for card in pool)
        draws.append(PoolDraw(items, wanted, tuple(sorted(drawn)), SAMPLE_ENTRY))
    new = {card.item for card in pool}
    chance = wanted / len(pool) if pool else 0.0
    return [_planned(card, card.item in drawn, chance, rules.today) if card.item in new else card for card in cards]


def _planned(card: Undecided, drawn: bool, chance: float, today: str) -> Undecided:
    return replace(card, sample=drawn, sample_probability=chance if drawn else None, sample_day=today)


def _wanted(cards: Sequence[Undecided], rules: QueueRules, so_far: SampleSoFar) -> int:
    """Returns how many to draw: what is missing and isn't on the desk yet, at most ten and half a desk a night."""
    waiting = [card for card in cards if card.sample]
    today = sum(card.sample_day == rules.today for card in waiting) + so_far.decided_today
    a_night = min(MOST_A_NIGHT, (rules.policy.max_cards_per_day + 1) // 2)
    return max(0, min(a_night - today, NEEDED - so_far.labels - len(waiting)))


def sample_ticket(account: str, follower_id: str, day: str, seed: int) -> str:
    """Returns a number that nobody can aim at; another one than the audit's, so that the two draws are independent."""
    return draw(account, follower_id, f"{day} sample", seed)
