"""What the model says about a follower, as reasons on a card: sentences of a few kinds whose weights add up.

Each feature belongs to one kind, and a kind's weight is the sum of what its features add. Its sentence names the two or
three facts that add the most, each fact once, and how many of a hundred accounts of which only this is known would be
spam by the model. Notes say with weight 0 what can't be weighed. What speaks for a side only in the public sets, as a
flood of posts for genuine, is told as a fact, with weight 0; `other` bears what the model makes of it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from followguard.classifier.columns import Flags, Floats, ProfileColumns
from followguard.classifier.facts import silent, young
from followguard.classifier.features import FEATURES
from followguard.classifier.wording import FACTS, Quotable, age_of, floods, looks_generated, period_of, small
from followguard.domain.policy import OF_A_HUNDRED, Reason


@dataclass(frozen=True, slots=True)
class ReasonKind:
    """One kind of reason: its code, and what it is about."""

    code: str
    sentence: str


KINDS: tuple[ReasonKind, ...] = (
    ReasonKind("activity", "Age, posts and likes."),
    ReasonKind("audience", "Followers, accounts followed, lists."),
    ReasonKind("name", "The username and how it fits the name."),
    ReasonKind("profile", "Bio, link and picture."),
)
OF_KIND = [[n for n, feature in enumerate(FEATURES) if feature.kind == kind.code] for kind in KINDS]
"""The numbers of each kind's features."""
MOST_FACTS = 3
TELLING = 0.6
"""Log-odds from which a kind is worth a line: 31 of a hundred or 12, where of all 20 are spam."""
STRONGEST, AGAINST = 0.2, 0.3
"""Log-odds from which the strongest kind is, and the strongest against the verdict."""
A_FACT = 0.15
"""The least share of a kind's strongest fact that makes another one worth telling."""
LEAST_SHOWN = 3
"""Lines up to which notes fill a card."""
SMALL = "; many real people are as small"
OTHER = "other"
OTHER_TEXT = "everything else taken together"
YOUNG = "young"
NOTHING_TEXT = "shows nothing yet that speaks for or against spam"


@dataclass(frozen=True, slots=True)
class Note:
    """One row of the table. `code` is the reason's code; `text` may say {age}."""

    code: str
    text: str
    sentence: str
    holds: Callable[[ProfileColumns], Flags]


def _no_counts(columns: ProfileColumns) -> Flags:
    return np.asarray(np.isnan(columns.followers) & np.isnan(columns.following) & np.isnan(columns.tweets))


def _no_bio_to_weigh(columns: ProfileColumns) -> Flags:
    """Flags an empty bio of an account that is young or silent, and an unknown bio of any."""
    none = np.array([text is None for text in columns.bio], dtype=bool)
    empty = np.array([not text for text in columns.bio], dtype=bool)
    return np.asarray(none | (empty & (young(columns) | silent(columns))))


# fmt: off
UNLIKE = Reason(
    "unlike_training", "has numbers higher or lower than any the model learned from: those count neither way", 0.0
)
UNLIKE_SENTENCE = "A value lies beyond all that the tables saw in training. Always told."
NOTES: tuple[Note, ...] = (
    Note(YOUNG, "is {age} old: too little to judge by", "The account is younger than 30 days.", young),
    Note(
        "silent", "has neither posted nor liked, as many who only read: that counts neither way",
        "The account has neither posted nor liked.", silent,
    ),
    Note(
        "no_counts", "shows no counts of posts or followers: that counts neither way",
        "Followers, following and posts are unknown.", _no_counts,
    ),
    Note(
        "no_age", "doesn't say when it was created: that counts neither way",
        "The moment of creation is unknown.", lambda columns: np.isnan(columns.age_days),
    ),
    Note(
        "no_bio", "has no bio: that counts neither way",
        "The bio is unknown, or empty and the account young or silent.", _no_bio_to_weigh,
    ),
)
# fmt: on


def notes_of(columns: ProfileColumns, beyond: Flags) -> list[list[Reason]]:
    """Returns each row's notes in the order of the table, each with weight 0; `UNLIKE` first."""
    holding = [note.holds(columns).tolist() for note in NOTES]
    ages = columns.age_days.tolist()
    return [
        [UNLIKE] * unlike
        + [
            Reason(note.code, note.text.format(age=age_of(age)), 0.0)
            for note, holds in zip(NOTES, flags, strict=True)
            if holds
        ]
        for age, unlike, flags in zip(ages, beyond.tolist(), zip(*holding, strict=True), strict=True)
    ]


