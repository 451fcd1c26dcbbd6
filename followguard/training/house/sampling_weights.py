"""How much each decision counts in training: how its card came to be shown, and nobody and no night above their share.

    sampling_weights(shown_because, draw_probability)      -> (n,) weights, 1 for what was listed or asked for
    capped_weights(weights, spam, night, batch, person)    -> Capped: (n,) weights, and which shares can't be held
    effective_number(weights)                              -> how many equal weights tell as much

An audited card stands for those like it that stayed hidden: it counts 1 / its draw probability (Horvitz and Thompson
1952), at most `MOST_WEIGHT`, for a few large weights make a noisy estimate (truncation: Ionides 2008). A card that
somebody asked to see has no known probability: it teaches like a listed one, and estimates leave it out.

A batch of look-alikes that people decided counts as one follower in all. Then no night and no batch gives more than
`MOST_SHARE` of a class's weight, nor any person once `MANY_PEOPLE` decide: what is above it is weighted down, never up.
Last, the class that lost less is brought down as far as the other: caps aren't to change the share of spam.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Flags, Floats

Names = NDArray[np.str_]

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
    """What couldn't be held to `MOST_SHARE`: each of a class's `number` nights (batches, people) is held to `share`.

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
    """(n,) weights in [1, `MOST_WEIGHT`] of cards shown as "listed", "audit" or "asked".

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
    """Weights under the caps; (n,) each, `batch` "" for a follower who came in none.

    Where a class comes from n < 5 nights (people), no weighting holds each to 20 %: then it is 1 / n, the same for
    each. Where the caps can't hold together (few nights, each of one person), it is the least of 1/4, 1/3, 1/2 and 1
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
    """The capped weights with both classes in the proportion that they had in `whole`; no weight goes up."""
    kept = {label: _share_kept(capped, whole, spam == label) for label in (False, True)}
    scale = {label: min(kept.values()) / own for label, own in kept.items()}
    return np.asarray(capped * np.where(spam, scale[True], scale[False]))


def _share_kept(capped: Floats, whole: Floats, rows: Flags) -> float:
    """How much of a class's weight the caps left; 1 for a class without weight."""
    total = float(whole[rows].sum())
    return float(capped[rows].sum()) / total if total > 0.0 else 1.0


def batches_as_one(weights: Floats, batch: Names) -> Floats:
    """The weights with those of each batch brought down to a sum of 1, whatever was decided about its members."""
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
        """The most that each may give: `wanted`, or where all rows are in too few groups, the same for each."""
        everybody = bool((self.of >= 0).all()) and self.number > 0
        return max(wanted, 1.0 / self.number) if everybody else wanted


def _groups(names: Names) -> _Groups:
    found, of = np.unique(names, return_inverse=True)
    none = int(found[0] == "")
    return _Groups(of - none, len(found) - none)


def _together(weights: Floats, groups: Sequence[_Groups]) -> tuple[Floats, float]:
    """Weights under all caps, and the share they hold: the least at which a follower's worth of weight is left."""
    for share in SHARES:
        capped = _in_turn(weights, groups, share)
        if capped is not None and capped.sum() >= min(1.0, weights.sum()) * (1.0 - CLOSE):
            return capped, share
    return weights, 1.0


def _in_turn(weights: Floats, groups: Sequence[_Groups], share: float) -> Floats | None:
    """One cap can break another's share, because the sum falls: so in turn, until all hold. None: they never do."""
    for _ in range(ROUNDS):
        before = weights.sum()
        for group in groups:
            weights = _capped_once(weights, group, group.share(share))
        if weights.sum() >= before * (1.0 - CLOSE):
            return weights
    return None


def _capped_once(weights: Floats, groups: _Groups, share: float) -> Floats:
    """Every group scaled down to the cap c for which c = share * (the sum of all, each group at most c)."""
    if not groups.number:
        return weights
    inside = groups.of >= 0
    totals: Floats = np.bincount(groups.of[inside], weights[inside], minlength=groups.number).astype(np.float64)
    cap = _cap_of(np.sort(totals)[::-1], float(weights[~inside].sum()), share)
    scale = np.minimum(1.0, cap / np.maximum(totals, np.finfo(np.float64).tiny))
    return np.asarray(weights * np.where(inside, scale[groups.of], 1.0))


def _cap_of(ordered: Floats, free: float, share: float) -> float:
    """With the m greatest at the cap: c = share * (m c + the rest), for the least m that leaves no other group above c.

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
