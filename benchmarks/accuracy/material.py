"""The rows of the accuracy bench: the public sets, and which rows each protocol keeps from training."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from followguard.classifier.columns import Flags, Floats
from followguard.domain.labels import LabelledProfile
from followguard.training.base.fitting import families_of
from followguard.training.base.protocol import CRESCI, GENUINE, held_out
from followguard.training.base.public_sets import int_ids, load_public_sets
from followguard.training.base.samples import Names, Samples, capped, samples_of

FAKES, E13, CRESCI_2015, INT = "fake_followers", "e13", "cresci-2015", "int"
SETS = (CRESCI_2015, CRESCI, "caverlee-2011", "human-bots-2020")
CRESCI_FAMILY, HOME, HOME_FOLDS = "both sets of Cresci", "human-bots-2020", 5
COUNTS = ("followers_count", "following_count", "tweet_count", "like_count", "listed_count")


@dataclass(frozen=True, slots=True)
class Material:
    """The labelled rows; `counts` are (n, 5) raw counts in the order of `COUNTS`, NaN where a set has none.

    `of_int` marks the accounts of the vendor INT among the bought followers.
    """

    samples: Samples
    counts: Floats
    of_int: Flags

    def where(self, rows: Flags) -> "Material":
        """Keeps the chosen rows."""
        return Material(self.samples.where(rows), self.counts[rows], self.of_int[rows])


@dataclass(frozen=True, slots=True)
class Case:
    """A population that training doesn't see; `measured` are the rows that the model is then asked about.

    `source` names the set that each row belongs to: a whole set is held out only where that is clear.
    """

    letter: str
    name: str
    unseen: Flags
    measured: Flags
    source: Names


def material(directory: Path, most: int | None = None) -> Material:
    """Loads all four sets; with `most`, no more rows of each group and label, for a quick look."""
    rows = load_public_sets(directory)
    vendor = int_ids(directory)
    whole = Material(samples_of(rows), _counts(rows), np.array([row.profile.id in vendor for row in rows], dtype=bool))
    if most is None:
        return whole
    kept = capped(whole.samples, most, np.random.default_rng(0)).id
    return whole.where(np.isin(whole.samples.id, kept))


def _counts(rows: list[LabelledProfile]) -> Floats:
    values = [[getattr(row.profile, field) for field in COUNTS] for row in rows]
    return np.array(values, dtype=np.float64)


def cases(known: Material) -> Iterator[Case]:
    """Yields (b) each spam group of Cresci 2017, (c) the vendor INT twice, (d) each of the four sets, (f) families."""
    samples = known.samples
    for group in np.unique(samples.group[(samples.source == CRESCI) & samples.spam]):
        case = held_out(samples, str(group))
        yield Case("b", str(group), case.unseen, case.measured, samples.source)
    for genuine in (GENUINE, E13):
        rows = known.of_int | (samples.group == genuine)
        yield Case("c", f"INT and {genuine}", rows, rows, samples.source)
    source = np.where(samples.group == FAKES, CRESCI_2015, samples.source)
    for name in SETS:
        rows = source == name
        yield Case("d", name, rows, rows, source)
    rows = families_of(samples) == "cresci"
    yield Case("f", CRESCI_FAMILY, rows, rows, samples.source)
    fold = np.random.default_rng(0).integers(HOME_FOLDS, size=len(samples))
    for number in range(HOME_FOLDS):
        rows = (samples.source == HOME) & (fold == number)
        yield Case("f", f"{HOME}, part {number + 1}", rows, rows, samples.source)


def bought_followers(known: Material) -> Samples:
    """Keeps the rows of protocol (a): the bought followers and E13 alone.

    The vendor INT stands as a group of its own, for calibration holds whole groups out and needs more than one.
    """
    rows = np.isin(known.samples.group, [FAKES, E13])
    kept = known.samples.where(rows)
    return replace(kept, group=np.where(known.of_int[rows], INT, kept.group))
