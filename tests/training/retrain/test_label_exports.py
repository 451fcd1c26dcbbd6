"""An export of labels is read from the bytes that were hashed, and refused where it isn't one."""

import hashlib
import json
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from followguard.domain.labels import Label
from followguard.errors import DamagedExport
from followguard.training.retrain.exports import ExportManifest, LabelExports, LabelRow

MANIFEST = ExportManifest(
    group="house",
    name="house-1",
    created_at="2026-11-01T00:00:00+00:00",
    feature_schema="schema",
    features=("a", "b"),
    parent="base",
    seed=7,
    genuine=1,
    spam=0,
    left_out=0,
    newest_decision=1,
)
ROW = LabelRow(
    key="0123",
    label=Label.GENUINE,
    features=struct.pack("<2f", 1.0, 2.0),
    night="acme 2026-11-01",
    batch="",
    person="ann",
    shown_because="listed",
    draw_probability=None,
    at=datetime(2026, 11, 1, tzinfo=UTC),
)
CHANGES: dict[str, Callable[[pa.Table], pa.Table]] = {
    "numbers for keys": lambda table: table.set_column(0, "key", pa.array([3])),
    "texts for values": lambda table: table.set_column(8, "feature.a", pa.array(["x"])),
    "an unknown value": lambda table: table.set_column(8, "feature.a", pa.array([None], type=pa.float32())),
    "bytes for a label": lambda table: table.set_column(1, "label", pa.array([b"genuine"])),
    "a column too many": lambda table: table.append_column("more", pa.array(["x"])),
    "a column twice": lambda table: table.append_column("key", pa.array(["x"])),
    "another label": lambda table: table.set_column(1, "label", pa.array(["perhaps"])),
}


@pytest.fixture
def exports(tmp_path: Path) -> LabelExports:
    """A folder with one export."""
    found = LabelExports(tmp_path)
    found.write(MANIFEST, [ROW])
    return found


def test_what_was_written_is_read(exports: LabelExports) -> None:
    """Every value comes back."""
    assert exports.read("house", "house-1")[1] == [ROW]


@pytest.mark.parametrize("change", CHANGES)
def test_well_formed_but_no_export(exports: LabelExports, change: str) -> None:
    """Other columns or values are refused with a sentence, also where the sha256 fits."""
    table = exports.root / "house" / "house-1.parquet"
    pq.write_table(CHANGES[change](pq.ParquetFile(table).read()), table)
    note = table.with_suffix(".json")
    found = hashlib.sha256(table.read_bytes()).hexdigest()
    note.write_text(json.dumps(json.loads(note.read_text()) | {"file_sha256": found}))
    with pytest.raises(DamagedExport, match="isn't an export") as caught:
        exports.read("house", "house-1", found)
    assert caught.value.next_step


def test_the_bytes_that_were_hashed_are_the_ones_that_are_read(
    exports: LabelExports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is swapped after it was hashed changes nothing: it isn't opened again."""
    table = exports.root / "house" / "house-1.parquet"
    real = Path.read_bytes

    def swapped(self: Path) -> Any:
        content = real(self)
        if self == table:
            table.write_bytes(b"something else")
        return content

    monkeypatch.setattr(Path, "read_bytes", swapped)
    assert exports.read("house", "house-1")[1] == [ROW]


def test_a_manifest_nested_beyond_all_bounds(exports: LabelExports) -> None:
    """A manifest nested beyond all bounds is refused in a sentence."""
    (exports.root / "house" / "house-1.json").write_text("[" * 100_000)
    with pytest.raises(DamagedExport, match="isn't the manifest"):
        exports.read("house", "house-1")
