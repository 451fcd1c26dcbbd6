"""The one scoring path: profiles in, probabilities and reasons that add up out.

Reasons are the contributions that count most, in words, and one row for the rest. Notes say with weight 0 what can't be
weighed, for absence is no evidence.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Flags, Floats, Matrix, ProfileColumns
from followguard.classifier.features import ENOUGH, FEATURES, extract, packed, schema_hash, silent, unpacked, young
from followguard.classifier.model import Model, Scores, probabilities, scores
from followguard.classifier.recalibration import stretched
from followguard.classifier.wording import Quotable, age_of
from followguard.domain.follower import Profile
from followguard.domain.policy import Reason, Verdict


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


SHOWN = 4
"""Reasons in words at most; three at least where that much can be said."""
LEAST_SHOWN = 3
TELLING = 0.05
"""Log-odds below which a fourth reason, or one for the other side, isn't worth a line."""
OTHER = "other"
OTHER_TEXT = "everything else taken together"
NOTHING_TEXT = "shows nothing yet that speaks for or against spam"


def strongest_first(contributions: Floats) -> list[list[int]]:
    """Sorts each row's feature numbers by weight, the strongest first; those that weigh nothing last."""
    found: list[list[int]] = np.argsort(-np.abs(contributions), axis=1, kind="stable").tolist()
    return found


def reasons_of(
    weights: Sequence[float],
    ranked: Sequence[int],
    total: float,
    text_of: Callable[[int], str],
    notes: Sequence[Reason] = (),
) -> tuple[Reason, ...]:
    """Returns three or four reasons by weight, then `other`; the weights add up to `total`.

    `ranked` are the feature numbers, the strongest first; `text_of` says one in words. When the strongest all speak for
    one side, the last makes room for the best on the other side. Where features have less to say, notes fill up to
    three; a value beyond all that training saw is always told.
    """
    most = SHOWN - int(UNLIKE in notes)
    told = [Reason(FEATURES[n].name, text_of(n), weights[n]) for n in _chosen(weights, ranked, most)]
    rest = total - sum([reason.weight for reason in told])
    wanted = max(LEAST_SHOWN - len(told), int(UNLIKE in notes))
    return (*told, *notes[:wanted], Reason(OTHER, OTHER_TEXT if told else NOTHING_TEXT, rest))


def _chosen(weights: Sequence[float], ranked: Sequence[int], most: int) -> list[int]:
    least = [n for n in ranked[:LEAST_SHOWN] if weights[n] != 0.0]
    shown = least + [n for n in ranked[LEAST_SHOWN:most] if abs(weights[n]) >= TELLING]
    if not shown:
        return []
    side = weights[shown[0]]
    against = next((n for n in ranked if weights[n] * side < 0.0), None)
    if against is None or against in shown or abs(weights[against]) < TELLING:
        return shown
    return [*shown[: most - 1], against]


class Scorer:
    """A loaded model with its name. `rate_from_scores`: the share of spam that it assumes is a guess to improve on."""

    def __init__(self, model: Model, name: str, *, rate_from_scores: bool = False) -> None:
        self.model = model
        self.name = name
        self.rate_from_scores = rate_from_scores
        self.base_logit = model.base_logit
        self.slope, self.moved_by_decisions = 1.0, False
        self.plain = self
        """The model as it was trained."""

    @classmethod
    def of_parts(cls, parts: Mapping[str, NDArray[Any]], name: str, *, rate_from_scores: bool = False) -> "Scorer":
        """Returns the scorer of a model file's arrays."""
        return cls(Model.of_parts(parts), name, rate_from_scores=rate_from_scores)

    def starting_at(self, base_logit: float) -> "Scorer":
        """Returns the same model from another `base_logit`, the log-odds where nothing is known."""
        model = replace(self.model, base_logit=base_logit)
        moved = Scorer(model, self.name, rate_from_scores=self.rate_from_scores)
        moved.slope, moved.plain = self.slope, self.plain
        return moved

    def recalibrated(self, intercept: float, slope: float) -> "Scorer":
        """Returns the same model with contributions times `slope`, from `intercept` above its `base_logit`."""
        moved = self.starting_at(self.base_logit + intercept)
        moved.slope, moved.moved_by_decisions = slope, True
        return moved

    def score(self, columns: ProfileColumns) -> Scores:
        """Scores any number of profiles, as arrays."""
        return self._of_values(extract(columns))

    def _of_values(self, matrix: Matrix) -> Scores:
        return stretched(scores(self.model, matrix), self.base_logit, self.slope)

    def verdicts(self, profiles: Sequence[Profile], values: Sequence[bytes] | None = None) -> list[Verdict]:
        """Returns one verdict for each profile, in order.

        `values`: the feature values that were kept with an earlier verdict (`Verdict.features`), one for each profile,
        to be scored instead of what the profiles show now, for their texts may be cleared since.
        """
        columns = ProfileColumns.from_profiles(profiles)
        kept = None if values is None else np.stack([unpacked(each) for each in values])
        found = self.score(columns) if kept is None else self._of_values(kept)
        seen = _Seen(columns, found.features, self.model.beyond(found.features))
        schema = schema_hash()
        ranked = strongest_first(found.contributions)
        rows = zip(found.p_spam.tolist(), found.logit.tolist(), found.contributions.tolist(), ranked, strict=True)
        return [
            Verdict(
                p_spam=p_spam,
                base_logit=self.base_logit,
                reasons=reasons_of(
                    weights, order, logit - self.base_logit, partial(seen.text_of, row), seen.notes[row]
                ),
                model=self.name,
                features=packed(found.features[row]),
                feature_schema=schema,
                slope=self.slope,
            )
            for row, (p_spam, logit, weights, order) in enumerate(rows)
        ]


class _Seen:
    """The figures that texts of a block of verdicts quote."""

    def __init__(self, columns: ProfileColumns, matrix: Matrix, beyond: Flags) -> None:
        self.notes = notes_of(columns, beyond)
        counts = zip(*(getattr(columns, field).tolist() for field in ENOUGH), strict=True)
        self._counts = [dict(zip(ENOUGH, row, strict=True)) for row in counts]
        self._days = columns.age_days.tolist()
        self._values = matrix.tolist()

    def text_of(self, row: int, number: int) -> str:
        """Says in words what a feature's value means."""
        return FEATURES[number].say(Quotable(self._values[row][number], self._counts[row], self._days[row]))


def kept_probabilities(model: Model, values: Sequence[bytes]) -> list[float]:
    """Returns p_spam in [0, 1] for each row of values, packed as in `Verdict.features` by today's table."""
    if not values:
        return []
    return [float(p_spam) for p_spam in probabilities(model, np.stack([unpacked(each) for each in values]))]
