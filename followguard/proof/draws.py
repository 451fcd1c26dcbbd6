"""The audit's draws: whom chance picked out of which pool, reproduced from the seed."""

from collections.abc import Iterator, Mapping
from typing import Any

from followguard.proof.finding import ProofFinding, Rows, person_of
from followguard.proof.vouching import Vouched
from followguard.screening.audit import DRAW_ENTRY, _hashed
from followguard.screening.plan import draw


class DrawCheck:
    """Every draw on record, and every card and decision that says a draw showed it. `items`: item -> follower."""

    def __init__(self, rows: Rows, vouched: Vouched, items: Mapping[int, str]) -> None:
        self._rows = rows
        self._items = items
        self._erased = vouched.erased_rows
        self._draws = {
            seq: vouched.openings[seq].payload
            for seq, entry in sorted(vouched.entries.items())
            if entry.kind == DRAW_ENTRY and seq in vouched.openings
        }
        self._accounts = {seq: vouched.entries[seq].account for seq in self._draws}
        self.warnings: list[ProofFinding] = []

    @property
    def number(self) -> int:
        """How many draws there are."""
        return len(self._draws)

    def check(self, drawn_items: Mapping[int, str]) -> Iterator[ProofFinding]:
        """`drawn_items`: cards that say a draw of that day showed them."""
        seed = (self._rows["settings"].get("seed") or {}).get("value")
        for seq, told in self._draws.items():
            yield from self._reproduced(seq, told, seed)
        on_record = {(item, told["day"]) for told in self._draws.values() for item in told["drawn"]}
        for item, day in drawn_items.items():
            if (item, day) not in on_record:
                text = f"this card says that the audit of {day} drew it, and no draw on record did"
                yield ProofFinding(rule="draw", row=f"items {item}", text=text)
        anybody = {str(item) for item, _ in on_record}
        for key, row in self._rows["decisions"].items():
            shown = row["shown_because"] == "audit" and row["kind"] != "overrule"
            if shown and row["item_id"] not in anybody:
                text = "this decision says that an audit showed the card, and no draw on record did"
                yield ProofFinding(
                    rule="draw", row=f"decisions {key}", text=text, person=person_of(self._rows, "decisions", key)
                )

    def _is_gone(self, item: int, seq: int) -> bool:
        """Tells whether the card of that time isn't there any more; its number may have gone to another one since."""
        return item not in self._items or self._erased.get(("items", str(item)), 0) > seq

    def _reproduced(self, seq: int, told: Mapping[str, Any], seed: str | None) -> Iterator[ProofFinding]:
        row, day = f"log {seq}", told["day"]
        if seed is None or told["seed_sha256"] != _hashed(seed):
            text = f"the draw of {day} came from a pinned seed, as demos and tests use: it can't be reproduced"
            self.warnings.append(ProofFinding(rule="draw", row=row, text=text))
        elif any(self._is_gone(item, seq) for item in told["pool"]):
            text = f"the draw of {day} can't be reproduced: somebody in its pool was forgotten since"
            self.warnings.append(ProofFinding(rule="draw", row=row, text=text))
        else:
            pool = [(self._items[item], item) for item in told["pool"]]
            ordered = sorted(pool, key=lambda each: draw(self._accounts[seq], each[0], day, int(seed)))
            if {item for _, item in ordered[: told["wanted"]]} != set(told["drawn"]):
                yield ProofFinding(
                    rule="draw", row=row, text=f"the draw of {day} isn't what chance came to from the seed"
                )
