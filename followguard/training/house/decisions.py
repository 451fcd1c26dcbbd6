"""Decisions as arrays: what a house model learns from and the gate judges by, and how much each of them counts.

An audited card stands for those like it that stayed hidden: it counts 1 / its draw probability (Horvitz and Thompson
1952), at most `MOST_WEIGHT`, for a few large weights make a noisy estimate (truncation: Ionides 2008). A card of the
random sample counts once, whatever its score: it was never hidden, and for those that are the audit stands, which draws
from the rest. A card that somebody asked to see has no known probability: it teaches like a listed one, and estimates
leave it out.

A batch of look-alikes that people decided counts as one follower in all. Then no night and no batch gives more than
`MOST_SHARE` of a class's weight, nor any person once `MANY_PEOPLE` decide: what is above it is weighted down, never up.
Last, the class that lost less is brought down as far as the other: caps aren't to change the share of spam.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Flags, Floats, Matrix, Whole
from followguard.classifier.features import unpacked
from followguard.domain.labels import Label
from followguard.training.base.samples import Names
from followguard.training.retrain.exports import LabelRow

MOST_WEIGHT = 20.0
"""No audit draw counts for more cards than this. Chosen by simulation: `docs/audit.md`."""
MOST_SHARE = 0.2
MANY_PEOPLE = 5
SHARES = (MOST_SHARE, 1 / 4, 1 / 3, 1 / 2)
ROUNDS = 100
CLOSE = 1e-3
"""A share above its limit by less than this part of it is on it."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A share above `MOST_SHARE`: each of a class's `number` nights (batches, people) is held to `share`.

    `what`: night | batch | person; `spam`: which class.
    """

    what: str
    spam: bool
    number: int
    share: float


@dataclass(frozen=True, slots=True)
class Capped:
    """(n,) weights, none above what it was, and what couldn't be held to `MOST_SHARE`."""

    weights: Floats
    short_of: tuple[Shortfall, ...]


def sampling_weights(shown_because: Sequence[str], draw_probability: Sequence[float | None]) -> Floats:
    """Returns (n,) weights in [1, `MOST_WEIGHT`] of cards shown as "listed", "audit", "sample" or "asked".

    Raises ValueError for an audit draw without a probability in (0, 1].
    """
    return np.array([_weight(*pair) for pair in zip(shown_because, draw_probability, strict=True)], dtype=np.float64)


def _weight(shown_because: str, draw_probability: float | None) -> float:
    if shown_because != "audit":
        return 1.0
    if draw_probability is None or not 0.0 < draw_probability <= 1.0:
        raise ValueError(f"an audit draw has a probability above 0 and at most 1, not {draw_probability}")
    return min(MOST_WEIGHT, 1.0 / draw_probability)


def capped_weights(weights: Floats, spam: Flags, night: Names, batch: Names, person: Names) -> Capped:
    """Returns weights under the caps; (n,) each, `batch` "" for a follower who came in none.

    Where a class comes from n < 5 nights (people), each is held to 1 / n instead of 20 %. Where the caps can't hold
    together (few nights, each of one person), it is the least of 1/4, 1/3, 1/2 and 1
    at which they do. `short_of` names both.
    """
    capped = batches_as_one(np.asarray(weights, dtype=np.float64), batch)
    kinds = {"night": night, "batch": batch}
    if len(np.unique(person)) >= MANY_PEOPLE:
        kinds["person"] = person
    whole = capped.copy()
    short_of: list[Shortfall] = []
    for label in (False, True):
        rows = np.flatnonzero(spam == label)
        if len(rows):
            groups = {what: _groups(names[rows]) for what, names in kinds.items()}
            capped[rows], share = _together(capped[rows], list(groups.values()))
            short = {what: own for what, own in groups.items() if own.number and own.share(share) > MOST_SHARE}
            short_of += [Shortfall(what, label, own.number, own.share(share)) for what, own in short.items()]
    return Capped(_as_mixed_before(capped, whole, spam), tuple(short_of))


def _as_mixed_before(capped: Floats, whole: Floats, spam: Flags) -> Floats:
    """Brings both classes back into the proportion that they had in `whole`; no weight goes up."""
    kept = {label: _share_kept(capped, whole, spam == label) for label in (False, True)}
    scale = {label: min(kept.values()) / own for label, own in kept.items()}
    return np.asarray(capped * np.where(spam, scale[True], scale[False]))


def _share_kept(capped: Floats, whole: Floats, rows: Flags) -> float:
    """Tells how much of a class's weight the caps left; 1 for a class without weight."""
    total = float(whole[rows].sum())
    return float(capped[rows].sum()) / total if total > 0.0 else 1.0


def batches_as_one(weights: Floats, batch: Names) -> Floats:
    """Brings the weights of each batch down to a sum of 1, whatever was decided about its members."""
    names, group = np.unique(batch, return_inverse=True)
    totals = np.bincount(group, weights, minlength=len(names))
    scale = np.where(names == "", 1.0, 1.0 / np.maximum(totals, 1.0))
    return np.asarray(weights * scale[group])


