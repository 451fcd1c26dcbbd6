"""What the model says about a follower, as reasons on a card: sentences of a few kinds whose weights add up.

Each feature belongs to one kind, and a kind's weight is the sum of what its features add. Its sentence names the two or
three facts that add the most, each fact once, and how many of a hundred accounts of which only this is known would be
spam by the model. Notes say with weight 0 what can't be weighed.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from followguard.classifier.columns import Flags, Floats, ProfileColumns
from followguard.classifier.facts import silent, young
from followguard.classifier.features import FEATURES
from followguard.classifier.wording import FACTS, Quotable, age_of
from followguard.domain.policy import Reason


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
TELLING = 0.25
"""Log-odds below which a fourth kind isn't worth a line."""
A_FACT = 0.15
"""The least share of a kind's strongest fact that makes another one worth telling."""
LEAST_SHOWN = 3
OTHER = "other"
OTHER_TEXT = "everything else taken together"
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
    Note("young", "is {age} old: too little to judge by", "The account is younger than 30 days.", young),
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

    `weights` are the features' contributions and `kinds` their sums.
    """
    ranked = sorted(range(len(KINDS)), key=lambda place: -abs(kinds[place]))
    told: list[Reason] = []
    for place in ranked:
        worth = abs(kinds[place]) >= TELLING or (len(told) < LEAST_SHOWN and kinds[place] != 0.0)
        text = _sentence(place, weights, seen) if worth else ""
        if text:
            told.append(
                Reason(KINDS[place].code, f"{text} {how_common(base_logit + kinds[place], base_logit)}", kinds[place])
            )
    rest = total - sum([reason.weight for reason in told])
    return (*told, Reason(OTHER, OTHER_TEXT if told else NOTHING_TEXT, rest))


def with_notes(reasons: tuple[Reason, ...], notes: Sequence[Reason]) -> tuple[Reason, ...]:
    """Puts notes before `other` until three things are told; a value beyond all that training saw is always told."""
    wanted = max(LEAST_SHOWN - (len(reasons) - 1), int(UNLIKE in notes))
    return (*reasons[:-1], *notes[:wanted], reasons[-1])


def how_common(logit: float, base_logit: float) -> str:
    """Tells how many of a hundred such accounts are spam, by the log-odds that this alone would give, and of all."""
    many, of_all = _of_hundred(logit), _of_hundred(base_logit)
    return f"(of 100 such accounts about {many} {'is' if many == 1 else 'are'} spam, of all {of_all})"


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
    texts = [text for fact, say in FACTS.items() if fact in chosen and (text := say(seen))]
    return ", ".join(texts)
