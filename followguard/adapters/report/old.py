"""Reports whose time is over."""

import re
from pathlib import Path

NAME = re.compile(r"followguard-(\d{4}-\d\d-\d\d)(-[A-Za-z0-9_]+)?\.html")


def remove_older(folder: Path, before: str) -> list[Path]:
    """Removes the reports of nights before that ISO day, and nothing else; returns which they were."""
    gone = []
    for path in sorted(folder.glob("followguard-*.html")):
        found = NAME.fullmatch(path.name)
        if found and found[1] < before:
            path.unlink(missing_ok=True)
            gone.append(path)
    return gone
