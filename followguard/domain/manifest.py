"""The record of a model file: what it is, what it came from, how good it is."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

FORMAT = 1
"""The format of the model's folder. Raise it when an older program couldn't read what a newer one writes."""
MODEL_FILE = "model.joblib"
MANIFEST_FILE = "manifest.json"
CARD_FILE = "CARD.md"

TEXTS = ("name", "content_sha256", "feature_schema", "created_at", "data_sha256", "file_sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`manifest.json` beside a model file. Hashes are sha256 in hex, `created_at` is ISO 8601 UTC.

    `content_sha256` is the model's own: equal for equal models, whatever the file's compression or date.
    `data_sha256` is over the feature values and answers trained on, `data_files` names the files they came from.
    A house model also says its `group`, the content hash of the base model that it started from (`parent`), the sha256
    of the export that it learned from, its labels and what the gate found.
    `libraries` says what the model was made with; `needs` names, by library and major.minor version, what the file
    can't be read without (a file of plain arrays needs none).
    """

    name: str
    content_sha256: str
    feature_schema: str
    features: tuple[str, ...]
    created_at: str
    seed: int
    prevalence: float
    libraries: dict[str, str]
    training_rows: dict[str, int]
    data_sha256: str
    metrics: dict[str, Any]
    data_files: dict[str, str] = field(default_factory=dict)
    held_out: str | None = None
    needs: dict[str, str] = field(default_factory=dict)
    group: str | None = None
    parent: str | None = None
    export_sha256: str | None = None
    labels: dict[str, int] = field(default_factory=dict)
    gate: dict[str, Any] = field(default_factory=dict)
    file_sha256: str = ""
    format: int = FORMAT

    def as_json(self) -> dict[str, Any]:
        """Gives the content of `manifest.json`."""
        return asdict(self)

    @classmethod
    def of_json(cls, content: dict[str, Any]) -> "Manifest":
        """Reads what `as_json` gave; unknown keys are ignored.

        Raises KeyError, TypeError or AttributeError where something is missing or of another kind.
        """
        known = {row.name for row in fields(cls)}
        kept = {key: value for key, value in content.items() if key in known}
        if not all(isinstance(version, str) for version in kept.get("needs", {}).values()):
            raise TypeError("a version under needs isn't text")
        if not all(isinstance(kept.get(key, ""), str) for key in TEXTS):
            raise TypeError(f"one of {', '.join(TEXTS)} isn't text")
        return cls(**{**kept, "features": tuple(kept["features"])})
