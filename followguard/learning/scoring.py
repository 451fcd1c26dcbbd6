"""The one scoring path: profiles in, probabilities and reasons that add up out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.domain.follower import Profile
from followguard.domain.verdict import Verdict
from followguard.learning.columns import ProfileColumns
from followguard.learning.facts import ENOUGH, Flags
from followguard.learning.features import FEATURES, Matrix, extract, packed
from followguard.learning.model import Model
from followguard.learning.notes import notes_of
from followguard.learning.reasons import reasons_of
from followguard.learning.tables import Floats
from followguard.learning.wording import Seen

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
    """A loaded model with its name."""

    def __init__(self, model: Model, name: str) -> None:
        self.model = model
        self.name = name
        self.base_logit = model.base_logit

    @classmethod
    def of_parts(cls, parts: Mapping[str, NDArray[Any]], name: str) -> "Scorer":
        """The scorer of a model file's arrays."""
        return cls(Model.of_parts(parts), name)

    def score(self, columns: ProfileColumns) -> Scores:
        """Any number of profiles, as arrays."""
        return scores(self.model, extract(columns))

    def verdicts(self, profiles: Sequence[Profile]) -> list[Verdict]:
        """One verdict for each profile, in order."""
        columns = ProfileColumns.from_profiles(profiles)
        found = self.score(columns)
        seen = _Seen(columns, found.features, self.model.beyond(found.features))
        rows = zip(found.p_spam.tolist(), found.logit.tolist(), found.contributions.tolist(), strict=True)
        return [
            Verdict(
                p_spam=p_spam,
                base_logit=self.base_logit,
                reasons=reasons_of(weights, logit - self.base_logit, partial(seen.text_of, row), seen.notes[row]),
                model=self.name,
                features=packed(found.features[row]),
            )
            for row, (p_spam, logit, weights) in enumerate(rows)
        ]


class _Seen:
    """What the texts of a block of verdicts quote."""

    def __init__(self, columns: ProfileColumns, matrix: Matrix, beyond: Flags) -> None:
        self.notes = notes_of(columns, beyond)
        self._counts = {field: getattr(columns, field).tolist() for field in ENOUGH}
        self._days = columns.age_days.tolist()
        self._values = matrix.tolist()

    def text_of(self, row: int, number: int) -> str:
        """What a feature's value means, in words."""
        counts = {field: own[row] for field, own in self._counts.items()}
        return FEATURES[number].say(Seen(self._values[row][number], counts, self._days[row]))


def scores(model: Model, matrix: Matrix) -> Scores:
    """Scores of feature values, as extracted now or as kept with an earlier verdict."""
    contributions = model.contributions(matrix)
    logit = np.clip(model.base_logit + contributions.sum(axis=1), -MOST_LOGIT, MOST_LOGIT)
    return Scores(1.0 / (1.0 + np.exp(-logit)), logit, contributions, matrix)


def probabilities(model: Model, matrix: Matrix) -> Floats:
    """p_spam of (n, features) values."""
    return scores(model, matrix).p_spam
