"""What a card says of a follower that can't be weighed: in words, with weight 0, for absence is no evidence."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from followguard.classifier.columns import ProfileColumns
from followguard.classifier.feature_inputs import Flags, silent, young
from followguard.classifier.wording import age_of
from followguard.domain.policy import Reason


@dataclass(frozen=True, slots=True)
class Note:
    """One row of the table. `code` is the reason's code; `text` may say {age}."""

    code: str
    text: str
    sentence: str
    holds: Callable[[ProfileColumns], Flags]


def _no_counts(columns: ProfileColumns) -> Flags:
    return np.asarray(np.isnan(columns.followers) & np.isnan(columns.following) & np.isnan(columns.tweets))


# fmt: off
UNLIKE = Reason("unlike_training", "has numbers beyond all that training saw: these count neither way", 0.0)
UNLIKE_SENTENCE = "A value lies beyond all that training saw, so that nothing was learned of it. Always told."
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
        "no_bio", "has no bio: that counts neither way", "The bio is empty or unknown.",
        lambda columns: np.array([not text for text in columns.bio], dtype=bool),
    ),
)
# fmt: on


def notes_of(columns: ProfileColumns, beyond: Flags) -> list[list[Reason]]:
    """The notes that hold of each row, in the order of the table, each with weight 0; `UNLIKE` first."""
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
