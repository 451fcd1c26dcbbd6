"""The course of one card in a replay, and what decisions and returns do to it."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from followguard.domain.card import UNDECIDED, ItemState, is_hidden
from followguard.domain.decision import RESULTS
from followguard.domain.labels import DECISIVE, Kind, Label
from followguard.domain.units import day_of
from followguard.replay.past import BACK, PastCard, PastChange, PastScore
from followguard.screening.holding_back import HoldEvidence

UNKNOWN = "unknown"
"""Decided, but nobody knows how: in what happened the card wasn't shown."""


@dataclass(frozen=True, slots=True)
class CardDraw:
    """One audit draw: the ISO day and its probability."""

    day: str
    probability: float


@dataclass(slots=True)
class CardHistory:
    """What became of one card in a replay.

    `shown_day`: when it first came onto the desk; `held_day`: when it was first held back; `score`: the last one used;
    `evidence`: of the newest approval, rejection or overrule that stands.
    """

    card: PastCard
    state: ItemState = ItemState.WAITING
    due: str | None = None
    held_back: bool = False
    audit: bool = False
    audit_probability: float | None = None
    audit_day: str | None = None
    audit_missed: float | None = None
    sample: bool = False
    sample_probability: float | None = None
    sample_day: str | None = None
    note: str | None = None
    score: PastScore | None = None
    shown_day: str | None = None
    held_day: str | None = None
    draws: list[CardDraw] = field(default_factory=list)
    decided_day: str | None = None
    asked: bool = False
    touched: bool = False
    standing: list[tuple[PastChange, HoldEvidence | None]] = field(default_factory=list)
    evidence: HoldEvidence | None = None

    @property
    def hidden(self) -> bool:
        """Held back and not drawn."""
        return is_hidden(self.held_back, self.audit)

    @property
    def label(self) -> Label | None:
        """What the newest approval, rejection or overrule that stands says about spam."""
        decided = (change for change, _ in reversed(self.standing) if change.kind in DECISIVE)
        newest = next(decided, None)
        return None if newest is None else newest.label


def apply_change(course: CardHistory, change: PastChange, at: datetime, *, shifted: bool) -> None:
    """Applies a change to the card at that time, which is another than its own where the replay is `shifted`."""
    day = day_of(at)
    if change.kind == BACK:
        if course.state is ItemState.APPROVED:
            course.state, course.note, course.due, course.held_back = ItemState.WAITING, change.note, day, False
        return
    course.touched = True
    if change.kind == Kind.UNDO:
        _undo(course, change, day)
    else:
        _decided(course, change, at, shifted=shifted)
    course.evidence = next((found for _, found in reversed(course.standing) if found is not None), None)


def _decided(course: CardHistory, change: PastChange, at: datetime, *, shifted: bool) -> None:
    day = day_of(at)
    if change.kind == Kind.OVERRULE:
        _overrule(course, change, day)
    elif course.state in UNDECIDED:
        course.asked, course.decided_day = course.hidden, day
        _settle(course, change, day, shifted)
    course.standing.append((change, _evidence(course, change, at)))


def _settle(course: CardHistory, change: PastChange, day: str, shifted: bool) -> None:
    if change.kind == UNKNOWN:
        course.state = ItemState.REJECTED
    elif change.kind == Kind.PROPOSE:
        course.due, course.note = min(course.due or day, day), "proposed"
    elif change.kind == Kind.LATER:
        course.state, course.due = ItemState.LATER, _until(change, day, shifted)
    else:
        course.state = RESULTS[Kind(change.kind)]


def _overrule(course: CardHistory, change: PastChange, day: str) -> None:
    """Bars the follow where a reason is given; without one the card comes back."""
    if change.reason is not None:
        course.state = ItemState.REJECTED
    else:
        course.state, course.due = ItemState.WAITING, day


def _until(change: PastChange, day: str, shifted: bool) -> str | None:
    if change.until is None or not shifted:
        return change.until
    later = date.fromisoformat(day) - date.fromisoformat(day_of(change.at))
    return (date.fromisoformat(change.until) + later).isoformat()


def _undo(course: CardHistory, change: PastChange, day: str) -> None:
    last = course.standing[-1][0] if course.standing else None
    course.standing = [each for each in course.standing if each[0].id != change.undoes]
    if (
        last is not None
        and last.id == change.undoes
        and course.state in (RESULTS.get(Kind(last.kind)), ItemState.WAITING)
    ):
        course.state, course.due, course.note = ItemState.WAITING, day, None


def _evidence(course: CardHistory, change: PastChange, at: datetime) -> HoldEvidence | None:
    if change.kind == Kind.OVERRULE and course.evidence is not None:
        return replace(course.evidence, kind=change.kind, reason=change.reason, real=change.real)
    score = course.card.score_at(at)
    if score is None or change.kind not in DECISIVE:
        return None
    return HoldEvidence(
        item=course.card.item,
        kind=change.kind,
        reason=change.reason,
        real=change.real,
        asked=course.asked,
        p_spam=score.p_spam,
        model=score.model,
        base_logit=score.base_logit,
        slope=score.slope,
        draw_probability=course.audit_probability if course.audit else None,
        predictions=change.predictions,
    )
