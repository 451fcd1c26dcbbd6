"""Arrays that are well formed and no model: refused at the door, by structure, content and manifest."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from followguard.classifier.features import FEATURES
from followguard.classifier.model import content_hash
from followguard.errors import DamagedModel
from tests.builders.hostile_files import REGISTRY, packed, parts, replaced

MISSHAPEN: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "a name too few": lambda own: {name: own[name] for name in own if name != "base"},
    "a name too many": lambda own: own | {"notes": np.zeros(1)},
    "pairs by half": lambda own: own | {"pair_features": np.zeros((1, 2), dtype=np.int32)},
    "pairs in a base model": lambda own: own | with_pairs(),
    "no tables": lambda own: own | {"bins": own["bins"][:0]},
    "tables for other features": lambda own: own | {"bins": own["bins"][:-2]},
    "no bins": lambda own: own | {"bins": own["bins"] * 0},
    "negative bins": lambda own: own | {"bins": -own["bins"]},
    "bins that aren't whole": lambda own: own | {"bins": own["bins"].astype(float)},
    "a step too few": lambda own: own | {"steps": own["steps"][:-1]},
    "an edge too many": lambda own: own | {"edges": np.append(own["edges"], np.float32(1))},
    "edges that fall": lambda own: own | {"edges": own["edges"][::-1].copy()},
    "texts": lambda own: own | {"steps": own["steps"].astype("U5")},
    "a step without end": lambda own: own | {"steps": np.full_like(own["steps"], np.inf)},
    "an unknown step": lambda own: own | {"steps": np.full_like(own["steps"], np.nan)},
    "an unknown start": lambda own: own | {"base": np.array([np.nan])},
    "no start": lambda own: own | {"base": np.zeros(0)},
    "two slopes": lambda own: own | {"slopes": own["slopes"][:2]},
    "a feature that isn't": lambda own: own | {"likes": np.array([len(FEATURES)], dtype=np.int32)},
    "a feature below all": lambda own: own | {"likes": np.array([-1], dtype=np.int32)},
    "a table of tables": lambda own: own | {"steps": own["steps"].reshape(1, -1)},
    "pairs of other features": lambda own: own | house_part() | with_pairs(features=[[0, 99]]),
    "pairs without cells": lambda own: own | house_part() | with_pairs(steps=3),
    "pairs with unknown cells": lambda own: own | house_part() | with_pairs(fill=np.nan),
    "pairs in threes": lambda own: own | house_part() | with_pairs(features=[[0, 1, 2]]),
    "pairs with negative bins": lambda own: own | house_part() | with_pairs(bins=[[-2, -2]]),
}


def house_part(**changed: Any) -> dict[str, np.ndarray]:
    """The arrays of what decisions taught: tables of one bin that say nothing."""
    features = len(FEATURES)
    own = {
        "own_follow": np.ones(features),
        "own_regain": np.zeros(features),
        "own_edges": np.zeros(0, dtype=np.float32),
        "own_steps": np.zeros(features),
        "own_bins": np.ones(features, dtype=np.int32),
    }
    return own | changed


def with_pairs(
    features: Any = ((0, 1),), bins: Any = ((2, 2),), steps: int = 4, fill: float = 0.5
) -> dict[str, np.ndarray]:
    """The arrays of one pair of features; whole unless something else is said."""
    return {
        "pair_features": np.array(features, dtype=np.int32),
        "pair_bins": np.array(bins, dtype=np.int32),
        "pair_edges": np.array([1, 2], dtype=np.float32),
        "pair_steps": np.full(steps, fill),
    }


@pytest.mark.parametrize("name", MISSHAPEN)
def test_well_formed_arrays_that_are_no_model(folder: Path, name: str) -> None:
    """Another structure is a damaged model at the door, and no traceback in the night."""
    odd = MISSHAPEN[name](parts())
    replaced(folder, packed(odd), content_sha256=content_hash(odd))
    with pytest.raises(DamagedModel, match="isn't a model"):
        REGISTRY.load(folder)


def test_a_whole_model_with_pairs_is_taken(folder: Path) -> None:
    """The model that the table of misshapen ones is made from is whole."""
    whole = parts() | house_part() | with_pairs()
    replaced(folder, packed(whole), content_sha256=content_hash(whole))
    assert set(REGISTRY.load(folder).parts) == set(whole)


def test_another_model_in_a_models_place_is_refused(folder: Path) -> None:
    """The content's own hash must be the manifest's, beside the file's."""
    other = parts() | {"base": np.array([3.0])}
    replaced(folder, packed(other))
    with pytest.raises(DamagedModel, match="another model"):
        REGISTRY.load(folder)


def test_the_file_is_opened_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes that were hashed are the ones that are loaded: who swaps the file in between changes nothing."""
    opened: list[str] = []
    real = os.open

    def counted(path: Path, *arguments: Any, **named: Any) -> int:
        opened.append(Path(path).name)
        return real(path, *arguments, **named)

    monkeypatch.setattr(os, "open", counted)
    REGISTRY.load(folder)
    assert opened.count("model.joblib") == 1


def test_a_manifest_nested_beyond_all_bounds(folder: Path) -> None:
    """A manifest nested beyond all bounds is refused in a sentence."""
    (folder / "manifest.json").write_text("[" * 100_000)
    with pytest.raises(DamagedModel, match="isn't a manifest"):
        REGISTRY.load(folder)
