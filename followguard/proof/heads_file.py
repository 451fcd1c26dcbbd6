"""The heads that nights wrote, one small file each: a copy of the folder kept elsewhere proves the past."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from followguard.domain.installation import Installation
from followguard.domain.units import day_of
from followguard.errors import UnreadableFile
from followguard.files.private import make_folder
from followguard.files.whole_file import whole_file
from followguard.proof.head import Head
from followguard.store.log import Log
from followguard.store.store import Store

NAME = re.compile(r"head-[0-9]{8}T[0-9]{6}Z(-[0-9]+)?\.json")


def write_head(folder: Path, head: Head, now: datetime) -> Path:
    """Writes `head-20260822T030000Z.json`; nothing that is there is overwritten. Raises `OSError`."""
    make_folder(folder)
    stem = f"head-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    path, number = folder / f"{stem}.json", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.json"
    with whole_file(path) as partial:
        partial.write_text(json.dumps(head.as_json()) + "\n", encoding="utf-8")
    return path


def read_heads(folder: Path) -> list[Head]:
    """Reads every head of a folder, oldest first. Raises `UnreadableFile` for none, or a file that isn't one."""
    paths = sorted(path for path in folder.glob("*.json") if NAME.fullmatch(path.name))
    if not paths:
        raise UnreadableFile(f"{folder} holds no heads.", "Name the folder that nights write, or a copy of it.")
    return [_head(path) for path in paths]


def _head(path: Path) -> Head:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Head(
            seq=int(told["seq"]), hash=str(told["hash"]), at=str(told["at"]), day=str(told["day"]), source=path.name
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(
            f"{path} isn't a head of the log.", "Take it from the copy again, or leave it out."
        ) from error


def heads_folder(installation: Installation) -> Path:
    """Tells where nights write the heads of the log: beside the configuration, like the reports."""
    return installation.folder / "heads"


def kept_heads(installation: Installation) -> list[Head]:
    """Returns what earlier nights of this installation wrote; nothing where none has. Raises UnreadableFile."""
    folder = heads_folder(installation)
    return read_heads(folder) if any(folder.glob("head-*.json")) else []


def keep_head(installation: Installation, store: Store, now: datetime) -> Path | None:
    """Writes the head of the log as it is now into the folder; None where the log is empty. Raises OSError."""
    head = head_now(store, day_of(now))
    return None if head is None else write_head(heads_folder(installation), head, now)


def head_now(store: Store, day: str) -> Head | None:
    """Returns the last entry, for the folder of heads; None where there is none yet."""
    with store.begin() as work:
        last = Log(work).last()
    return None if last is None else Head(seq=last.seq, hash=last.hash, at=last.at, day=day)
