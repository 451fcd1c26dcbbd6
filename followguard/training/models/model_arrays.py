"""Tells whether a model can be made of the arrays of a file: names, types, shapes, numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.features import FEATURES
from followguard.classifier.model import Parts, content_hash
from followguard.classifier.trees import LEAF

NUMBERS = "f"
WHOLE = "i"
OWN = {"edges": NUMBERS, "steps": NUMBERS, "bins": WHOLE, "slopes": NUMBERS, "base": NUMBERS, "likes": WHOLE}
OF_TREES = {
    "gate_edges": NUMBERS, "gate_steps": NUMBERS, "gate_bins": WHOLE, "gate_weights": NUMBERS, "gate_settled": WHOLE,
    "tree_feature": WHOLE, "tree_threshold": NUMBERS, "tree_children": WHOLE, "tree_cover": NUMBERS,
    "tree_value": NUMBERS, "tree_level": WHOLE,
}  # fmt: skip
OF_HOUSE = {
    "own_follow": NUMBERS, "own_regain": NUMBERS, "own_edges": NUMBERS, "own_steps": NUMBERS, "own_bins": WHOLE,
}  # fmt: skip
OF_OWN_TREES = {f"own_{name}": kind for name, kind in OF_TREES.items() if name.startswith("tree_")}
OF_PAIRS = {"pair_features": WHOLE, "pair_bins": WHOLE, "pair_edges": NUMBERS, "pair_steps": NUMBERS}
GROUPS = (OF_TREES, OF_HOUSE, OF_OWN_TREES, OF_PAIRS)
"""Names that a file holds all or none of; those after `OF_HOUSE` only in a house model."""
ROWS_OF_TWO = ("pair_features", "pair_bins", "tree_children", "own_tree_children")
KINDS = OWN | OF_TREES | OF_HOUSE | OF_OWN_TREES | OF_PAIRS
MOST_BINS = 2**20
MOST_NODES = 2**16
"""The base's trees have some 12,000 nodes, a house model's own at most 12,700."""
MOST_LEVELS = 256


def content_of(arrays: Parts) -> str:
    """Returns the content hash of arrays that a model can be made of. Raises ValueError where none can."""
    _check_names(arrays)
    for name, array in arrays.items():
        _check_array(name, array)
    _check_tables(arrays)
    for name, check in CHECKS.items():
        if name in arrays:
            check(arrays)
    return content_hash(arrays)


def _check_names(arrays: Parts) -> None:
    names = set(arrays)
    wanted = set(OWN).union(*(set(more) for more in GROUPS if names & set(more)))
    if names & set(OF_OWN_TREES | OF_PAIRS):
        wanted |= set(OF_HOUSE)
    if names != wanted:
        odd = ", ".join(map(ascii, sorted(names ^ wanted)))
        raise ValueError(f"its arrays aren't those of a model ({odd[:200]})")


def _check_array(name: str, array: NDArray[Any]) -> None:
    kind = KINDS[name]
    if array.dtype.kind != kind:
        raise ValueError(f"{name} holds {array.dtype}, and not {'numbers' if kind == NUMBERS else 'whole numbers'}")
    if array.ndim != (2 if name in ROWS_OF_TWO else 1) or (name in ROWS_OF_TWO and array.shape[1] != 2):
        raise ValueError(f"{name} has the shape {array.shape}")
    if kind == NUMBERS and not np.isfinite(array).all():
        raise ValueError(f"{name} holds a number that isn't finite")


def _check_tables(arrays: Parts) -> None:
    bins = arrays["bins"].astype(np.int64)
    if len(bins) != 2 * len(FEATURES):
        raise ValueError(f"it has {len(bins)} tables, and this program {2 * len(FEATURES)}")
    _check_fit(bins, arrays["edges"], len(arrays["steps"]), int(bins.sum()))
    if (len(arrays["slopes"]), len(arrays["base"]), len(arrays["likes"])) != (6, 1, 1):
        raise ValueError("its slopes, base or likes are of another number")
    _check_features(arrays["likes"])


def _check_pairs(arrays: Parts) -> None:
    bins, features = arrays["pair_bins"].astype(np.int64), arrays["pair_features"]
    if len(bins) != len(features) or not len(bins):
        raise ValueError("its pairs don't fit their bins")
    _check_features(features)
    _check_fit(bins.ravel(), arrays["pair_edges"], len(arrays["pair_steps"]), int(bins.prod(axis=1).sum()))


def _check_fit(bins: NDArray[np.int64], edges: NDArray[Any], steps: int, wanted_steps: int) -> None:
    """Checks for one edge fewer than bins in each table, rising, and a step for each bin or cell."""
    if (bins < 1).any() or (bins > MOST_BINS).any() or len(edges) != int((bins - 1).sum()) or steps != wanted_steps:
        raise ValueError("its tables don't fit their bins")
    if any((np.diff(own) < 0).any() for own in np.split(edges, np.cumsum(bins - 1)[:-1])):
        raise ValueError("the edges of a table don't rise")


def _check_features(numbers: NDArray[Any]) -> None:
    if (numbers < 0).any() or (numbers >= len(FEATURES)).any():
        raise ValueError("it names a feature that doesn't exist")


def _check_gate(arrays: Parts) -> None:
    bins, weights = arrays["gate_bins"].astype(np.int64), arrays["gate_weights"]
    if len(bins) != len(FEATURES) or len(arrays["gate_settled"]) != 1:
        raise ValueError("its gate is of another number of features")
    _check_fit(bins, arrays["gate_edges"], len(arrays["gate_steps"]), int(bins.sum()))
    _check_features(arrays["gate_settled"])
    if len(weights) != 2 or (weights < 0.0).any() or weights.sum() > 1.0:
        raise ValueError("the weights of its trees aren't shares")


def _check_house(arrays: Parts) -> None:
    bins = arrays["own_bins"].astype(np.int64)
    if {len(bins), len(arrays["own_follow"]), len(arrays["own_regain"])} != {len(FEATURES)}:
        raise ValueError("what it learned from decisions is of another number of features")
    _check_fit(bins, arrays["own_edges"], len(arrays["own_steps"]), int(bins.sum()))


def _check_trees(arrays: Parts, own: str = "") -> None:
    """Checks that every node but the roots is the child of one node, a level above its own: so each walk ends."""
    feature, children, cover, level = (
        arrays[f"{own}tree_{name}"] for name in ("feature", "children", "cover", "level")
    )
    nodes = len(feature)
    if {len(arrays[f"{own}tree_{name}"]) for name in ("threshold", "children", "cover", "value")} != {nodes}:
        raise ValueError("the nodes of its trees are of another number")
    if not 0 < nodes <= MOST_NODES or not 0 < len(level) <= MOST_LEVELS:
        raise ValueError("its trees are of a size that no model has")
    if (level < 1).any() or int(level.astype(np.int64).sum()) != nodes:
        raise ValueError("the levels of its trees don't fit their nodes")
    asking = feature != LEAF
    _check_features(feature[asking])
    depth = np.repeat(np.arange(len(level)), level)
    below = children[asking].astype(np.int64)
    if (children[~asking] != LEAF).any() or not np.array_equal(np.sort(below.ravel()), np.arange(level[0], nodes)):
        raise ValueError("the nodes of its trees don't hang together")
    if (depth[below] != depth[asking][:, None] + 1).any():
        raise ValueError("a node of its trees stands on another level than below its parent")
    if (cover <= 0.0).any() or (cover >= 1.0).any():
        raise ValueError("the covers of its trees aren't shares")


def _check_own_trees(arrays: Parts) -> None:
    _check_trees(arrays, "own_")


CHECKS = {
    "gate_bins": _check_gate,
    "tree_feature": _check_trees,
    "own_follow": _check_house,
    "own_tree_feature": _check_own_trees,
    "pair_features": _check_pairs,
}
"""What is checked where the array of that name is there."""
