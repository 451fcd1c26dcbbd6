"""Have the last nights moved away from those before them? One statistic a stream, made for nights of any size.

A stream is one figure of each follower, in [0, 1]: where a feature's value lies among earlier ones, whether it is
missing, the score. A night counts by the mean of its followers, and that mean strays for two reasons: few followers
came, and followers of one night resemble each other. Both are measured on the reference, the second by its upper
95 % bound (Q-profile: Viechtbauer, Statistics in Medicine 26, 2007), because few nights tell little about it.

Each night brings a scan: for every number of last nights from `FEWEST_NIGHTS` to `MOST_RECENT`, how many
standard errors lie between their mean and the reference's. No night counts for more than `MOST_OF_A_NIGHT` standard
deviations, so that an odd night never makes an alarm, nor do two unless a third one leans their way.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri, ndtri

from followguard.classifier.columns import Floats, Whole

FEWEST_NIGHTS = 3
MOST_RECENT = 14
MOST_OF_A_NIGHT = 2.5
ONE_FOLLOWER = 0.5
"""As much as one follower can shift a night's sum, in the stream's own unit, always counts as chance."""
ALARMS_A_QUARTER = 1.0
QUARTER = 91
SURE = 0.05
STEPS = 22
FEWEST_TOLD = 10
"""Nights of the reference in which a stream must have had something to say."""


@dataclass(frozen=True, slots=True)
class NightMeans:
    """Nights, oldest first, by streams: how many followers told something, their mean and their mean square.

    All three are (..., nights, streams); a leading axis stands for as many histories of the same length.
    """

    count: Floats
    mean: Floats
    square: Floats

    def part(self, start: int, stop: int) -> "NightMeans":
        """Returns the nights from `start` to before `stop`."""
        nights = (..., slice(start, stop), slice(None))
        return NightMeans(self.count[nights], self.mean[nights], self.square[nights])


@dataclass(frozen=True, slots=True)
class Scan:
    """(..., streams): standard errors, negative for a fall, and the number of last nights in which they are most."""

    strength: Floats
    nights: Whole


def limit(streams: int, of: int = 1) -> float:
    """Returns the standard errors of an alarm: Bonferroni's bound over streams, windows and the nights of a quarter.

    `of`: how many families of streams share the alarms of a quarter.
    """
    windows = MOST_RECENT - FEWEST_NIGHTS + 1
    return float(-ndtri(ALARMS_A_QUARTER / (2 * of * QUARTER * streams * windows)))


def night_means(values: Floats, night: Whole, nights: int) -> NightMeans:
    """Returns the nights of (n, streams) values, NaN for nothing told, by each row's number of night, from 0."""
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    cells = (night[:, None] * values.shape[1] + np.arange(values.shape[1])).ravel()
    shape = (nights, values.shape[1])

    def summed(weights: Floats) -> Floats:
        flat = np.bincount(cells, weights.ravel(), minlength=shape[0] * shape[1])
        return np.asarray(flat.reshape(shape), dtype=np.float64)

    count = summed(known.astype(np.float64))
    least = np.maximum(count, 1.0)
    return NightMeans(count, summed(filled) / least, summed(filled * filled) / least)


def scan(means: NightMeans, reference: int) -> Scan:
    """Compares the nights after the first `reference` ones with these. A stream without figures has strength 0."""
    nights = means.count.shape[-2]
    early, late = means.part(0, reference), means.part(reference, nights)
    spread = _within(early)
    between, told = _between(early, spread)
    weight = _weights(early, spread, between)
    total = np.maximum(weight.sum(axis=-2), 1e-300)
    centre = (weight * early.mean).sum(axis=-2) / total
    precision = _weights(late, spread, between) * told[..., None, :]
    deviation = (late.mean - centre[..., None, :]) * np.sqrt(precision)
    clipped = np.clip(deviation, -MOST_OF_A_NIGHT, MOST_OF_A_NIGHT) * np.sqrt(precision)
    sums = np.cumsum(clipped[..., ::-1, :], axis=-2)
    weights = np.cumsum(precision[..., ::-1, :], axis=-2)
    errors = np.sqrt(np.maximum(weights + weights**2 / total[..., None, :], 1e-300))
    found = (sums / errors)[..., FEWEST_NIGHTS - 1 :, :]
    best = np.abs(found).argmax(axis=-2)
    strength = np.take_along_axis(found, best[..., None, :], axis=-2)[..., 0, :]
    return Scan(strength, best + FEWEST_NIGHTS)


def _within(early: NightMeans) -> Floats:
    """Returns the variance of single followers over all nights, kept above 0 as if one more had been far off."""
    total = early.count.sum(axis=-2)
    least = np.maximum(total, 1.0)
    mean = (early.count * early.mean).sum(axis=-2) / least
    square = (early.count * early.square).sum(axis=-2) / least
    return np.asarray(np.maximum(square - mean**2, 0.0) + 0.25 / (least + 1.0))


def _between(early: NightMeans, spread: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Finds the upper bound on the variance between nights by bisection, and which streams have enough nights."""
    told = (early.count > 0).sum(axis=-2)
    aim = chdtri(np.maximum(told - 1, 1), 1.0 - SURE)
    low, high = np.zeros_like(spread), np.ones_like(spread)
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        above = _heterogeneity(early, spread, middle) > aim
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return low, told >= FEWEST_TOLD


def _heterogeneity(early: NightMeans, spread: Floats, between: Floats) -> Floats:
    """Returns Cochran's Q: the nights' squared distances from their mean, each by its due variance."""
    weight = _weights(early, spread, between)
    centre = (weight * early.mean).sum(axis=-2) / np.maximum(weight.sum(axis=-2), 1e-300)
    return np.asarray((weight * (early.mean - centre[..., None, :]) ** 2).sum(axis=-2))


def _weights(means: NightMeans, spread: Floats, between: Floats) -> Floats:
    """Returns 1 / the variance of each night's mean; 0 for a night that tells nothing."""
    least = np.maximum(means.count, 1.0)
    variance = spread[..., None, :] / least + (ONE_FOLLOWER / least) ** 2 + between[..., None, :]
    return np.where(means.count > 0, 1.0 / variance, 0.0)
