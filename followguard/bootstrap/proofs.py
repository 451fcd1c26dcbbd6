"""The proof of the history: heads of the log in files, and what the program itself knows."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from followguard.domain.installation import Installation
    from followguard.domain.proof.heads import Head


def heads_folder(installation: "Installation") -> Path:
    """Where nights write the heads of the log: beside the configuration, like the reports."""
    return installation.folder / "heads"


def read_heads(folder: Path) -> "list[Head]":
    """The heads in a folder that nights wrote, or in a copy of it. Raises UnreadableFile."""
    from followguard.adapters.heads import read_heads as read

    return read(folder)


def base_names() -> list[str]:
    """The name of the base model that came with the program. Raises DamagedModel."""
    from followguard.adapters.registry import read_manifest, shipped_base

    return [read_manifest(shipped_base()).name]
