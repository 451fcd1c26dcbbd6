"""The proof of the history: heads of the log in files, and what the program itself knows."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from followguard.adapters.store.work import Store
    from followguard.domain.installation import Installation
    from followguard.domain.proof.heads import Head


def heads_folder(installation: "Installation") -> Path:
    """Where nights write the heads of the log: beside the configuration, like the reports."""
    return installation.folder / "heads"


def read_heads(folder: Path) -> "list[Head]":
    """The heads in a folder that nights wrote, or in a copy of it. Raises UnreadableFile."""
    from followguard.adapters.heads import read_heads as read

    return read(folder)


def kept_heads(installation: "Installation") -> "list[Head]":
    """What earlier nights of this installation wrote; nothing where none has. Raises UnreadableFile."""
    folder = heads_folder(installation)
    return read_heads(folder) if any(folder.glob("head-*.json")) else []


def keep_head(installation: "Installation", store: "Store", now: "datetime") -> Path | None:
    """Writes the head of the log as it is now into the folder; None where the log is empty. Raises OSError."""
    from followguard.adapters.heads import write_head
    from followguard.domain.utc_day import day_of
    from followguard.jobs.proof import head_now

    head = head_now(store, day_of(now))
    return None if head is None else write_head(heads_folder(installation), head, now)


def base_names() -> list[str]:
    """The name of the base model that came with the program. Raises DamagedModel."""
    from followguard.adapters.registry import read_manifest, shipped_base

    return [read_manifest(shipped_base()).name]
