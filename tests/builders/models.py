"""Models on record and on disk, and the ways in which their files are damaged."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from followguard.domain.house_model import NewModel, Origin

OTHER_SCHEMA = "f" * 64


def model_folder(school: Any, name: str = "house-1") -> Path:
    """Folder of a model."""
    return Path(school.folder / "models" / "house" / name)


def rewritten(path: Path, **changed: Any) -> None:
    """A JSON file with other values."""
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "another file": lambda folder: (folder / "model.joblib").write_bytes(b"pickled, perhaps"),
    "no file": lambda folder: (folder / "model.joblib").unlink(),
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
    "half a manifest": lambda folder: (folder / "manifest.json").write_text('{"name": "hou'),
    "a newer format": lambda folder: rewritten(folder / "manifest.json", format=2),
    "another library": lambda folder: rewritten(folder / "manifest.json", needs={"scikit-learn": "0.24.1"}),
    "another form of libraries": lambda folder: rewritten(folder / "manifest.json", needs=["scikit-learn"]),
    "a version that is no text": lambda folder: rewritten(folder / "manifest.json", needs={"scikit-learn": 1}),
    "other features": lambda folder: rewritten(folder / "manifest.json", feature_schema=OTHER_SCHEMA),
    "another name": lambda folder: rewritten(folder / "manifest.json", name="house-7"),
    "another content": lambda folder: rewritten(folder / "manifest.json", content_sha256="0" * 64),
}


def model_on_record(number: int, now: datetime, gate: dict[str, Any] | None = None) -> NewModel:
    """Makes house-`number`, learned from 25 decisions."""
    return NewModel(
        name=f"house-{number}",
        group="house",
        origin=Origin.RETRAIN,
        content_sha256="a" * 64,
        file_sha256="b" * 64,
        feature_schema="c" * 64,
        parent="d" * 64,
        export_sha256="e" * 64,
        genuine=20,
        spam=5,
        newest_decision=25,
        gate={"outcome": "promoted"} if gate is None else gate,
        created_at=now,
    )
