"""What training reads: labels under pseudonyms, and the manifest that keeps an export what it was."""

import hashlib
import hmac
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from followguard.domain.labels import Label
from followguard.training.retrain.labelled_decision import LabelledDecision

FORMAT = 1
"""Of an export. Raise it when an older program couldn't read what a newer one writes."""
KEY_DIGITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRow:
    """One label as exported: no name, no text, and nobody's id.

    `key` stands for the follower, `person` for who decided. `features` are as in `Verdict.features`; `night` is such
    as "acme 2026-11-22", `batch` such as "acme 7" or "" for none. `shown_because` and `draw_probability` are what the
    sampling weight is made from.
    """

    key: str
    label: Label
    features: bytes
    night: str
    batch: str
    person: str
    shown_because: str
    draw_probability: float | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportManifest:
    """The JSON beside an export's Parquet file, whose sha256 it holds. `parent`: content hash of the base model.

    `newest_decision` is the id of the newest decision in it; `left_out` counts labels whose feature values are of
    another table and couldn't be computed anew.
    """

    group: str
    name: str
    created_at: str
    feature_schema: str
    features: tuple[str, ...]
    parent: str
    seed: int
    genuine: int
    spam: int
    left_out: int
    newest_decision: int
    file_sha256: str = ""
    format: int = FORMAT

    def as_json(self) -> dict[str, Any]:
        """The content of the file."""
        return asdict(self)

    @classmethod
    def of_json(cls, content: dict[str, Any]) -> "ExportManifest":
        """The inverse of `as_json`. A missing key raises KeyError or TypeError."""
        kept = {each.name: content[each.name] for each in fields(cls) if each.name in content}
        return cls(**{**kept, "features": tuple(kept["features"])})


def pseudonym(secret: int, account: str, follower_id: str) -> str:
    """What stands for a follower in exports: an HMAC with the installation's own secret, for ids can be guessed."""
    message = f"{account}:{follower_id}".encode()
    return hmac.new(str(secret).encode(), message, hashlib.sha256).hexdigest()[:KEY_DIGITS]


def row_of(decision: LabelledDecision, secret: int) -> LabelRow:
    """The decision as exported."""
    return LabelRow(
        key=pseudonym(secret, decision.account, decision.follower_id),
        label=decision.label,
        features=decision.features,
        night=f"{decision.account} {decision.night}",
        batch="" if decision.batch is None else f"{decision.account} {decision.batch}",
        person=decision.person,
        shown_because=decision.shown_because,
        draw_probability=decision.draw_probability,
        at=decision.at,
    )
