"""The review list as a sheet: its columns, and cells that no spreadsheet program will run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from followguard.domain.card import Card, profile_url
from followguard.domain.wording import safe_text
from followguard.files.csv_table import guarded, unguarded
from followguard.files.headings import HeadingTable

SHOWN = (
    "item",
    "account",
    "follower_id",
    "username",
    "name",
    "bio",
    "band",
    "p_spam",
    "state",
    "due",
    "batch",
    "reasons",
    "routes",
    "followers_count",
    "following_count",
    "tweet_count",
    "created_at",
    "profile_url",
)
ANSWERS = ("decision", "reason", "real", "until")
COLUMNS = (*SHOWN, *ANSWERS)
NEEDED = ("item", "decision")
"""Without these a sheet can't be imported."""
SHEET_HEADINGS = HeadingTable({column: ((column,),) for column in COLUMNS})

LONGEST = 2_000
"""Characters of a cell: as long as a bio can be."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet as read; `line` counts from 1, the heading being line 1 or later.

    `wrong`: why its cells don't stand under their columns.
    """

    line: int
    cells: Mapping[str, str]
    wrong: str = ""

    def cell(self, column: str) -> str:
        """Returns the text without the guard and without spaces round it; "" where there is none."""
        return unguarded(self.cells.get(column, "")).strip()


def sheet_row(card: Card, now: datetime) -> Sequence[str]:
    """Returns the cells of a card, in the order of `COLUMNS`, with the answers empty."""
    look = card.profile
    shown = {
        **{key: value for key, value in card.as_row(now).items() if key in SHOWN},
        "reasons": "; ".join(f"{reason.direction}{reason.text}" for reason in card.reasons),
        "routes": ", ".join(card.routes),
        "followers_count": look.followers_count,
        "following_count": look.following_count,
        "tweet_count": look.tweet_count,
        "created_at": look.created_at.date().isoformat() if look.created_at else None,
        "profile_url": profile_url(look),
    }
    cells = ["" if shown[name] is None else safe_text(str(shown[name]), LONGEST) for name in SHOWN]
    return [guarded(cell) for cell in cells] + [""] * len(ANSWERS)
