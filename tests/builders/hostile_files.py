"""Model files that a stranger put in a model's place."""

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import pytest

from followguard.classifier.features import schema_hash
from followguard.training.models.folders import Registry, shipped_base
from followguard.training.models.model_arrays import content_of

REGISTRY = Registry(schema_hash(), content_of=content_of)


def parts() -> dict[str, Any]:
    """The shipped model's arrays."""
    return dict(REGISTRY.load(shipped_base()).parts)


def packed(content: object, compress: object = ("zlib", 9)) -> bytes:
    """Packs an object as joblib writes it."""
    buffer = io.BytesIO()
    joblib.dump(content, buffer, compress=compress)
    return buffer.getvalue()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model's folder, and a working folder in which a marker would appear."""
    monkeypatch.chdir(tmp_path)
    manifest = REGISTRY.load(shipped_base()).manifest
    REGISTRY.save(tmp_path / "model", parts(), manifest, "")
    return tmp_path / "model"


def replaced(folder: Path, content: bytes, **changed: object) -> str:
    """Puts other bytes in a model's place and their sha256 on record; returns it."""
    found = hashlib.sha256(content).hexdigest()
    (folder / "model.joblib").write_bytes(content)
    note = folder / "manifest.json"
    note.write_text(json.dumps(json.loads(note.read_text()) | {"file_sha256": found} | changed))
    return found


class Trap:
    """Unpickling this would leave a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return (Path.touch, (self.path,))
