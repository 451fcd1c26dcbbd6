"""What the arrays of a model file must be before a model is made of them: names, types, shapes, numbers."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.features import FEATURES
from followguard.classifier.model import content_hash

Arrays = Mapping[str, NDArray[Any]]
NUMBERS = "f"
WHOLE = "i"
OWN = {"edges": NUMBERS, "steps": NUMBERS, "bins": WHOLE, "slopes": NUMBERS, "base": NUMBERS, "likes": WHOLE}
OF_PAIRS = {"pair_features": WHOLE, "pair_bins": WHOLE, "pair_edges": NUMBERS, "pair_steps": NUMBERS}
ROWS_OF_TWO = ("pair_features", "pair_bins")
MOST_BINS = 2**20


def content_of(arrays: Arrays) -> str:
    """The content hash of a file's arrays, once a model can be made of them. Raises ValueError where none can."""
    _check_names(arrays)
    for name, array in arrays.items():
        _check_array(name, array)
    _check_tables(arrays)
    if "pair_features" in arrays:
        _check_pairs(arrays)
    return content_hash(arrays)


def _check_names(arrays: Arrays) -> None:
    names = set(arrays)
    if names not in (set(OWN), set(OWN) | set(OF_PAIRS)):
        odd = sorted(names ^ set(OWN) - (set(OF_PAIRS) if names & set(OF_PAIRS) else set()))
        raise ValueError(f"its arrays aren't those of a model ({', '.join(map(ascii, odd))[:200]})")


def _check_array(name: str, array: NDArray[Any]) -> None:
    kind = (OWN | OF_PAIRS)[name]
    if array.dtype.kind != kind:
        raise ValueError(f"{name} holds {array.dtype}, and not {'numbers' if kind == NUMBERS else 'whole numbers'}")
    if array.ndim != (2 if name in ROWS_OF_TWO else 1) or (name in ROWS_OF_TWO and array.shape[1] != 2):
        raise ValueError(f"{name} has the shape {array.shape}")
    if kind == NUMBERS and not np.isfinite(array).all():
        raise ValueError(f"{name} holds a number that isn't finite")


def _check_tables(arrays: Arrays) -> None:
    bins = arrays["bins"].astype(np.int64)
    if len(bins) != 2 * len(FEATURES):
        raise ValueError(f"it has {len(bins)} tables, and this program {2 * len(FEATURES)}")
    _check_fit(bins, arrays["edges"], len(arrays["steps"]), int(bins.sum()))
    if (len(arrays["slopes"]), len(arrays["base"]), len(arrays["likes"])) != (4, 1, 1):
        raise ValueError("its slopes, base or likes are of another number")
    _check_features(arrays["likes"])


def _check_pairs(arrays: Arrays) -> None:
    bins, features = arrays["pair_bins"].astype(np.int64), arrays["pair_features"]
    if len(bins) != len(features) or not len(bins):
        raise ValueError("its pairs don't fit their bins")
    _check_features(features)
    _check_fit(bins.ravel(), arrays["pair_edges"], len(arrays["pair_steps"]), int(bins.prod(axis=1).sum()))


def _check_fit(bins: NDArray[np.int64], edges: NDArray[Any], steps: int, wanted_steps: int) -> None:
    """One edge fewer than bins in each table, rising, and a step for each bin or cell."""
    if (bins < 1).any() or (bins > MOST_BINS).any() or len(edges) != int((bins - 1).sum()) or steps != wanted_steps:
        raise ValueError("its tables don't fit their bins")
    if any((np.diff(own) < 0).any() for own in _split(edges, bins - 1)):
        raise ValueError("the edges of a table don't rise")


def _split(edges: NDArray[Any], lengths: NDArray[np.int64]) -> Iterable[NDArray[Any]]:
    return np.split(edges, np.cumsum(lengths)[:-1])


def _check_features(numbers: NDArray[Any]) -> None:
    if (numbers < 0).any() or (numbers >= len(FEATURES)).any():
        raise ValueError("it names a feature that doesn't exist")
