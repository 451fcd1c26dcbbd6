"""The one scoring path: profiles in, probabilities and reasons that add up out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.domain.follower import Profile
from followguard.domain.verdict import Verdict
from followguard.learning.columns import ProfileColumns
from followguard.learning.facts import DAYS_TO_SETTLE, ENOUGH
from followguard.learning.features import FEATURES, Matrix, extract, packed
from followguard.learning.forest import Floats
from followguard.learning.model import Model
from followguard.learning.reasons import reasons_of
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
        return [self._verdict(columns, found, row) for row in range(len(columns))]

    def _verdict(self, columns: ProfileColumns, found: Scores, row: int) -> Verdict:
        counts = {field: float(getattr(columns, field)[row]) for field in ENOUGH}
        young = bool(columns.age_days[row] < DAYS_TO_SETTLE)

        def text_of(number: int) -> str:
            return FEATURES[number].say(Seen(float(found.features[row, number]), counts, young))

        total = float(found.logit[row]) - self.base_logit
        return Verdict(
            p_spam=float(found.p_spam[row]),
            base_logit=self.base_logit,
            reasons=reasons_of(found.contributions[row].tolist(), total, text_of),
            model=self.name,
            features=packed(found.features[row]),
        )


def scores(model: Model, matrix: Matrix) -> Scores:
    """Scores of feature values, as extracted now or as kept with an earlier verdict."""
    contributions = model.contributions(matrix)
    logit = np.clip(model.base_logit + contributions.sum(axis=1), -MOST_LOGIT, MOST_LOGIT)
    return Scores(1.0 / (1.0 + np.exp(-logit)), logit, contributions, matrix)


def probabilities(model: Model, matrix: Matrix) -> Floats:
    """p_spam of (n, features) values."""
    return scores(model, matrix).p_spam
