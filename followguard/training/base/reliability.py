"""Does the probability mean what it says? Figures of one population at any share of spam, with bootstrap intervals.

The share of spam in a labelled set is an accident of how it was collected. So spam and genuine rows are counted up
apart, each to a mass of 1, and every figure that depends on the share takes it as an argument. The model isn't told.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Flags, Floats

BINS = 15
RESAMPLES = 500
COVERED = 0.95
"""The share of resamples that an interval holds."""
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ScoreTally:
    """Distinct scores, rising, and which share of the spam and of the genuine rows has each. Both shares sum to 1."""

    levels: Floats
    spam: Floats
    genuine: Floats

    def auc(self) -> float:
        """Tells how often a spam row scores above a genuine one; a tie counts half."""
        below = np.cumsum(self.genuine) - self.genuine / 2.0
        return float(self.spam @ below)

    def recall_at_fpr(self, rate: float) -> float:
        """Returns the share of spam above a cutoff that at most `rate` of genuine rows reach. Ties count against."""
        reaching = np.cumsum(self.genuine[::-1])[::-1]
        return float(self.spam[reaching <= rate + 1e-12].sum())

    def reaching(self, cutoff: float) -> tuple[float, float]:
        """Returns the shares of spam and genuine rows at or above a cutoff: a score on it counts, as in `Cutoffs`."""
        first = int(np.searchsorted(self.levels, cutoff, side="left"))
        return float(self.spam[first:].sum()), float(self.genuine[first:].sum())

    def balanced_accuracy(self, cutoff: float) -> float:
        """Returns the mean of the shares of spam and of genuine rows that fall on their own side of the cutoff."""
        spam, genuine = self.reaching(cutoff)
        return (spam + 1.0 - genuine) / 2.0

    def brier(self, prevalence: float) -> float:
        """Returns the mean squared distance between probability and answer where `prevalence` of the rows are spam."""
        of_spam = self.spam @ (1.0 - self.levels) ** 2
        of_genuine = self.genuine @ self.levels**2
        return float(prevalence * of_spam + (1.0 - prevalence) * of_genuine)

    def ece(self, prevalence: float) -> float:
        """Returns the expected calibration error over 15 bins of equal mass: the mean distance of word and outcome."""
        curve = self.curve(prevalence)
        return float(curve.mass @ np.abs(curve.said - curve.came))

    def curve(self, prevalence: float) -> "Curve":
        """Returns what was said and what came, bin by bin. Equal scores share a bin, so masses are nearly equal."""
        mass = prevalence * self.spam + (1.0 - prevalence) * self.genuine
        middle = np.cumsum(mass) - mass / 2.0
        places = np.minimum((middle * BINS).astype(np.int64), BINS - 1)
        total, said, came = (
            np.asarray(np.bincount(places, weights=weights, minlength=BINS), dtype=np.float64)
            for weights in (mass, mass * self.levels, prevalence * self.spam)
        )
        full = total > 0.0
        return Curve(said[full] / total[full], came[full] / total[full], total[full])


@dataclass(frozen=True, slots=True)
class Curve:
    """A reliability curve: mean p_spam, share of spam and mass of each bin that holds anything. The masses sum to 1."""

    said: Floats
    came: Floats
    mass: Floats


@dataclass(frozen=True, slots=True)
class Interval:
    """The middle 95 % of a figure over resampled populations."""

    low: float
    high: float

    @classmethod
    def of(cls, values: Floats) -> "Interval":
        """Returns the mean and interval of one value a resample."""
        low, high = np.quantile(values, ((1.0 - COVERED) / 2.0, (1.0 + COVERED) / 2.0))
        return cls(float(low), float(high))


class Judged:
    """A population with its answers and the scores that a model gave it."""

    def __init__(self, spam: Flags, scores: Floats) -> None:
        """Raises ValueError unless there are rows of both answers."""
        if not spam.any() or spam.all():
            raise ValueError("spam and genuine rows are needed to compare them")
        self._levels, places = np.unique(scores, return_inverse=True)
        self._places = {True: places[spam], False: places[~spam]}

    def tally(self) -> ScoreTally:
        """Tallies each row once."""
        return ScoreTally(self._levels, self._shares(self._places[True]), self._shares(self._places[False]))

    def resampled(self, seed: int, name: str, resamples: int = RESAMPLES) -> Iterator[ScoreTally]:
        """Draws as many rows of each answer, with replacement, `resamples` times.

        Populations that share their genuine rows share their draws of them under the same seed; spam is drawn by
        `name`. So a mean over populations can be resampled as a whole.
        """
        of_genuine = np.random.default_rng([seed, 0])
        of_spam = np.random.default_rng([seed, 1, *name.encode()])
        for _ in range(resamples):
            yield ScoreTally(self._levels, self._drawn(True, of_spam), self._drawn(False, of_genuine))

    def _drawn(self, spam: bool, rng: np.random.Generator) -> Floats:
        places = self._places[spam]
        return self._shares(places[rng.integers(len(places), size=len(places))])

    def _shares(self, places: Counts) -> Floats:
        return np.asarray(np.bincount(places, minlength=len(self._levels)) / len(places))


def told(p_spam: Floats, assumed: float, prevalence: float) -> Floats:
    """Returns the probabilities of a model that assumed one share of spam under another (Bayes' rule)."""
    spam, genuine = p_spam * prevalence / assumed, (1.0 - p_spam) * (1.0 - prevalence) / (1.0 - assumed)
    return np.asarray(spam / (spam + genuine))
