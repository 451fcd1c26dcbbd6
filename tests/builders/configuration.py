"""Configuration files made for a test."""

from pathlib import Path

from followguard.config.file import load_installation
from followguard.domain.installation import Installation

ACME = '[accounts.acme]\ntraining_basis = "none"\n'
LOCAL = {"FOLLOWGUARD_X_API_URL": "http://127.0.0.1:8080"}


def load(folder: Path, text: str | bytes, env: dict[str, str] | None = None) -> Installation:
    """The installation of a file with this text."""
    path = folder / "followguard.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_installation(path, env or {})