@dataclass(frozen=True, slots=True)
class _Groups:
    """The group of each row, -1 for none, and how many groups there are."""

    of: NDArray[np.intp]
    number: int

    def share(self, wanted: float) -> float:
        """Returns the most that each may give: `wanted`, or where all rows are in too few groups, the same for each."""
        everybody = bool((self.of >= 0).all()) and self.number > 0
        return max(wanted, 1.0 / self.number) if everybody else wanted


def _groups(names: Names) -> _Groups:
    found, of = np.unique(names, return_inverse=True)
    none = int(found[0] == "")
    return _Groups(of - none, len(found) - none)


def _together(weights: Floats, groups: Sequence[_Groups]) -> tuple[Floats, float]:
    """Returns weights under all caps, and their share: the least at which a follower's worth of weight is left."""
    for share in SHARES:
        capped = _in_turn(weights, groups, share)
        if capped is not None and capped.sum() >= min(1.0, weights.sum()) * (1.0 - CLOSE):
            return capped, share
    return weights, 1.0


def _in_turn(weights: Floats, groups: Sequence[_Groups], share: float) -> Floats | None:
    """Applies the caps in turn until all hold, for one can break another's share. Returns None where they never do."""
    for _ in range(ROUNDS):
        before = weights.sum()
        for group in groups:
            weights = _capped_once(weights, group, group.share(share))
        if weights.sum() >= before * (1.0 - CLOSE):
            return weights
    return None


def _capped_once(weights: Floats, groups: _Groups, share: float) -> Floats:
    """Scales every group down to the cap c for which c = share * (the sum of all, each group at most c)."""
    if not groups.number:
        return weights
    inside = groups.of >= 0
    totals: Floats = np.bincount(groups.of[inside], weights[inside], minlength=groups.number).astype(np.float64)
    cap = _cap_of(np.sort(totals)[::-1], float(weights[~inside].sum()), share)
    scale = np.minimum(1.0, cap / np.maximum(totals, np.finfo(np.float64).tiny))
    return np.asarray(weights * np.where(inside, scale[groups.of], 1.0))


def _cap_of(ordered: Floats, free: float, share: float) -> float:
    """Returns c = share * (m c + the rest), the m greatest at the cap, for the least m with no other group above c.

    `free` is the weight outside all groups.
    """
    rest = float(ordered.sum()) + free
    for above, total in enumerate([float(each) for each in ordered]):
        room = 1.0 - share * above
        cap = share * rest / room if room > CLOSE else float(ordered[-1])
        if total <= cap * (1.0 + CLOSE):
            return max(cap, total)
        rest -= total
    return share * rest / max(CLOSE, 1.0 - share * len(ordered))


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
        """Returns the chosen decisions, by flag or by number."""
        return DecisionArrays(*(getattr(self, name)[rows] for name in self.__slots__))

    def both_labels(self) -> bool:
        """Tells whether there is spam as well as somebody genuine: one alone can't be told apart."""
        return bool(self.spam.any() and not self.spam.all())


def clusters(decided: DecisionArrays) -> Whole:
    """Numbers each decision's cluster, (n,): decisions of one night, or of one batch, stay together.

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
    """Gives equal names equal numbers, by first appearance."""
    _, first, number = np.unique(names, return_index=True, return_inverse=True)
    rank: Whole = np.argsort(np.argsort(first, kind="stable"), kind="stable")
    return np.asarray(rank[number], dtype=np.int64)


def decided_of(rows: Sequence[LabelRow]) -> tuple[DecisionArrays, Capped]:
    """Returns the rows, oldest first, with weights under the caps, and which shares couldn't be held."""
    spam = np.array([row.label is Label.SPAM for row in rows], dtype=bool)
    drawn = sampling_weights([row.shown_because for row in rows], [row.draw_probability for row in rows])
    night, batch, person, key = (
        np.array([getattr(row, name) for row in rows], dtype=np.str_) for name in ("night", "batch", "person", "key")
    )
    capped = capped_weights(drawn, spam, night, batch, person)
    matrix = np.stack([unpacked(row.features) for row in rows])
    return DecisionArrays(matrix, spam, capped.weights, night, batch, person, key), capped


def not_learned(decided: DecisionArrays, learned: Collection[str]) -> Flags:
    """Flags (n,) decisions about followers whose key (`DecisionArrays.key`) isn't among those learned from."""
    return ~np.isin(decided.key, np.array(sorted(learned), dtype=np.str_))


def said_of(decided: DecisionArrays, p_spam: Floats, asked: Sequence[tuple[str, bytes]]) -> list[float | None]:
    """Returns what `p_spam` (n,), NaN for nothing, says about each key with its packed feature values.

    None where it says nothing, or the decision was made on other values.
    """
    rows = {str(key): row for row, key in enumerate(decided.key) if not np.isnan(p_spam[row])}
    found: list[float | None] = []
    for key, features in asked:
        row = rows.get(key)
        same = row is not None and np.array_equal(unpacked(features), decided.matrix[row], equal_nan=True)
        found.append(float(p_spam[row]) if same else None)
    return found
