"""Reports whose time is over."""

import re
from datetime import datetime, timedelta
from pathlib import Path

from followguard.domain.installation import Installation
from followguard.domain.units import day_of
from followguard.errors import StoreFailed

NAME = re.compile(r"followguard-(\d{4}-\d\d-\d\d)(-[A-Za-z0-9_.-]+)?\.html")


def remove_naming(folder: Path, names: re.Pattern[str]) -> list[Path]:
    """Removes the reports in whose text the pattern is found; returns which. Raises `StoreFailed`."""
    gone = []
    for path in sorted(folder.glob("followguard-*.html")):
        try:
            if NAME.fullmatch(path.name) and names.search(path.read_text(encoding="utf-8", errors="replace")):
                path.unlink(missing_ok=True)
                gone.append(path)
        except OSError as error:
            message = f"{path} can't be read or removed ({error.strerror or error})."
            raise StoreFailed(message, "Remove it by hand, and run the same command again.") from error
    return gone


def remove_older(folder: Path, before: str) -> list[Path]:
    """Removes the reports of nights before that ISO day, and nothing else; returns which they were."""
    gone = []
    for path in sorted(folder.glob("followguard-*.html")):
        found = NAME.fullmatch(path.name)
        if found and found[1] < before:
            path.unlink(missing_ok=True)
            gone.append(path)
    return gone


def remove_old_reports(installation: Installation, now: datetime) -> None:
    """Reports show those who are held back, so they go when the text of those does."""
    from followguard.reports.gather import FOLDER

    before = now - timedelta(days=installation.retention.held_back_text)
    remove_older(installation.folder / FOLDER, day_of(before))
