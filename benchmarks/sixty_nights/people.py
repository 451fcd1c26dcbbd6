"""Who follows in the sixty nights: real profiles of one public set, in the order in which they arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from followguard.domain.labels import LabelledProfile

SET = "cresci-2017"
"""The set that the base model is trained without: it has seen none of its real people and kinds of spam."""
GENUINE = "genuine"
STRETCHES = 4
"""The kinds of spam change so many times, evenly over the nights; each stretch mixes two kinds."""
FEWEST = 300
"""Fewest accounts of a kind of spam that is drawn."""
A_NIGHT = 50
SPAM_SHARE = 0.2
ATTACK_KIND, ATTACK_SIZE = "fake_followers", 30


@dataclass(frozen=True, slots=True)
class Mixture:
    """The followers of all nights, with the two kinds of spam of each stretch.

    `attack` is the number, from 1, of the night in which bought followers come in a heap.
    """

    nights: Sequence[Sequence[LabelledProfile]]
    kinds: Sequence[tuple[str, str]]
    attack: int

    @property
    def everybody(self) -> list[LabelledProfile]:
        """Lists all of them in order."""
        return [person for night in self.nights for person in night]


def mixture(rows: Sequence[LabelledProfile], nights: int, seed: int) -> Mixture:
    """Draws by the seed alone which kinds of spam come when, who comes, and how much spam each night has."""
    rng = Random(seed)
    pools: dict[str, list[LabelledProfile]] = {}
    for row in rows:
        if row.source == SET:
            pools.setdefault(row.group, []).append(row)
    for pool in pools.values():
        rng.shuffle(pool)
    names = sorted(name for name, pool in pools.items() if name != GENUINE and len(pool) >= FEWEST)
    drawn = [rng.sample(names, 2) for _ in range(STRETCHES)]
    attack = rng.randrange(nights // 3, 2 * nights // 3) + 1
    kinds = [(one, two) for one, two in drawn]
    return Mixture(
        [_night(pools, kinds, number, nights, attack, rng) for number in range(1, nights + 1)], kinds, attack
    )


def _night(
    pools: dict[str, list[LabelledProfile]],
    kinds: Sequence[tuple[str, str]],
    number: int,
    nights: int,
    attack: int,
    rng: Random,
) -> list[LabelledProfile]:
    pair = kinds[(number - 1) * STRETCHES // nights]
    chosen = [ATTACK_KIND] * ATTACK_SIZE if number == attack else []
    chosen += [rng.choice(pair) if rng.random() < SPAM_SHARE else GENUINE for _ in range(A_NIGHT - len(chosen))]
    night = [pools[kind].pop() for kind in chosen if pools[kind]]
    rng.shuffle(night)
    return night
