"""A model file is data until proven."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from followguard.classifier.features import FEATURES, schema_hash
from followguard.classifier.model import content_hash
from followguard.domain.manifest import FORMAT, Manifest
from followguard.errors import DamagedModel
from followguard.training.models import folders
from followguard.training.models.folders import Registry, read_manifest, shipped_base
from tests.builders.hostile_files import Trap

PARTS = {"numbers": np.arange(3.0)}
MANIFEST = Manifest(
    name="base-x",
    content_sha256=content_hash(PARTS),
    feature_schema="schema-1",
    features=("a", "b"),
    created_at="2026-11-01T00:00:00+00:00",
    seed=7,
    prevalence=0.2,
    libraries={},
    training_rows={"genuine": 3},
    data_sha256="",
    metrics={"held_out": {}, "summary": {}},
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A saved model's folder."""
    Registry("schema-1").save(tmp_path / "base", PARTS, MANIFEST, "# card")
    return tmp_path / "base"


def rewrite(folder: Path, **changes: object) -> None:
    """Changes keys of the manifest."""
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_what_was_saved_is_loaded(saved: Path) -> None:
    """Arrays, manifest and card come back."""
    stored = Registry("schema-1").load(saved)
    np.testing.assert_array_equal(stored.parts["numbers"], PARTS["numbers"])
    assert replace(stored.manifest, file_sha256="") == MANIFEST
    assert (saved / "CARD.md").read_text() == "# card"


def test_a_foreign_pickle_is_never_opened(saved: Path, tmp_path: Path) -> None:
    """A file of another sha256 is refused before it can run anything."""
    mark = tmp_path / "ran"
    (saved / "model.joblib").write_bytes(pickle.dumps(Trap(mark)))
    with pytest.raises(DamagedModel, match="sha256") as caught:
        Registry("schema-1").load(saved)
    assert not mark.exists()
    assert "train-base" in caught.value.next_step


def test_a_file_swapped_with_its_manifest_is_refused_by_the_hash_on_record(saved: Path, tmp_path: Path) -> None:
    """Where the database has the sha256, a manifest that agrees with a foreign file doesn't help it."""
    on_record = read_manifest(saved).file_sha256
    Registry("schema-1").save(saved, {"numbers": np.zeros(3)}, MANIFEST, "")
    with pytest.raises(DamagedModel, match=on_record[:12]):
        Registry("schema-1").load(saved, on_record)


def test_one_changed_byte_is_found(saved: Path) -> None:
    """Damage on disk is refused."""
    content = bytearray((saved / "model.joblib").read_bytes())
    content[-1] ^= 1
    (saved / "model.joblib").write_bytes(content)
    with pytest.raises(DamagedModel):
        Registry("schema-1").load(saved)


def test_other_features_are_refused(saved: Path) -> None:
    """A model of another feature table can't score."""
    with pytest.raises(DamagedModel, match="other features"):
        Registry("schema-2").load(saved)


def test_another_format_is_refused(saved: Path) -> None:
    """A folder written by a newer program says so."""
    rewrite(saved, format=FORMAT + 1)
    with pytest.raises(DamagedModel, match=f"format {FORMAT + 1}"):
        Registry("schema-1").load(saved)


@pytest.mark.parametrize(("library", "version"), [("scikit-learn", "0.1"), ("no-such-library", "1.0")])
def test_a_needed_library_of_another_version_is_refused(saved: Path, library: str, version: str) -> None:
    """A model that can't be read without a library names it, and the message says which version to install."""
    rewrite(saved, needs={library: version})
    with pytest.raises(DamagedModel, match=f"needs {library} {version}"):
        Registry("schema-1").load(saved)


@pytest.mark.parametrize("content", ["", "[]", "{}", "{", '{"name": 3}', "\x00"])
def test_a_broken_manifest_is_an_error_with_a_next_step(saved: Path, content: str) -> None:
    """Nonsense beside a model is refused, not a traceback."""
    (saved / "manifest.json").write_text(content)
    with pytest.raises(DamagedModel) as caught:
        Registry("schema-1").load(saved)
    assert caught.value.next_step


@pytest.mark.parametrize("name", ["model.joblib", "manifest.json"])
def test_a_missing_file_is_an_error_with_a_next_step(saved: Path, name: str) -> None:
    """Half a folder is refused."""
    (saved / name).unlink()
    with pytest.raises(DamagedModel, match=name):
        Registry("schema-1").load(saved)


def test_saving_over_a_model_leaves_one_whole_folder(saved: Path) -> None:
    """The new model replaces the old one, and nothing half-written stays beside it."""
    Registry("schema-1").save(saved, {"numbers": np.zeros(3)}, MANIFEST, "new")
    np.testing.assert_array_equal(Registry("schema-1").load(saved).parts["numbers"], np.zeros(3))
    assert [path.name for path in saved.parent.iterdir()] == ["base"]


def test_a_crash_while_writing_leaves_the_old_model(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the last byte is on disk, readers see what was there."""

    def full(path: Path, content: bytes) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(folders, "_write", full)
    with pytest.raises(OSError, match="no space"):
        Registry("schema-1").save(saved, {"numbers": np.zeros(3)}, MANIFEST, "new")
    monkeypatch.undo()
    np.testing.assert_array_equal(Registry("schema-1").load(saved).parts["numbers"], PARTS["numbers"])
    Registry("schema-1").save(saved, {"numbers": np.zeros(3)}, MANIFEST, "new")


def test_the_shipped_model_fits_this_program() -> None:
    """The base model in the package loads, and its hashes are those of its arrays and of the feature table."""
    stored = Registry(schema_hash()).load(shipped_base())
    assert content_hash(stored.parts) == stored.manifest.content_sha256
    assert stored.manifest.features == tuple(feature.name for feature in FEATURES)
    assert (shipped_base() / "model.joblib").stat().st_size < 2_500_000


def test_the_shipped_model_is_found_from_any_folder(tmp_path: Path) -> None:
    """The working folder doesn't matter."""
    code = "from followguard.training.models.folders import shipped_base; print(shipped_base())"
    root = str(Path(folders.__file__).resolve().parents[3])
    env = {**os.environ, "PYTHONPATH": root}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path, env=env
    )
    assert Path(done.stdout.strip()) == shipped_base()


def test_a_program_without_its_model_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package torn from its model is an error with a next step."""
    monkeypatch.setattr(folders, "__file__", str(tmp_path / "followguard" / "training" / "models" / "folders.py"))
    with pytest.raises(DamagedModel, match="isn't there"):
        shipped_base()


def test_inside_a_wheel_the_model_stands_in_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package carries its model below itself, and prefers it to a neighbour's."""
    inside, beside = (tmp_path / part / "models" / "base" for part in ("followguard", "."))
    for folder in (inside, beside):
        shutil.copytree(shipped_base(), folder)
    monkeypatch.setattr(folders, "__file__", str(tmp_path / "followguard" / "training" / "models" / "folders.py"))
    assert shipped_base() == inside


@pytest.mark.parametrize("name", ["model.joblib", "manifest.json"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_only_a_file_is_a_model(saved: Path, name: str, make: Callable[[Path], None]) -> None:
    """A pipe to which nobody writes would hold a night for ever; a folder isn't one either."""
    (saved / name).unlink()
    make(saved / name)
    with pytest.raises(DamagedModel, match=r"isn't a file|can't be read"):
        Registry("schema-1").load(saved)
