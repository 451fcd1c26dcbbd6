"""The draws of audit and random sample: whom chance picked out of which pool, reproduced from the seed."""

from collections.abc import Iterator, Mapping
from typing import Any

from followguard.proof.finding import ProofFinding, Rows, person_of
from followguard.proof.vouching import Vouched
from followguard.screening.audit import DRAW_ENTRY, _hashed
from followguard.screening.plan import draw
from followguard.screening.sample import SAMPLE_ENTRY, sample_ticket

TICKETS = {DRAW_ENTRY: draw, SAMPLE_ENTRY: sample_ticket}
"""Kind of entry -> the number by which it orders its pool."""
SHOWN_BY = {"audit": DRAW_ENTRY, "sample": SAMPLE_ENTRY}


class DrawCheck:
    """Every draw on record, and every card and decision that says a draw showed it. `items`: item -> follower."""

    def __init__(self, rows: Rows, vouched: Vouched, items: Mapping[int, str]) -> None:
        self._rows = rows
        self._items = items
        self._erased = vouched.erased_rows
        self._draws = {
            seq: vouched.openings[seq].payload
            for seq, entry in sorted(vouched.entries.items())
            if entry.kind in TICKETS and seq in vouched.openings
        }
        self._entries = vouched.entries
        self.warnings: list[ProofFinding] = []

    @property
    def number(self) -> int:
        """How many draws there are."""
        return len(self._draws)

    def check(self, drawn_items: Mapping[str, Mapping[int, str]]) -> Iterator[ProofFinding]:
        """`drawn_items`: "audit" or "sample" -> cards that say a draw of that day showed them."""
        seed = (self._rows["settings"].get("seed") or {}).get("value")
        for seq, told in self._draws.items():
            yield from self._reproduced(seq, told, seed)
        for by, kind in SHOWN_BY.items():
            yield from self._claimed(by, kind, drawn_items.get(by, {}))

    def _claimed(self, by: str, kind: str, drawn_items: Mapping[int, str]) -> Iterator[ProofFinding]:
        """Finds cards and decisions that claim a draw which is on no record."""
        told = [own for seq, own in self._draws.items() if self._entries[seq].kind == kind]
        on_record = {(item, own["day"]) for own in told for item in own["drawn"]}
        for item, day in drawn_items.items():
            if (item, day) not in on_record:
                text = f"this card says that the {by} of {day} drew it, and no draw on record did"
                yield ProofFinding(rule="draw", row=f"items {item}", text=text)
        anybody = {str(item) for item, _ in on_record}
        for key, row in self._rows["decisions"].items():
            shown = row["shown_because"] == by and row["kind"] != "overrule"
            if shown and row["item_id"] not in anybody:
                text = f"this decision says that the {by} showed the card, and no draw on record did"
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
            entry = self._entries[seq]
            ordered = sorted(pool, key=lambda each: TICKETS[entry.kind](entry.account, each[0], day, int(seed)))
            if {item for _, item in ordered[: told["wanted"]]} != set(told["drawn"]):
                yield ProofFinding(
                    rule="draw", row=row, text=f"the draw of {day} isn't what chance came to from the seed"
                )
