"""What a proof finds."""

from collections.abc import Mapping
from dataclasses import dataclass

Row = Mapping[str, str | None]
"""A row as stored, each value as text."""
Rows = Mapping[str, Mapping[str, Row]]
"""Table -> key -> row, of the tables that the log vouches for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFinding:
    """One thing that isn't as it must be: which rule, about which row (`orders 17`, `log 4`), and by whom."""

    rule: str
    row: str
    text: str
    person: str | None = None

    @property
    def sentence(self) -> str:
        """For people."""
        by = f" ({self.person})" if self.person else ""
        return f"{self.row}{by}: {self.text}"


def person_of(rows: Rows, table: str, key: str) -> str | None:
    """Returns the name of the person whose row it is, or who decided it, where one can be read."""
    row = rows.get(table, {}).get(key)
    if row is None:
        return None
    if table in {"orders", "attempts", "unfollows", "decision_evidence"}:
        link = {"attempts": ("orders", "order_id")}.get(table, ("decisions", "decision_id"))
        return person_of(rows, link[0], row.get(link[1]) or "")
    if table == "people":
        return row.get("name")
    whose = rows.get("people", {}).get(row.get("person_id") or "")
    return whose.get("name") if whose else None
