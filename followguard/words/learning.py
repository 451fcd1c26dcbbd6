"""What the company's lists weigh, learned from decisions: one weight a list, drawn towards its start.

Each list's weight has a normal prior around its start weight (standard deviation `PRIOR`); a card's log-odds without
words are taken as they were. The weights are those of the highest posterior, found by Newton's steps, list by list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from followguard.domain.policy import Says, WordList
from followguard.words.reading import ListRecord, start_weight

PRIOR = 0.5
"""Standard deviation of a weight before anything was decided, in log-odds: one decision moves it by a quarter."""
MOST_WEIGHT = 3.0
"""A list never weighs more than this, either way: words alone call nobody spam for sure."""
SWEEPS = 300
STILL = 1e-9


@dataclass(frozen=True, slots=True)
class DecidedWords:
    """A decided card with lists in its text: its log-odds without words, and whether people called it spam."""

    lists: frozenset[str]
    logit: float
    spam: bool


def counted(lists: Iterable[WordList], decided: Sequence[DecidedWords]) -> dict[str, ListRecord]:
    """Maps lists to their record, with the weights that they start from."""
    found = {}
    for each in lists:
        on = [card.spam for card in decided if each.name in card.lists]
        found[each.name] = ListRecord(start_weight(each.says), spam=sum(on), decided=len(on))
    return found


def learned(lists: Sequence[WordList], decided: Sequence[DecidedWords]) -> dict[str, ListRecord]:
    """Maps lists to their record, with the weights that decisions teach; look lists weigh nothing."""
    records = counted(lists, decided)
    weighing = [each for each in lists if each.says is not Says.LOOK and records[each.name].decided]
    weights = {each.name: start_weight(each.says) for each in weighing}
    for _ in range(SWEEPS):
        moves = [_step(each, weights, decided) for each in weighing]
        if max(map(abs, moves), default=0.0) < STILL:
            break
    return records | {
        name: ListRecord(_within(weight), records[name].spam, records[name].decided) for name, weight in weights.items()
    }


def _step(each: WordList, weights: dict[str, float], decided: Sequence[DecidedWords]) -> float:
    """Moves one list's weight by a Newton step, at most by 1; returns the move."""
    slope = (start_weight(each.says) - weights[each.name]) / PRIOR**2
    bend = 1.0 / PRIOR**2
    for card in decided:
        if each.name in card.lists:
            p_spam = _probability(card.logit + _worth(card, weights))
            slope += card.spam - p_spam
            bend += p_spam * (1.0 - p_spam)
    move = max(-1.0, min(1.0, slope / bend))
    weights[each.name] += move
    return move


def _worth(card: DecidedWords, weights: Mapping[str, float]) -> float:
    return sum(weights.get(name, 0.0) for name in card.lists)


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + exp(-max(-50.0, min(50.0, log_odds))))


def _within(weight: float) -> float:
    return max(-MOST_WEIGHT, min(MOST_WEIGHT, weight))
