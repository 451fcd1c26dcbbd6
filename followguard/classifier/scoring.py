"""The one scoring path: profiles in, probabilities and reasons that add up out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import ProfileColumns
from followguard.classifier.feature_inputs import ENOUGH, Flags
from followguard.classifier.features import FEATURES, Matrix, extract, packed, schema_hash, unpacked
from followguard.classifier.model import Model
from followguard.classifier.notes import notes_of
from followguard.classifier.reasons import reasons_of, strongest_first
from followguard.classifier.tables import Floats
from followguard.classifier.wording import Quotable
from followguard.domain.follower import Profile
from followguard.domain.policy import Verdict

LEAST = 1e-6
"""p_spam stays in [1e-6, 1 - 1e-6]: nobody is that sure."""
MOST_LOGIT = float(np.log((1.0 - LEAST) / LEAST))


@dataclass(frozen=True, slots=True)
class Scores:
    """n rows: probabilities, log-odds, (n, features) contributions in log-odds and the values they come from."""

    p_spam: Floats
    logit: Floats
    contributions: Floats
    features: Matrix


class Scorer:
    """A loaded model with its name. `rate_from_scores`: the share of spam that it assumes is a guess to improve on."""

    def __init__(self, model: Model, name: str, *, rate_from_scores: bool = False) -> None:
        self.model = model
        self.name = name
        self.rate_from_scores = rate_from_scores
        self.base_logit = model.base_logit

    @classmethod
    def of_parts(cls, parts: Mapping[str, NDArray[Any]], name: str, *, rate_from_scores: bool = False) -> "Scorer":
        """The scorer of a model file's arrays."""
        return cls(Model.of_parts(parts), name, rate_from_scores=rate_from_scores)

    def starting_at(self, base_logit: float) -> "Scorer":
        """The same model where followers of whom nothing is known have other log-odds: every score moves with it."""
        model = replace(self.model, base_logit=base_logit)
        return Scorer(model, self.name, rate_from_scores=self.rate_from_scores)

    def score(self, columns: ProfileColumns) -> Scores:
        """Any number of profiles, as arrays."""
        return scores(self.model, extract(columns))

    def verdicts(self, profiles: Sequence[Profile], values: Sequence[bytes] | None = None) -> list[Verdict]:
        """One verdict for each profile, in order.

        `values`: the feature values that were kept with an earlier verdict (`Verdict.features`), one for each profile,
        to be scored instead of what the profiles show now, for their texts may be cleared since.
        """
        columns = ProfileColumns.from_profiles(profiles)
        kept = None if values is None else np.stack([unpacked(each) for each in values])
        found = self.score(columns) if kept is None else scores(self.model, kept)
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
            )
            for row, (p_spam, logit, weights, order) in enumerate(rows)
        ]


class _Seen:
    """What the texts of a block of verdicts quote."""

    def __init__(self, columns: ProfileColumns, matrix: Matrix, beyond: Flags) -> None:
        self.notes = notes_of(columns, beyond)
        counts = zip(*(getattr(columns, field).tolist() for field in ENOUGH), strict=True)
        self._counts = [dict(zip(ENOUGH, row, strict=True)) for row in counts]
        self._days = columns.age_days.tolist()
        self._values = matrix.tolist()

    def text_of(self, row: int, number: int) -> str:
        """What a feature's value means, in words."""
        return FEATURES[number].say(Quotable(self._values[row][number], self._counts[row], self._days[row]))


def scores(model: Model, matrix: Matrix) -> Scores:
    """Scores of feature values, as extracted now or as kept with an earlier verdict."""
    contributions = model.contributions(matrix)
    logit = np.clip(model.base_logit + contributions.sum(axis=1), -MOST_LOGIT, MOST_LOGIT)
    return Scores(1.0 / (1.0 + np.exp(-logit)), logit, contributions, matrix)


def probabilities(model: Model, matrix: Matrix) -> Floats:
    """p_spam of (n, features) values."""
    return scores(model, matrix).p_spam
