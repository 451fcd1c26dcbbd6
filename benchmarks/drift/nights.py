"""Simulated nights for the drift bench: followers drawn from a population, one by one or as campaigns bring them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from followguard.classifier.columns import Flags, Floats, Matrix, Whole
from followguard.drift.watch import MOST_A_NIGHT
from followguard.training.base.samples import Names

SHARE, RAISED = 0.15, 0.45
STRAYS = 0.08
"""Standard deviation between nights of the share of spam about `SHARE`, where nights are uneven."""
LEADING, THEMED = 0.7, 0.3
BEGINS, GOES_ON = 1 / 10, 1 / 3
ALIKE, ANCHORS, LOOK_ALIKES = 200, 300, 20
Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class People:
    """Followers to draw from: features and scores of all; rows of the genuine ones and of each spam group.

    `alike` holds for some genuine anchors the `ALIKE` genuine rows nearest to each.
    """

    matrix: Matrix
    p_spam: Floats
    genuine: Whole
    groups: tuple[Whole, ...]
    alike: Whole

    def of_groups(self, group: Whole, rng: Rng) -> Whole:
        """Draws a row of each of the given groups."""
        sizes = np.array([len(rows) for rows in self.groups])
        starts = np.cumsum(sizes) - sizes
        places = starts[group] + (rng.random(len(group)) * sizes[group]).astype(np.int64)
        return np.asarray(np.concatenate(self.groups)[places])


def people(matrix: Matrix, p_spam: Floats, spam: Flags, group: Names, rng: Rng) -> People:
    """Finds the genuine rows nearest to some anchors by the ranks of all features; unknown values are in the middle."""
    genuine = np.flatnonzero(~spam)
    ranks = np.argsort(np.argsort(matrix[genuine], axis=0), axis=0) / len(genuine)
    ranks = np.where(np.isnan(matrix[genuine]), 0.5, ranks)
    anchors = rng.choice(len(genuine), min(ANCHORS, len(genuine)), replace=False)
    near = [np.argsort(((ranks - ranks[anchor]) ** 2).sum(axis=1))[:ALIKE] for anchor in anchors]
    groups = tuple(np.flatnonzero(spam & (group == name)) for name in np.unique(group[spam]))
    return People(matrix, p_spam, genuine, groups, genuine[np.array(near)])


Draw = Callable[[People, Whole, Floats, Rng], list[Whole]]
"""Rows of the people for each night, given how many come in each, and the share of spam in each."""


def independent(known: People, sizes: Whole, shares: Floats, rng: Rng) -> list[Whole]:
    """Draws every follower alone; each spam group is as likely as the others."""
    return [_mixed(known, int(size), share, rng)[0] for size, share in zip(sizes, shares, strict=True)]


def uneven(known: People, sizes: Whole, shares: Floats, rng: Rng) -> list[Whole]:
    """Draws nights whose followers resemble each other: the share of spam strays, and one group and one theme lead."""
    return [_uneven_night(known, int(size), share, rng) for size, share in zip(sizes, shares, strict=True)]


def campaigns(known: People, sizes: Whole, shares: Floats, rng: Rng) -> list[Whole]:
    """Draws uneven nights, some with a campaign: part of the night copies a few accounts of one group."""
    alike: Whole | None = None
    nights = uneven(known, sizes, shares, rng)
    for number, size in enumerate(sizes):
        runs = rng.random() < (BEGINS if alike is None else GOES_ON)
        alike = (_look_alikes(known, rng) if alike is None else alike) if runs else None
        if alike is not None:
            copies = rng.random(size) < rng.uniform(0.1, 0.6)
            nights[number] = np.where(copies, rng.choice(alike, size), nights[number])
    return nights


DRAWS: dict[str, Draw] = {"independent": independent, "uneven": uneven, "campaigns": campaigns}


def _uneven_night(known: People, size: int, share: float, rng: Rng) -> Whole:
    concentration = share * (1.0 - share) / STRAYS**2 - 1.0
    tonight = rng.beta(share * concentration, (1.0 - share) * concentration)
    rows, spam = _mixed(known, size, tonight, rng)
    leading = known.of_groups(np.full(size, rng.integers(len(known.groups))), rng)
    theme = rng.choice(known.alike[rng.integers(len(known.alike))], size)
    rows = np.where(spam & (rng.random(size) < LEADING), leading, rows)
    return np.where(~spam & (rng.random(size) < THEMED), theme, rows)


def _look_alikes(known: People, rng: Rng) -> Whole:
    return known.of_groups(np.full(LOOK_ALIKES, rng.integers(len(known.groups))), rng)


def _mixed(known: People, size: int, share: float, rng: Rng) -> tuple[Whole, Flags]:
    """Draws rows, and which of them are spam; each spam group is as likely as the others."""
    spam = rng.random(size) < share
    drawn = known.of_groups(rng.integers(len(known.groups), size=size), rng)
    return np.where(spam, drawn, rng.choice(known.genuine, size)), spam


def changing(nights: int, rng: Rng) -> Whole:
    """Draws sizes of nights: half below 50, one in twenty beyond 400, capped at the most that is looked at."""
    sizes = np.exp(rng.normal(np.log(50.0), 1.3, nights)).round()
    return np.clip(sizes, 1, MOST_A_NIGHT).astype(np.int64)


def sizes_of(name: str, nights: int, rng: Rng) -> Whole:
    """Sizes each night: always as many as `name` says, or `changing`."""
    return changing(nights, rng) if name == "changing" else np.full(nights, int(name))
