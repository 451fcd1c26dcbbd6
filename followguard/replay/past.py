"""What a replay needs of past nights: cards with their scores and looks, what people did, and the receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from followguard.domain.labels import Kind, Label, label_of
from followguard.screening.holding_back import EarlyPrediction
from followguard.screening.plan import QueueCounts

BACK = "back"
"""Not a decision: the order that an approval made came to nothing, and its card went back to people."""
SECONDS_ASSUMED = 15.0
"""For a card, while too few decision times are on record."""
ENOUGH_GAPS = 30
SHORTEST_GAP, LONGEST_GAP = timedelta(seconds=1), timedelta(minutes=2)
"""Shorter: several were decided by one key or command. Longer: the person was away."""


@dataclass(frozen=True, slots=True)
class PastScore:
    """A score of a card's follower, with the feature values it was made from.

    `look`: it has look marks, `imitates` that of an imitation; `shift`: the log-odds by which words moved it.
    `base_logit`: what it started from; `slope`: what its reasons were multiplied by. `made_by`: the model that made it
    then; `model` may be another one to try.
    """

    id: int
    at: datetime
    model: str
    p_spam: float
    base_logit: float
    made_by: str
    features: bytes
    feature_schema: str
    slope: float = 1.0
    look: bool = False
    imitates: bool = False
    shift: float = 0.0


@dataclass(frozen=True, slots=True)
class PastLook:
    """From `at` on: whether lack of data alone keeps the card on the desk."""

    at: datetime
    thin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PastChange:
    """Something that befell a card: a decision (`kind` as in `domain.labels.Kind`), or `BACK` with a note.

    `place`: how many decisions of the account came before it. `predictions`: what models that came later said of it.
    """

    id: int
    at: datetime
    kind: str
    reason: str | None = None
    real: bool = False
    until: str | None = None
    undoes: int | None = None
    person_id: int | None = None
    note: str | None = None
    place: int = 0
    predictions: tuple[EarlyPrediction, ...] = ()

    @property
    def label(self) -> Label | None:
        """What it says about spam."""
        return None if self.kind == BACK else label_of(self.kind, self.reason, self.real)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCard:
    """One review item and all that is on record about it, each list from old to new.

    `opened_at` is when there was first something to plan. `gone_at`: closed without a follow of ours (they left, we
    follow, mute or block them, or never follow them).
    """

    item: int
    follower_id: str
    username: str | None
    first_seen_day: str
    opened_at: datetime
    batch: int | None = None
    gone_at: datetime | None = None
    scores: tuple[PastScore, ...] = ()
    looks: tuple[PastLook, ...] = ()
    changes: tuple[PastChange, ...] = ()

    def score_at(self, at: datetime) -> PastScore | None:
        """Returns the newest score made by then."""
        return next((each for each in reversed(self.scores) if each.at <= at), None)

    def score_on(self, night: "PastNight") -> PastScore | None:
        """Returns the newest score that the night's plan had."""
        return next((each for each in reversed(self.scores) if night.had(each)), None)

    def thin_at(self, at: datetime) -> bool:
        """Tells whether a lack of data kept the card on the desk then."""
        return next((each.thin for each in reversed(self.looks) if each.at <= at), False)

    @property
    def decision(self) -> PastChange | None:
        """The newest decision with a label that stands today."""
        undone = {each.undoes for each in self.changes if each.undoes is not None}
        standing = [each for each in self.changes if each.kind not in (BACK, Kind.UNDO) and each.id not in undone]
        return next((each for each in reversed(standing) if each.label is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastNight:
    """One plan of the desk: a nightly run with the counts of its receipt, or one that left none (`counts` None).

    `began`: when its run did. `model`: what served it, None where any may have. `decisions`: how many the account had.
    """

    day: str
    began: datetime
    at: datetime
    counts: QueueCounts | None
    model: str | None = None
    policy_hash: str = ""
    decisions: int = 0

    def had(self, score: PastScore) -> bool:
        """Tells whether the plan knew the score: made by then, and in its own run by what served it."""
        return score.at <= self.at and (score.at < self.began or self.model in (None, score.made_by))


def seconds_per_card(cards: Sequence[PastCard]) -> tuple[float, int]:
    """Returns the median time between two decisions of one person in a row, and how many such times it rests on.

    Times below a second and above two minutes are left out. (`SECONDS_ASSUMED`, 0) while fewer than `ENOUGH_GAPS` are
    on record.
    """
    times: dict[int, list[datetime]] = {}
    for card in cards:
        for change in card.changes:
            if change.person_id is not None:
                times.setdefault(change.person_id, []).append(change.at)
    gaps = [later - earlier for own in times.values() for earlier, later in pairwise(sorted(own))]
    kept = [gap.total_seconds() for gap in gaps if SHORTEST_GAP <= gap <= LONGEST_GAP]
    return (median(kept), len(kept)) if len(kept) >= ENOUGH_GAPS else (SECONDS_ASSUMED, 0)
