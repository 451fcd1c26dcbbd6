"""The one scoring path: profiles in, probabilities and reasons that add up out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Matrix, ProfileColumns
from followguard.classifier.facts import ENOUGH
from followguard.classifier.features import FEATURES, extract, packed, schema_hash, unpacked
from followguard.classifier.model import Model, Scores, probabilities, scores
from followguard.classifier.reasons import by_kind, notes_of, reasons_of, with_notes
from followguard.classifier.recalibration import stretched
from followguard.classifier.wording import Quotable
from followguard.domain.follower import Profile
from followguard.domain.policy import Verdict


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
        quotable = _quotable(columns, found.features)
        notes = notes_of(columns, self.model.beyond(found.features))
        schema = schema_hash()
        p_spam, logits = found.p_spam.tolist(), found.logit.tolist()
        weights, kinds = found.contributions.tolist(), by_kind(found.contributions).tolist()
        return [
            Verdict(
                p_spam=p_spam[row],
                base_logit=self.base_logit,
                reasons=with_notes(
                    reasons_of(weights[row], kinds[row], self.base_logit, logits[row] - self.base_logit, seen),
                    notes[row],
                ),
                model=self.name,
                features=packed(found.features[row]),
                feature_schema=schema,
                slope=self.slope,
            )
            for row, seen in enumerate(quotable)
        ]


def _quotable(columns: ProfileColumns, matrix: Matrix) -> list[Quotable]:
    """Returns the figures that each row's texts quote."""
    counts = zip(*(getattr(columns, field).tolist() for field in ENOUGH), strict=True)
    names = [feature.name for feature in FEATURES]
    return [
        Quotable(dict(zip(ENOUGH, row, strict=True)), dict(zip(names, values, strict=True)), days)
        for row, values, days in zip(counts, matrix.tolist(), columns.age_days.tolist(), strict=True)
    ]


def kept_probabilities(model: Model, values: Sequence[bytes]) -> list[float]:
    """Returns p_spam in [0, 1] for each row of values, packed as in `Verdict.features` by today's table."""
    if not values:
        return []
    return [float(p_spam) for p_spam in probabilities(model, np.stack([unpacked(each) for each in values]))]