def by_kind(contributions: Floats) -> Floats:
    """Adds (n, features) contributions up to (n, kinds), feature by feature: a row's sum is the same in any crowd."""
    found = np.zeros((len(contributions), len(KINDS)))
    for place, numbers in enumerate(OF_KIND):
        for number in numbers:
            found[:, place] += contributions[:, number]
    return found


def reasons_of(
    weights: Sequence[float], kinds: Sequence[float], base_logit: float, total: float, seen: Quotable
) -> tuple[Reason, ...]:
    """Returns the kinds that weigh enough, the strongest first, and `other` for the rest; they add up to `total`.

    `weights` are the features' contributions and `kinds` their sums. Facts without a side come after the others.
    """
    ranked = sorted(range(len(KINDS)), key=lambda place: -abs(kinds[place]))
    told: list[Reason] = []
    for place in ranked:
        worth = abs(kinds[place]) >= _least(kinds[place], told, base_logit + total)
        text = _sentence(place, weights, seen) if worth else ""
        if text:
            told.append(_reason(place, text, kinds[place], base_logit, seen, base_logit + total))
    told.sort(key=lambda reason: reason.weight == 0.0)
    rest = total - sum([reason.weight for reason in told])
    return (*told, Reason(OTHER, OTHER_TEXT if told else NOTHING_TEXT, rest))


def _least(weight: float, told: Sequence[Reason], logit: float) -> float:
    """Returns what a kind must weigh to be told after those that are."""
    if not told:
        return STRONGEST
    first_against = weight * logit < 0.0 and all(each.weight * weight <= 0.0 for each in told)
    return AGAINST if first_against else TELLING


def _reason(place: int, text: str, weight: float, base_logit: float, seen: Quotable, logit: float) -> Reason:
    """Returns what a kind says: with its side and how common that is, unless it makes no sense to a person."""
    code = KINDS[place].code
    if code == "audience" and weight > 0.0 and small(seen):
        return Reason(code, text + SMALL, weight if logit > 0.0 else 0.0)
    whole = Reason(code, f"{text} {how_common(base_logit + weight, base_logit)}", weight)
    return whole.as_fact() if _makes_no_sense(code, weight, seen) else whole


def _makes_no_sense(code: str, weight: float, seen: Quotable) -> bool:
    """Tells whether it would call genuine what nobody takes for a good sign: a flood of posts, a made-up username."""
    odd = {"activity": floods, "name": looks_generated}.get(code)
    return weight < 0.0 and odd is not None and odd(seen)


def with_notes(reasons: tuple[Reason, ...], notes: Sequence[Reason]) -> tuple[Reason, ...]:
    """Puts notes before `other` until three things are told; a value beyond all that training saw is always told.

    That an account is too young to judge by isn't said beside what it was judged by.
    """
    *told, rest = reasons
    fitting = [note for note in notes if not (told and note.code == YOUNG)]
    wanted = max(LEAST_SHOWN - len(told), int(UNLIKE in notes))
    return (*told, *fitting[:wanted], rest)


def how_common(logit: float, base_logit: float) -> str:
    """Tells how many of a hundred such accounts are spam, by the log-odds that this alone would give, and of all."""
    many, of_all = _of_hundred(logit), _of_hundred(base_logit)
    return f"{OF_A_HUNDRED}about {many} {'is' if many == 1 else 'are'} spam, of all {of_all})"


def _of_hundred(logit: float) -> int:
    """Returns how many of a hundred; never none or all of them."""
    return min(99, max(1, round(100.0 / (1.0 + math.exp(-logit)))))


def _sentence(place: int, weights: Sequence[float], seen: Quotable) -> str:
    """Names the facts of a kind that add the most, in the order of the table of facts."""
    strength: dict[str, float] = {}
    for number in OF_KIND[place]:
        for fact in FEATURES[number].facts:
            strength[fact] = strength.get(fact, 0.0) + abs(weights[number])
    ranked = sorted(strength, key=lambda fact: -strength[fact])
    telling = [fact for fact in ranked if strength[fact] >= A_FACT * strength[ranked[0]] and strength[fact] > 0.0]
    chosen = set(telling[:MOST_FACTS])
    texts = {fact: text for fact, say in FACTS.items() if fact in chosen and (text := say(seen))}
    if KINDS[place].code == "activity" and texts.keys() - {"age"} and not math.isnan(seen.days):
        texts["age"] = f"over {period_of(seen.days)}"
    return ", ".join(texts[fact] for fact in sorted(texts, key=lambda fact: fact == "age"))
