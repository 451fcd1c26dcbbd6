"""Labels that training reads: under pseudonyms in a Parquet file, beside a manifest that holds its sha256."""

import hashlib
import hmac
import json
import re
import struct
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from followguard.domain.labels import Label
from followguard.errors import DamagedExport, StoreFailed
from followguard.files.private import make_folder
from followguard.files.whole_file import whole_file


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledDecision:
    """The newest decision of a card that stands and says spam or genuine.

    `features` are as in `Verdict.features`, of the table that `feature_schema` names. `night` is the ISO day on which
    the follower was first seen, `batch` the look-alikes they came with, `person` the pseudonym of who decided.
    `shown_because`: listed | audit | sample | asked; `draw_probability` in (0, 1] of the draw, None without one.
    `p_spam` and `model`: the score on the card, None where there was none.
    """

    decision_id: int
    account: str
    follower_id: str
    label: Label
    features: bytes
    feature_schema: str
    night: str
    batch: int | None
    person: str
    shown_because: str
    draw_probability: float | None
    at: datetime
    p_spam: float | None
    model: str | None


FORMAT = 1
"""The format of an export. Raise it when an older program couldn't read what a newer one writes."""
KEY_DIGITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRow:
    """One label as exported: no name, no text, and nobody's id.

    `key` stands for the follower, `person` for who decided. `features` are as in `Verdict.features`; `night` is such
    as "acme 2026-11-22", `batch` such as "acme 7" or "" for none. `shown_because` and `draw_probability` are what the
    sampling weight is made from.
    """

    key: str
    label: Label
    features: bytes
    night: str
    batch: str
    person: str
    shown_because: str
    draw_probability: float | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportManifest:
    """The JSON beside an export's Parquet file, whose sha256 it holds. `parent`: content hash of the base model.

    `newest_decision` is the id of the newest decision in it; `left_out` counts labels whose feature values are of
    another table and couldn't be computed anew.
    """

    group: str
    name: str
    created_at: str
    feature_schema: str
    features: tuple[str, ...]
    parent: str
    seed: int
    genuine: int
    spam: int
    left_out: int
    newest_decision: int
    file_sha256: str = ""
    format: int = FORMAT

    def as_json(self) -> dict[str, Any]:
        """Returns the content of the file."""
        return asdict(self)

    @classmethod
    def of_json(cls, content: dict[str, Any]) -> "ExportManifest":
        """Undoes `as_json`. A missing key raises KeyError or TypeError."""
        kept = {each.name: content[each.name] for each in fields(cls) if each.name in content}
        return cls(**{**kept, "features": tuple(kept["features"])})


def pseudonym(secret: int, account: str, follower_id: str) -> str:
    """Returns what stands for a follower in exports: an HMAC with the installation's secret, for ids can be guessed."""
    message = f"{account}:{follower_id}".encode()
    return hmac.new(str(secret).encode(), message, hashlib.sha256).hexdigest()[:KEY_DIGITS]


def row_of(decision: LabelledDecision, secret: int) -> LabelRow:
    """Returns the decision as exported."""
    return LabelRow(
        key=pseudonym(secret, decision.account, decision.follower_id),
        label=decision.label,
        features=decision.features,
        night=f"{decision.account} {decision.night}",
        batch="" if decision.batch is None else f"{decision.account} {decision.batch}",
        person=decision.person,
        shown_because=decision.shown_because,
        draw_probability=decision.draw_probability,
        at=decision.at,
    )


PLAIN = ("key", "label", "night", "batch", "person", "shown_because", "draw_probability", "at")
FEATURE = "feature."
"""Stands before a feature's name in the Parquet file, so that none can be taken for another column."""
PUT_BACK = (
    "`followguard retrain` writes it anew while its labels are still the newest; else put the file back from a backup. "
    "A model that is whole serves on without it."
)
FORGET_FIRST = "Remove the file by hand, and run the same command again: somebody in it was to be forgotten."


