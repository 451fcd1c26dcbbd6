"""Folds what was learned into tables, so that a house model is scored, explained and stored as the base model is."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from followguard.classifier.columns import Floats, Matrix
from followguard.classifier.model import FeaturePair, Part, Tables, bins_of

DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Moves:
    """What was learned, in the scale of the tables, before a part's slopes.

    `follow` is (features,): 1 follows the base as it is. `constant` is what a row gains all of whose values are known.
    `cuts` and `steps` are one array of edges, and one of bins, for each feature.
    """

    follow: Floats
    constant: float
    cuts: tuple[Matrix, ...]
    steps: tuple[Floats, ...]
    pairs: tuple[FeaturePair, ...]


def moved_part(part: Part, moves: Moves, matrix: Matrix) -> Part:
    """A part of the base model with the moves in it; `matrix` are the decisions' values, for their reach."""
    merged = [
        _merged((edges, steps), moves, number, reach_of(matrix[:, number]))
        for number, (edges, steps) in enumerate(zip(part.tables.edges, part.tables.steps, strict=True))
    ]
    tables = Tables(tuple(edges for edges, _ in merged), tuple(steps for _, steps in merged))
    return Part(tables, part.slope_up, part.slope_down, moves.pairs)


def reach_of(column: Matrix) -> Matrix:
    """Edges below the least and on the greatest known value; none where no value is known."""
    known = column[~np.isnan(column)]
    if not len(known):
        return np.zeros(0, dtype=np.float32)
    return np.array([np.nextafter(known.min(), np.float32(-np.inf)), known.max()], dtype=np.float32)


def _merged(table: tuple[Matrix, Floats], moves: Moves, number: int, reach: Matrix) -> tuple[Matrix, Floats]:
    """The base's table of a feature and its moves as one: the edges of both, and 0 beyond what either saw."""
    edges, steps = table
    follow = moves.follow[number]
    if not len(reach):
        return edges, np.round(follow * steps, DECIMALS)
    both: Matrix = np.unique(np.concatenate([edges, moves.cuts[number], reach]))
    upper: Matrix = np.append(both, np.float32(np.inf))
    own = moves.steps[number][bins_of(upper, moves.cuts[number])] + moves.constant / len(moves.steps)
    found = follow * steps[bins_of(upper, edges)] + own
    found[[0, -1]] = 0.0
    return both, np.round(found, DECIMALS)


def pair_of(pair: tuple[int, int], cuts: Mapping[int, Matrix], steps: Floats, matrix: Matrix) -> FeaturePair:
    """The table of two features, with cells of 0 around what the decisions showed."""
    first, second = (_within(cuts[number], reach_of(matrix[:, number])) for number in pair)
    return FeaturePair(*pair, first, second, np.pad(np.round(steps, DECIMALS), 1))


def _within(cuts: Matrix, reach: Matrix) -> Matrix:
    edges: Matrix = np.concatenate([reach[:1], cuts, reach[1:]])
    return edges
