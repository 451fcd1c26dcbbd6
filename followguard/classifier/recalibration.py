"""The base model's probabilities, moved by an account's own random decisions: an intercept and a slope.

logit' = base_logit + intercept + slope * s, where s is the sum of a follower's contributions. Before any decision the
intercept is normal around 0 with sd 2.5 and the slope's logarithm with sd 1.0; what is served is the posterior mode.
The posterior mean, and curves fitted to the mean probability, were further off on populations never seen
(`docs/experiments.md`).

Each decision counts once. In one night everybody is drawn with the same probability, and given the score a draw says
nothing of the answer. Nights differ: weights of 1 / probability would make the figures those of the followers that
came, and a night of 300 bought ones would outweigh all the others for good. Nights are what comes again, so that their
draws count alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp

import numpy as np

from followguard.classifier.columns import Flags, Floats
from followguard.classifier.features import unpacked
from followguard.classifier.model import MOST_LOGIT, Model, Scores, scores

INTERCEPT_SD = 2.5
LOG_SLOPE_SD = 1.0
DECIMALS = 6
"""Intercept and slope are rounded, so that another order of sums on another machine gives the same probabilities."""
STEPS = 100
CLOSE = 1e-10
MOST_EXPONENT = 30.0
"""Keeps a trial step from overflowing; the mode lies far inside."""


@dataclass(frozen=True, slots=True)
class Recalibration:
    """How an account's scores differ from the base model's: both in log-odds, `slope` above 0."""

    intercept: float = 0.0
    slope: float = 1.0


UNMOVED = Recalibration()


def recalibrated(sums: Floats, spam: Flags, base_logit: float) -> Recalibration:
    """Returns the posterior mode after n random decisions: (n,) sums of contributions, and the answers."""
    if not len(sums):
        return UNMOVED
    intercept, log_slope = _mode(_Evidence(sums, spam.astype(np.float64), base_logit))
    return Recalibration(round(float(intercept), DECIMALS), round(exp(log_slope), DECIMALS))


def sums_of(model: Model, values: Sequence[bytes]) -> list[float]:
    """Returns the sum of the contributions for each row of values, packed as in `Verdict.features` by today's table."""
    if not values:
        return []
    found = scores(model, np.stack([unpacked(each) for each in values]))
    return [float(each) for each in found.logit - model.base_logit]


def fitted(sums: Sequence[float], spam: Sequence[bool], base_logit: float) -> Recalibration:
    """Returns `recalibrated` for plain numbers, as they stand on record."""
    return recalibrated(np.array(sums, dtype=np.float64), np.array(spam, dtype=bool), base_logit)


def stretched(found: Scores, base_logit: float, slope: float) -> Scores:
    """Returns the scores with contributions times the slope; `base_logit` is what the logits start from."""
    if slope == 1.0:
        return found
    logit = np.clip(base_logit + slope * (found.logit - base_logit), -MOST_LOGIT, MOST_LOGIT)
    p_spam = 1.0 / (1.0 + np.exp(-logit))
    return replace(found, p_spam=p_spam, logit=logit, contributions=slope * found.contributions)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What decisions say about (intercept, log slope): the loss is minus the log of the posterior, up to a constant."""

    sums: Floats
    spam: Floats
    base_logit: float

    def loss(self, at: Floats) -> float:
        logit = self._logit(at)
        unlikely = np.sum(np.logaddexp(0.0, logit) - self.spam * logit)
        return float(unlikely + 0.5 * (at * at) @ _PRECISION)

    def slopes(self, at: Floats) -> tuple[Floats, Floats]:
        """Returns the gradient (2,) and a curvature (2, 2) that is always positive: Fisher's, with the prior's."""
        p_spam = 1.0 / (1.0 + np.exp(-self._logit(at)))
        along = np.stack([np.ones(len(self.sums)), np.exp(at[1]) * self.sums])
        gradient = along @ (p_spam - self.spam) + at * _PRECISION
        curvature = (along * (p_spam * (1.0 - p_spam))) @ along.T + np.diag(_PRECISION)
        return gradient, curvature

    def _logit(self, at: Floats) -> Floats:
        moved = self.base_logit + at[0] + np.exp(at[1]) * self.sums
        return np.asarray(np.clip(moved, -MOST_EXPONENT, MOST_EXPONENT))


_PRECISION = np.array([INTERCEPT_SD**-2, LOG_SLOPE_SD**-2])


def _mode(evidence: _Evidence) -> Floats:
    """Walks down from the prior's mode by Fisher scoring, halving each step until it loses nothing."""
    at = np.zeros(2)
    for _ in range(STEPS):
        gradient, curvature = evidence.slopes(at)
        step: Floats = np.asarray(np.linalg.solve(curvature, gradient), dtype=np.float64)
        size = _size(evidence, at, step)
        at = at - size * step
        if size * np.abs(step).max() < CLOSE:
            break
    return at


def _size(evidence: _Evidence, at: Floats, step: Floats) -> float:
    before, size = evidence.loss(at), 1.0
    while size > CLOSE and evidence.loss(at - size * step) > before:
        size /= 2.0
    return size
