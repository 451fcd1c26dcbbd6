"""The account's own probabilities: the base model moved by what people said of the random sample, and the record of it.

The update rests on decisions of earlier days only, as they stood when today began. So it is the same all day, and
whoever has the log can make it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from followguard.accounts.store import Accounts
from followguard.domain.account import Account
from followguard.domain.labels import Label
from followguard.domain.policy import AccountSettings
from followguard.domain.units import day_of, start_of
from followguard.screening.sample import NEEDED
from followguard.screening.sample_store import RandomSample, SampleAnswer
from followguard.screening.score import at_own_rate
from followguard.store.log import Log
from followguard.store.store import Store
from followguard.store.work import Work

if TYPE_CHECKING:
    from followguard.classifier.scoring import Scorer

LEARNS_NOTHING = "none"
UPDATE_ENTRY = "recalibration"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCalibration:
    """One account's update of its base model, and what it rests on.

    `sums`: the model's contributions to each of the decisions, added up; `spam`: what people said.
    """

    model: str
    base_logit: float
    intercept: float
    slope: float
    decisions: tuple[int, ...]
    sums: tuple[float, ...]
    spam: tuple[bool, ...]

    def payload(self) -> dict[str, Any]:
        """Returns what the log keeps: decisions by number, never followers."""
        answers = [list(each) for each in zip(self.decisions, self.sums, self.spam, strict=True)]
        return {"answers": answers, **self.figures()}

    def figures(self) -> dict[str, Any]:
        """Returns model, intercept and slope, for receipt and log."""
        return {name: getattr(self, name) for name in ("model", "base_logit", "intercept", "slope")}


def as_served(store: Store, settings: AccountSettings, scorer: "Scorer", now: datetime) -> "Scorer":
    """Returns the scorer at the account's own probabilities.

    By its random decisions once there are enough and they may teach; until then at the share of spam estimated from
    scores. A house model has learned both from decisions and stays as it is.
    """
    found = own_calibration(store, settings, scorer, now)
    if found is None:
        return at_own_rate(store, settings.handle, scorer, now)
    return scorer.plain.recalibrated(found.intercept, found.slope)


def own_calibration(store: Store, settings: AccountSettings, scorer: "Scorer", now: datetime) -> OwnCalibration | None:
    """Returns today's update, None where there is none: a house model, no basis to learn on, or too few answers."""
    if settings.training_basis == LEARNS_NOTHING or not scorer.rate_from_scores:
        return None
    with store.begin() as work:
        accounts = [account for account in Accounts(work).all() if account.handle == settings.handle]
        answers = [each for own in accounts for each in RandomSample(work).answers(own.id, start_of(day_of(now)))]
    return _update(answers, scorer.plain) if len(answers) >= NEEDED else None


def _update(answers: Sequence[SampleAnswer], plain: "Scorer") -> OwnCalibration | None:
    """Returns the update by those answers whose feature values this model understands; None without any."""
    from followguard.classifier.features import schema_hash
    from followguard.classifier.recalibration import fitted, sums_of

    schema = schema_hash()
    used = [(each, each.features) for each in answers if each.feature_schema == schema]
    sums = sums_of(plain.model, [features for _, features in used if features is not None])
    spam = tuple(each.label is Label.SPAM for each, _ in used)
    if not sums:
        return None
    found = fitted(sums, spam, plain.base_logit)
    return OwnCalibration(
        model=plain.name,
        base_logit=plain.base_logit,
        intercept=found.intercept,
        slope=found.slope,
        decisions=tuple(each.decision for each, _ in used),
        sums=tuple(sums),
        spam=spam,
    )


def note_calibration(work: Work, account: Account, found: OwnCalibration | None, now: datetime) -> None:
    """Puts an update into the log, unless the newest one on record is the same."""
    if found is None or RandomSample(work).newest_entry(account.handle, UPDATE_ENTRY) == found.payload():
        return
    Log(work).append(now, UPDATE_ENTRY, account.handle, "followguard", found.payload())
