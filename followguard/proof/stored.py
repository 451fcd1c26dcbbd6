"""Everything that a proof looks at, read once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from followguard.proof.finding import ProofFinding, Row
from followguard.store.hashchain import Entry, Opening
from followguard.store.seals import COVERED, Raw


@dataclass(slots=True, kw_only=True)
class Stored:
    """`raw` rows of covered tables by table and key; `rows` the same as text; the log; and what else rules ask.

    `strangers`: orders whose follower isn't on record. `models`: what scored -> (how many scores, the first one's id).
    `items`: card -> follower; `drawn`: "audit" or "sample" -> card that it shows now -> the day of its draw.
    `receipts`: (run, head of the log that its receipt names).
    """

    entries: list[Entry]
    openings: dict[int, Opening] = field(default_factory=dict)
    seals: set[tuple[str, str, int]] = field(default_factory=set)
    raw: dict[tuple[str, str], Mapping[str, Raw]] = field(default_factory=dict)
    rows: dict[str, dict[str, Row]] = field(default_factory=lambda: {table: {} for table in COVERED})
    strangers: set[str] = field(default_factory=set)
    models: dict[str, tuple[int, int]] = field(default_factory=dict)
    items: dict[int, str] = field(default_factory=dict)
    drawn: dict[str, dict[int, str]] = field(default_factory=dict)
    receipts: list[tuple[int, str]] = field(default_factory=list)
    findings: list[ProofFinding] = field(default_factory=list)
    """What couldn't be read as it was written, and what of the schema isn't the program's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """The chain without payloads, but for those of restores; `odd`: covered rows that no entry names, or that lack."""

    entries: list[Entry]
    restores: dict[int, Opening]
    odd: list[ProofFinding] = field(default_factory=list)
