"""Model folders on disk: written as a whole, and read only after the sha256 was checked."""

import hashlib
import hmac
import importlib.metadata
import io
import json
import os
import re
import shutil
import stat
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from followguard.domain.manifest import CARD_FILE, FORMAT, MANIFEST_FILE, MODEL_FILE, Manifest
from followguard.errors import DamagedModel, StoreFailed
from followguard.files.private import make_file, make_folder

ContentOf = Callable[[Mapping[str, Any]], str]

WITHOUT_WAITING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A pipe in a model's place would otherwise wait for somebody to write to it."""
COMPRESSION = ("zlib", 9)
MOST_FILE_BYTES = 4 * 2**20
"""A base model has some 140 kB, a house model with all its trees 250 kB."""
GET_IT_AGAIN = "Install followguard again, or train it anew with `followguard model train-base`."
MEND = (
    "Put the folder back from a backup, run `followguard model rebuild`, or go back with `followguard model rollback`."
)
MAKE_ROOM = "Make room or mend the rights, then run it again; the model in force goes on serving."


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model folder that was read: its arrays by name and its manifest."""

    parts: dict[str, Any]
    manifest: Manifest


def shipped_base() -> Path:
    """Returns the folder of the base model that came with the program. Raises `DamagedModel`."""
    package = Path(__file__).resolve().parents[2]
    for folder in (package / "models" / "base", package.parent / "models" / "base"):
        if (folder / MANIFEST_FILE).is_file():
            return folder
    raise DamagedModel("The base model that comes with followguard isn't there.", GET_IT_AGAIN)


@dataclass(frozen=True, slots=True)
class Registry:
    """Saves and loads models of one feature schema, the running program's."""

    feature_schema: str
    mend: str = GET_IT_AGAIN
    """The next step after a folder that can't be loaded."""
    content_of: ContentOf | None = None
    """Reads the arrays as a model, and gives their content hash. None: any arrays will do."""

    def save(self, folder: Path, parts: Mapping[str, Any], manifest: Manifest, card: str) -> Manifest:
        """Writes the folder beside its place, then moves it there: a reader sees the old model or the new one.

        Returns the manifest with the file's sha256.
        """
        content = _packed(parts)
        signed = replace(manifest, file_sha256=hashlib.sha256(content).hexdigest())
        text = json.dumps(signed.as_json(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        fresh = folder.with_name(f".{folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        make_folder(fresh)
        for name, piece in ((MODEL_FILE, content), (MANIFEST_FILE, text.encode()), (CARD_FILE, card.encode())):
            _write(fresh / name, piece)
        _move(fresh, folder)
        return signed

    def card(self, folder: Path) -> str:
        """Reads the card that stands in a folder; empty where there is none."""
        path = folder / CARD_FILE
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def load(self, folder: Path, file_sha256: str | None = None) -> StoredModel:
        """Loads the model of a folder. `file_sha256` is what the database has on record, where it has one.

        Raises `DamagedModel` before a byte is unpickled where hash, format, feature schema or a library differs from
        the expected one, and afterwards where the file holds anything but the arrays of a model. The file is opened
        once: the bytes that were hashed are unpickled.
        """
        manifest, content = self._proven(folder, file_sha256)
        parts = _unpacked(content, folder / MODEL_FILE, self.mend)
        if self.content_of is not None:
            _refuse_misshapen(parts, self.content_of, manifest, folder, self.mend)
        return StoredModel(parts, manifest)

    def proven(self, folder: Path, file_sha256: str | None = None) -> Manifest:
        """Returns the manifest of a model whose file is the one expected, without loading it. Raises `DamagedModel`."""
        return self._proven(folder, file_sha256)[0]

    def _proven(self, folder: Path, file_sha256: str | None) -> tuple[Manifest, bytes]:
        manifest = read_manifest(folder, self.mend)
        self._refuse_misfit(folder, manifest)
        content = _read(folder / MODEL_FILE, self.mend)
        found = hashlib.sha256(content).hexdigest()
        for expected in (file_sha256, manifest.file_sha256):
            if expected is not None and not hmac.compare_digest(found.encode(), expected.encode()):
                raise DamagedModel(
                    f"{folder / MODEL_FILE} isn't the file on record: its sha256 is {found[:12]}…, "
                    f"expected {expected[:12]}….",
                    self.mend,
                )
        return manifest, content

    def _refuse_misfit(self, folder: Path, manifest: Manifest) -> None:
        if manifest.feature_schema != self.feature_schema:
            raise DamagedModel(f"{folder} was trained on other features than this program computes.", self.mend)
        for library, needed in manifest.needs.items():
            _refuse_version(folder, library, needed, self.mend)


def read_manifest(folder: Path, mend: str = GET_IT_AGAIN) -> Manifest:
    """Reads the manifest in a model folder, without touching the model. Raises `DamagedModel`."""
    try:
        content = json.loads(_read(folder / MANIFEST_FILE, mend))
        found = content.get("format", FORMAT)
        if found != FORMAT:  # before anything else is asked of it: another format may have other keys
            raise DamagedModel(f"{folder} has format {found}, this program reads {FORMAT}.", mend)
        return Manifest.of_json(content)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedModel(f"{folder / MANIFEST_FILE} isn't a manifest: {error}.", mend) from error


def _refuse_version(folder: Path, library: str, needed: str, mend: str) -> None:
    try:
        installed = importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        installed = "missing"
    if installed.split(".")[:2] != needed.split(".")[:2]:
        raise DamagedModel(
            f"{folder} needs {library} {needed}, installed is {installed}.", f"Install {library} {needed}. Or: {mend}"
        )


def _packed(parts: Mapping[str, Any]) -> bytes:
    import joblib

    buffer = io.BytesIO()
    joblib.dump(dict(parts), buffer, compress=COMPRESSION)
    return buffer.getvalue()


def _unpacked(content: bytes, path: Path, mend: str) -> dict[str, Any]:
    from followguard.training.models.model_file import ForeignContent, arrays_of

    try:
        return arrays_of(content)
    except ForeignContent as problem:
        raise DamagedModel(f"{path} isn't a model: it {problem}. Nothing in it was run.", mend) from problem


def _refuse_misshapen(
    parts: Mapping[str, Any], content_of: ContentOf, manifest: Manifest, folder: Path, mend: str
) -> None:
    try:
        content = content_of(parts)
    except ValueError as problem:
        raise DamagedModel(f"{folder / MODEL_FILE} isn't a model: {problem}.", mend) from problem
    if content != manifest.content_sha256:
        raise DamagedModel(
            f"{folder / MODEL_FILE} holds another model than its manifest says: content {content[:12]}…, "
            f"expected {manifest.content_sha256[:12]}….",
            mend,
        )


def _read(path: Path, mend: str) -> bytes:
    try:
        with os.fdopen(os.open(path, WITHOUT_WAITING), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise DamagedModel(f"{path} isn't a file.", mend)
            content = file.read(MOST_FILE_BYTES + 1)
    except OSError as error:
        raise DamagedModel(f"{path} can't be read: {error.strerror or error}.", mend) from error
    if len(content) > MOST_FILE_BYTES:
        raise DamagedModel(f"{path} has more than {MOST_FILE_BYTES:,} bytes, which no model has.", mend)
    return content


def _write(path: Path, content: bytes) -> None:
    make_file(path)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _move(fresh: Path, folder: Path) -> None:
    """Puts the new folder in the old one's place; the old one steps aside first, for a folder can't be overwritten."""
    aside = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    if folder.exists():
        folder.rename(aside)
    fresh.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class ModelFolders:
    """The base model, and the house models of an installation in `root/<group>/<name>`."""

    root: Path
    feature_schema: str
    content_of: ContentOf | None = None

    def base(self) -> StoredModel:
        """Loads the shipped base model. Raises `DamagedModel`."""
        return Registry(self.feature_schema, content_of=self.content_of).load(shipped_base())

    def base_manifest(self) -> Manifest:
        """Returns the manifest of the shipped base model, which isn't loaded. Raises `DamagedModel`."""
        return Registry(self.feature_schema).proven(shipped_base())

    def load(self, group: str, name: str, file_sha256: str) -> StoredModel:
        """Loads a house model whose file is the one on record. Raises `DamagedModel`."""
        return Registry(self.feature_schema, MEND, self.content_of).load(self.root / group / name, file_sha256)

    def manifest(self, group: str, name: str, file_sha256: str) -> Manifest:
        """Returns the manifest of a house model whose file is the right one, unloaded. Raises `DamagedModel`."""
        return Registry(self.feature_schema, MEND).proven(self.root / group / name, file_sha256)

    def save(self, group: str, parts: Mapping[str, Any], manifest: Manifest, card: str) -> Manifest:
        """Writes a house model under its manifest's name. Raises `StoreFailed` where the disk doesn't take it."""
        folder = self.root / group / manifest.name
        try:
            return Registry(self.feature_schema, MEND).save(folder, parts, manifest, card)
        except OSError as error:
            shutil.rmtree(folder.with_name(f".{folder.name}.new"), ignore_errors=True)
            why = error.strerror or str(error)
            raise StoreFailed(f"The model can't be written to {folder}: {why}.", MAKE_ROOM) from error

    def remove(self, group: str, name: str) -> None:
        """Takes the folder away, if it is there. Raises `StoreFailed` where it can't be."""
        _remove(self.root / group / name)

    def remove_others(self, group: str, kept: Collection[str]) -> None:
        """Removes a group's folders but these, and what a killed run had half-written. Raises `StoreFailed`."""
        ours = re.compile(rf"\.?({re.escape(group)}-\d+)(?P<part>\.new|\.old)?")
        for path in sorted((self.root / group).glob("*")):
            found = ours.fullmatch(path.name)
            if found and (found["part"] or found[1] not in kept):
                _remove(path)


def _remove(folder: Path) -> None:
    try:
        if folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise StoreFailed(f"{folder} can't be removed: {error.strerror or error}.", "Remove it by hand.") from error
