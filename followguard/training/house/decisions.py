"""Decisions as arrays: what a house model learns from and the gate judges by."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Flags, Floats, Matrix, Whole
from followguard.training.base.samples import Names

NO_BATCH = ""


@dataclass(frozen=True, slots=True)
class DecisionArrays:
    """n decisions with a label, oldest first, each with the feature values that it was made on.

    `matrix` is (n, features), NaN unknown. `weight` is how much each counts, 0 for not at all (`sampling_weights`).
    `night` ("acme 2026-11-22") is when the follower was first seen, `batch` ("acme 7", "" for none) with which
    look-alikes, `person` who decided, `key` about whom, both under any name that is nobody else's. Raises ValueError
    where the arrays differ in length.
    """

    matrix: Matrix
    spam: Flags
    weight: Floats
    night: Names
    batch: Names
    person: Names
    key: Names

    def __post_init__(self) -> None:
        lengths = {len(getattr(self, name)) for name in self.__slots__}
        if len(lengths) != 1:
            raise ValueError(f"decisions need arrays of one length, not {sorted(lengths)}")

    def __len__(self) -> int:
        return len(self.spam)

    def where(self, rows: Flags | Whole) -> "DecisionArrays":
        """The chosen decisions, by flag or by number."""
        return DecisionArrays(*(getattr(self, name)[rows] for name in self.__slots__))

    def both_labels(self) -> bool:
        """Whether there is spam as well as somebody genuine: without either nothing can be told apart."""
        return bool(self.spam.any() and not self.spam.all())


def clusters(decided: DecisionArrays) -> Whole:
    """(n,) the number of each decision's cluster: decisions of one night, or of one batch, stay together.

    Clusters are numbered by their first decision.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    nights, batches = _numbers(decided.night), _numbers(decided.batch) + len(decided)
    batched = decided.batch != NO_BATCH
    links = coo_matrix((np.ones(batched.sum()), (nights[batched], batches[batched])), shape=(2 * len(decided) + 1,) * 2)
    _, part = connected_components(links, directed=False)
    return _numbers(part[nights])


def _numbers(names: NDArray[np.generic]) -> Whole:
    """Equal names get equal numbers, by first appearance."""
    _, first, number = np.unique(names, return_index=True, return_inverse=True)
    rank: Whole = np.argsort(np.argsort(first, kind="stable"), kind="stable")
    return np.asarray(rank[number], dtype=np.int64)
