"""Models as a database has them on record, without a file of their own."""

from datetime import datetime
from typing import Any

from followguard.domain.house_model import NewModel, Origin


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
