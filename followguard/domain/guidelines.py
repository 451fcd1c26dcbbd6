"""A company's guidelines: its do's and don'ts for the people who decide."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidelines:
    """One version of an account's guidelines. `sha256` (hex) of the text in UTF-8 names it.

    `problem`: why the file can't be read now, so that this is the last version known; empty where it can.
    """

    account: str
    sha256: str
    text: str
    first_seen_at: datetime
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """Returns what names the version; the text is read on the desk."""
        return {"sha256": self.sha256, "first_seen_at": self.first_seen_at, "problem": self.problem or None}
