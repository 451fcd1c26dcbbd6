"""A decision that teaches: its label, and the feature values of the follower as they were when it was made."""

from dataclasses import dataclass
from datetime import datetime

from followguard.domain.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledDecision:
    """The newest decision of a card that stands and says spam or genuine.

    `features` are as in `Verdict.features`, of the table that `feature_schema` names. `night` is the ISO day on which
    the follower was first seen, `batch` the look-alikes they came with, `person` the pseudonym of who decided.
    `shown_because`: listed | audit | asked; `draw_probability` in (0, 1] of the audit draw, None without one.
    `p_spam` and `model`: the score on the card, None where there was none.
    """

    decision_id: int
    account: str
    follower_id: str
    label: Label
    features: bytes
    feature_schema: str
    night: str
    batch: int | None
    person: str
    shown_because: str
    draw_probability: float | None
    at: datetime
    p_spam: float | None
    model: str | None
