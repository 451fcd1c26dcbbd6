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
OF_PAIRS = {"pair_features": WHOLE, "pair_bins": WHOLE, "pair_edges": NUMBERS, "pair_steps": NUMBERS}
ROWS_OF_TWO = ("pair_features", "pair_bins", "tree_children")
KINDS = OWN | OF_TREES | OF_PAIRS
MOST_BINS = 2**20


def content_of(arrays: Parts) -> str:
    """Returns the content hash of arrays that a model can be made of. Raises ValueError where none can."""
    _check_names(arrays)
    for name, array in arrays.items():
        _check_array(name, array)
    _check_tables(arrays)
    if "tree_feature" in arrays:
        _check_gate(arrays)
        _check_trees(arrays)
    if "pair_features" in arrays:
        _check_pairs(arrays)
    return content_hash(arrays)


def _check_names(arrays: Parts) -> None:
    names = set(arrays)
    wanted = set(OWN).union(*(set(more) for more in (OF_TREES, OF_PAIRS) if names & set(more)))
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
    if (len(arrays["slopes"]), len(arrays["base"]), len(arrays["likes"])) != (4, 1, 1):
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


def _check_trees(arrays: Parts) -> None:
    """Checks that every node but the roots is the child of one node, a level above its own: so each walk ends."""
    feature, children, level = arrays["tree_feature"], arrays["tree_children"].astype(np.int64), arrays["tree_level"]
    nodes = len(feature)
    if {len(arrays[f"tree_{name}"]) for name in ("threshold", "children", "cover", "value")} != {nodes}:
        raise ValueError("the nodes of its trees are of another number")
    if (level < 1).any() or int(level.sum()) != nodes or not nodes:
        raise ValueError("the levels of its trees don't fit their nodes")
    asking = feature != LEAF
    _check_features(feature[asking])
    depth = np.repeat(np.arange(len(level)), level)
    below = children[asking]
    if (children[~asking] != LEAF).any() or not np.array_equal(np.sort(below.ravel()), np.arange(level[0], nodes)):
        raise ValueError("the nodes of its trees don't hang together")
    if (depth[below] != depth[asking][:, None] + 1).any():
        raise ValueError("a node of its trees stands on another level than below its parent")
    if (arrays["tree_cover"] <= 0.0).any() or (arrays["tree_cover"] >= 1.0).any():
        raise ValueError("the covers of its trees aren't shares")
