"""Trees of a house model that would never end, or ask about nothing: refused at the door."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from followguard.classifier.features import FEATURES
from followguard.classifier.model import Model, content_hash
from followguard.errors import DamagedModel
from tests.builders.hostile_files import REGISTRY, packed, parts, replaced
from tests.training.models.test_misshapen_models import house_part

WHOLE: dict[str, np.ndarray] = {
    "own_tree_feature": np.array([0, 1, -1, -1, -1], dtype=np.int32),
    "own_tree_threshold": np.array([0.5, 1.5, 0, 0, 0], dtype=np.float32),
    "own_tree_children": np.array([[1, 2], [3, 4], [-1, -1], [-1, -1], [-1, -1]], dtype=np.int32),
    "own_tree_cover": np.full(5, 0.5, dtype=np.float32),
    "own_tree_value": np.array([0, 0.5, -0.5, 1, 0], dtype=np.float32),
    "own_tree_level": np.array([1, 2, 2], dtype=np.int32),
}
"""One tree of three leaves."""


def put(name: str, place: Any, value: Any) -> dict[str, np.ndarray]:
    """The tree with another value at one place."""
    array = WHOLE[f"own_tree_{name}"].copy()
    array[place] = value
    return WHOLE | {f"own_tree_{name}": array}


MISSHAPEN: dict[str, Callable[[], dict[str, np.ndarray]]] = {
    "a child that is its parent": lambda: put("children", (1, 0), 1),
    "a child above its parent": lambda: put("children", (1, 0), 0),
    "two parents of a child": lambda: put("children", (1, 1), 3),
    "a child that isn't there": lambda: put("children", (1, 1), 5),
    "a child far below zero": lambda: put("children", (1, 1), -7),
    "a leaf with a child": lambda: put("children", (2, 0), 3),
    "a question without children": lambda: put("feature", 2, 0),
    "a question that isn't asked": lambda: put("feature", 1, -1),
    "a feature that isn't": lambda: put("feature", 0, len(FEATURES)),
    "a feature below all": lambda: put("feature", 0, -2),
    "a child two levels below": lambda: put("level", slice(None), [1, 1, 3]),
    "a level of nothing": lambda: put("level", slice(None), [3, 0, 2]),
    "levels of too many": lambda: put("level", 0, 2**31 - 1),
    "no share goes right": lambda: put("cover", 0, 0.0),
    "all go right": lambda: put("cover", 0, 1.0),
    "an unknown value": lambda: put("value", 3, np.nan),
    "a threshold without end": lambda: put("threshold", 0, np.inf),
    "a value too few": lambda: WHOLE | {"own_tree_value": np.zeros(4, dtype=np.float32)},
    "children in threes": lambda: WHOLE | {"own_tree_children": np.full((5, 3), -1, dtype=np.int32)},
    "no trees at all": lambda: {name: array[:0] for name, array in WHOLE.items()},
    "a name too few": lambda: {name: array for name, array in WHOLE.items() if name != "own_tree_level"},
    "a forest without end": lambda: (
        {name: np.repeat(array[2:3], 70_000, axis=0) for name, array in WHOLE.items()}
        | {"own_tree_level": np.array([70_000], dtype=np.int32)}
    ),
}


@pytest.mark.parametrize("name", MISSHAPEN)
def test_trees_that_are_none(folder: Path, name: str) -> None:
    """Another structure is a damaged model, and no walk without end in the night."""
    odd = parts() | house_part() | MISSHAPEN[name]()
    replaced(folder, packed(odd), content_sha256=content_hash(odd))
    with pytest.raises(DamagedModel, match="isn't a model"):
        REGISTRY.load(folder)


def test_trees_without_what_they_stand_beside(folder: Path) -> None:
    """Own trees are part of what decisions taught: alone they are no model."""
    odd = parts() | WHOLE
    replaced(folder, packed(odd), content_sha256=content_hash(odd))
    with pytest.raises(DamagedModel, match="isn't a model"):
        REGISTRY.load(folder)


def test_a_whole_tree_is_taken(folder: Path) -> None:
    """The tree that the misshapen ones are made from loads, and speaks once its features are asked about."""
    edges = np.array([0, 9], dtype=np.float32)
    asked = {"own_edges": np.tile(edges, 2), "own_steps": np.zeros(len(FEATURES) + 4)}
    bins = {"own_bins": np.array([3, 3, *[1] * (len(FEATURES) - 2)], dtype=np.int32)}
    whole = parts() | house_part(own_follow=np.zeros(len(FEATURES)), **asked, **bins) | WHOLE
    replaced(folder, packed(whole), content_sha256=content_hash(whole))
    model = Model.of_parts(REGISTRY.load(folder).parts)
    row = np.full((1, len(FEATURES)), np.nan, dtype=np.float32)
    row[0, :2] = 0.2, 1.0
    assert model.contributions(row)[0, :3].tolist() == [0.5, 0.5, 0.0]
    row[0, 1] = np.nan
    assert model.contributions(row)[0, :3].tolist() == [0.5, 0.0, 0.0]