@dataclass(frozen=True, slots=True)
class LabelExports:
    """The folder `training_data`, with a folder for each model group."""

    root: Path

    def write(self, manifest: ExportManifest, rows: Sequence[LabelRow]) -> ExportManifest:
        """Writes both files, the manifest last: without it there is no export. Returns it with the file's sha256.

        Raises `StoreFailed` where the disk doesn't take them.
        """
        table, note = self._paths(manifest.group, manifest.name)
        with _writing(table):
            make_folder(table.parent)
            note.unlink(missing_ok=True)
            with whole_file(table) as part:
                _write_table(part, manifest.features, rows)
                signed = replace(manifest, file_sha256=hashlib.sha256(part.read_bytes()).hexdigest())
            with whole_file(note) as part:
                part.write_text(json.dumps(signed.as_json(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
        return signed

    def read(self, group: str, name: str, file_sha256: str | None = None) -> tuple[ExportManifest, list[LabelRow]]:
        """Reads an export. `file_sha256` is the one that the database holds, where it holds one.

        Raises `DamagedExport` for one that is missing, half-written, changed by hand or of a newer format.
        """
        table, note = self._paths(group, name)
        manifest = _manifest(note)
        content = _bytes_of(table)
        found = hashlib.sha256(content).hexdigest()
        expected = file_sha256 or manifest.file_sha256
        if found != expected:
            raise DamagedExport(
                f"{table} was changed: its sha256 is {found[:12]}…, expected {expected[:12]}….", PUT_BACK
            )
        return manifest, _rows_of(table, content, manifest.features)

    def remove(self, group: str, name: str) -> None:
        """Removes an export. Raises `StoreFailed` where it can't be removed."""
        for path in self._paths(group, name):
            _unlink(path)

    def remove_others(self, group: str, kept: Collection[str]) -> None:
        """Removes a group's exports but these, and what a killed run had half-written. Raises `StoreFailed`."""
        ours = re.compile(rf"\.?({re.escape(group)}-\d+)\.(?:parquet|json)(?P<part>\.\d+\.part)?")
        for path in sorted((self.root / group).glob("*")):
            found = ours.fullmatch(path.name)
            if found and (found["part"] or found[1] not in kept):
                _unlink(path)

    def _paths(self, group: str, name: str) -> tuple[Path, Path]:
        folder = self.root / group
        return folder / f"{name}.parquet", folder / f"{name}.json"


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreFailed(f"{path} can't be removed: {error.strerror or error}.", FORGET_FIRST) from error


@contextmanager
def _writing(table: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        with suppress(OSError):  # what kept it from being written can keep it from being removed
            table.unlink()
        why = error.strerror or str(error)
        raise StoreFailed(
            f"{table} can't be written: {why}.", "Make room or mend the rights, then run it again; the model stays."
        ) from error


def _write_table(path: Path, features: Sequence[str], rows: Sequence[LabelRow]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, Any] = {name: [getattr(row, name) for row in rows] for name in PLAIN}
    columns["label"] = [row.label.value for row in rows]
    values = list(zip(*(_unpacked(row.features) for row in rows), strict=True))
    for number, name in enumerate(features):
        columns[FEATURE + name] = values[number] if values else []
    kinds = _kinds(features)
    arrays = [pa.array(column, type=kinds[name], from_pandas=False) for name, column in columns.items()]
    pq.write_table(pa.table(arrays, names=list(columns)), path, compression="zstd")


def _kinds(features: Sequence[str]) -> dict[str, Any]:
    """Maps a column to its type."""
    import pyarrow as pa

    plain = dict.fromkeys(PLAIN, pa.string()) | {"draw_probability": pa.float64(), "at": pa.timestamp("us", tz="UTC")}
    return plain | {FEATURE + name: pa.float32() for name in features}


def _rows_of(path: Path, content: bytes, features: Sequence[str]) -> list[LabelRow]:
    """Reads the rows in the very bytes that were hashed."""
    import pyarrow as pa

    try:
        columns = _columns_of(content, features)
        plain = zip(*(columns[name] for name in PLAIN), strict=True)
        values = zip(*(columns[FEATURE + name] for name in features), strict=True)
        return [_row(dict(zip(PLAIN, row, strict=True)), _packed(own)) for row, own in zip(plain, values, strict=True)]
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError, struct.error) as error:
        raise DamagedExport(f"{path} isn't an export of labels: {error}.", PUT_BACK) from error


def _columns_of(content: bytes, features: Sequence[str]) -> dict[str, list[Any]]:
    """Raises ValueError for other columns than an export has."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.ParquetFile(pa.BufferReader(content))
    if [(field.name, field.type) for field in table.schema_arrow] != list(_kinds(features).items()):
        raise ValueError("its columns are others")
    columns: dict[str, list[Any]] = table.read().to_pydict()
    return columns


def _row(plain: dict[str, Any], features: bytes) -> LabelRow:
    return LabelRow(**plain | {"label": Label(plain["label"])}, features=features)


def _unpacked(features: bytes) -> tuple[float, ...]:
    """Returns the values of `Verdict.features`."""
    return struct.unpack(f"<{len(features) // 4}f", features)


def _packed(values: Sequence[float]) -> bytes:
    """Undoes `_unpacked`."""
    return struct.pack(f"<{len(values)}f", *values)


def _manifest(path: Path) -> ExportManifest:
    try:
        content = json.loads(_bytes_of(path))
        found = content.get("format", FORMAT)
        if found != FORMAT:  # before anything else is asked of it: another format may have other keys
            raise DamagedExport(
                f"{path} has format {found}, this program reads {FORMAT}.",
                "Use the program that wrote it, or a newer one.",
            )
        return ExportManifest.of_json(content)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedExport(f"{path} isn't the manifest of an export: {error}.", PUT_BACK) from error


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DamagedExport(f"{path} can't be read: {error.strerror or error}.", PUT_BACK) from error
