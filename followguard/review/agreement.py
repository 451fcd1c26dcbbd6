"""Agreement between people: what two of them said about the same follower, and Cohen's kappa over such pairs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from followguard.domain.labels import Kind, Label, label_of

FEWEST_PAIRS = 20
"""Below this many pairs the interval says hardly anything, and no kappa is printed."""
CHI_SQUARE_95 = 3.841458820694124
"""The 95 % point of chi-square with one degree of freedom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One person's word about a follower at some time, whether it stands or not. `person` is a pseudonym.

    `withdrawn`: the same person took it back. `overrules`: it turned an earlier decision, having looked again.
    """

    decision_id: int
    account: str
    item: int
    follower_id: str
    username: str | None
    person: str
    label: Label
    at: datetime
    withdrawn: bool = False
    overrules: bool = False


@dataclass(frozen=True, slots=True)
class OpinionPair:
    """Two people about one X account, of our own accounts whichever; `first` spoke before `second`."""

    first: Judgement
    second: Judgement

    @property
    def agree(self) -> bool:
        """Whether both say the same."""
        return self.first.label is self.second.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Cohen's kappa with its 95 % interval, None where there are too few pairs or all of them say the same one thing.

    1: always agree; 0: no more than chance; below: less than chance. `same`: pairs that agree.
    """

    pairs: int
    same: int
    kappa: float | None = None
    low: float | None = None
    high: float | None = None


NO_PAIRS = Agreement(pairs=0, same=0)


def opinion_of(kind: str, reason: str | None, real: bool) -> Label | None:
    """Returns the label as `label_of` does; a proposal is an opinion too: this one should be followed back."""
    return Label.GENUINE if kind == Kind.PROPOSE else label_of(kind, reason, real)


def pairs_of(judgements: Iterable[Judgement]) -> list[OpinionPair]:
    """Returns every two people who judged the same X account, each by their last word about it; oldest first.

    An opinion that its author took back was a slip and is left out. One that another took back or overruled stays.
    """
    last: dict[str, dict[str, Judgement]] = {}
    for each in sorted(judgements, key=lambda judgement: judgement.decision_id):
        if not each.withdrawn:
            last.setdefault(each.follower_id, {})[each.person] = each
    found = []
    for words in last.values():
        ordered = sorted(words.values(), key=lambda judgement: judgement.decision_id)
        found += [OpinionPair(*two) for two in combinations(ordered, 2)]
    return sorted(found, key=lambda pair: pair.second.decision_id)


def open_disagreements(judged: Sequence[Judgement]) -> list[OpinionPair]:
    """Tells where two people differ about an X account and nobody has overruled either since."""
    settled = {each.follower_id for each in judged if each.overrules and not each.withdrawn}
    return [pair for pair in pairs_of(judged) if not pair.agree and pair.first.follower_id not in settled]


def agreement_of(pairs: Sequence[OpinionPair]) -> Agreement:
    """Returns kappa between those who spoke first and those who spoke second (Cohen 1960).

    The interval is the goodness-of-fit interval for two raters and two answers (Donner and Eliasziw 1992, Statistics in
    Medicine 11, 1511-1519), which unlike the large-sample one holds for few pairs and where all agree.
    """
    same = sum(pair.agree for pair in pairs)
    spam = [(pair.first.label is Label.SPAM, pair.second.label is Label.SPAM) for pair in pairs]
    said = sum(one + other for one, other in spam)
    if len(pairs) < FEWEST_PAIRS or said in (0, 2 * len(pairs)):
        return Agreement(pairs=len(pairs), same=same)
    low, high = _interval(len(pairs), same, said / (2 * len(pairs)))
    return Agreement(pairs=len(pairs), same=same, kappa=_kappa(spam), low=low, high=high)


def _kappa(spam: Sequence[tuple[bool, bool]]) -> float:
    n = len(spam)
    first, second = sum(one for one, _ in spam) / n, sum(other for _, other in spam) / n
    chance = first * second + (1.0 - first) * (1.0 - second)
    return (sum(one is other for one, other in spam) / n - chance) / (1.0 - chance) if chance < 1.0 else 0.0


def _interval(n: int, same: int, share: float) -> tuple[float, float]:
    """Returns the kappas under which what was seen isn't unlikely. `share` is of spam among all 2 n answers."""
    mixed = 2.0 * share * (1.0 - share)
    seen = 1.0 - (n - same) / (n * mixed)

    def unlikely(kappa: float) -> bool:
        expected = n * mixed * (1.0 - kappa)
        both = n * share**2 + n * mixed / 2.0 * kappa
        neither = n * (1.0 - share) ** 2 + n * mixed / 2.0 * kappa
        off = abs(n - same - expected)
        if off == 0.0:
            return False
        if min(expected, both, neither) <= 0.0:
            return True
        return off**2 * (1.0 / expected + 0.25 / both + 0.25 / neither) > CHI_SQUARE_95

    least = max(-share / (1.0 - share), -(1.0 - share) / share)
    return _edge(seen, least, unlikely), _edge(seen, 1.0, unlikely)


def _edge(inside: float, outside: float, unlikely: Callable[[float], bool]) -> float:
    """Tells where likely ends on the way from `inside` to `outside`."""
    if not unlikely(outside):
        return outside
    for _ in range(60):
        middle = (inside + outside) / 2.0
        inside, outside = (inside, middle) if unlikely(middle) else (middle, outside)
    return inside
