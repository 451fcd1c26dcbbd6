"""Decisions as they come: nightly, through the program's own queue, each card shown decided by its known label."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np

from benchmarks.learning_material import Draw, Material
from followguard.domain.desk_order import desk_order
from followguard.domain.follower import Profile
from followguard.domain.holding_back import HoldEvidence, may_hold_back
from followguard.domain.policy import Policy
from followguard.domain.queueing import Placement, QueueRules, Undecided, plan
from followguard.domain.review import Card, ItemState
from followguard.learning.decided import DecisionArrays
from followguard.learning.model import Model
from followguard.learning.sampling_weights import capped_weights, sampling_weights
from followguard.learning.scoring import probabilities

FIRST_DAY = date(2026, 1, 1)
MOST_DAYS = 120
PERSON = "maria"
ACCOUNT = "acme"
Served = Callable[[], tuple[Model, str]]
"""The model that serves now, and its name."""


@dataclass(slots=True)
class Open:
    """A card that nobody has decided."""

    row: int
    night: str
    p_spam: float
    model: str
    held_back: bool = False
    audit: bool = False
    chance: float | None = None
    audit_day: str | None = None


@dataclass(slots=True)
class Desk:
    """What was decided so far, in order; `shown` is "listed" or "audit", with the probability of the draw."""

    rows: list[int] = field(default_factory=list)
    nights: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    chances: list[float | None] = field(default_factory=list)
    evidence: list[HoldEvidence] = field(default_factory=list)


def stream(known: Material, draw: Draw, seed: int, served: Served) -> Iterator[Desk]:
    """The desk after each day, until everybody who is shown was decided. What waits is rescored every night."""
    desk, cards = Desk(), dict[int, Open]()
    for day in range(MOST_DAYS):
        today = (FIRST_DAY + timedelta(days=day)).isoformat()
        model, name = served()
        arrived = draw.arriving[draw.night == day]
        cards |= {int(row): Open(int(row), today, 0.0, name) for row in arrived}
        _rescored(known, cards, model, name)
        shown = _shown_today(known, cards, desk, (today, seed, name))
        if not shown and day > draw.night[-1]:
            return
        for row in shown:
            _decide(known, desk, cards.pop(row))
        yield desk


def _rescored(known: Material, cards: dict[int, Open], model: Model, name: str) -> None:
    rows = list(cards)
    for row, p_spam in zip(rows, probabilities(model, known.samples.matrix[rows]).tolist(), strict=True):
        cards[row].p_spam, cards[row].model = p_spam, name


def _shown_today(known: Material, cards: dict[int, Open], desk: Desk, night: tuple[str, int, str]) -> list[int]:
    """Tonight's plan by the program's own rules, and tomorrow's cards in the order of the desk."""
    today, seed, name = night
    policy = Policy()
    earned = frozenset({name} if may_hold_back(policy, desk.evidence, name) else ())
    rules = QueueRules(account=ACCOUNT, policy=policy, today=today, seed=seed, may_hold=earned)
    due = []
    for placed in plan([_undecided(known, card) for card in cards.values()], rules):
        card = cards[placed.item]
        card.held_back, card.audit = placed.held_back, placed.audit
        card.chance, card.audit_day = placed.audit_probability, placed.audit_day
        if placed.due == today and not (placed.held_back and not placed.audit):
            due.append(_card(card, placed, policy))
    return [card.item for card in desk_order(due, seed)]


def _undecided(known: Material, card: Open) -> Undecided:
    return Undecided(
        item=card.row,
        follower_id=str(card.row),
        username=None,
        state=ItemState.WAITING,
        first_seen_day=card.night,
        score_id=1,
        earlier_score_id=1,
        p_spam=card.p_spam,
        earlier_p_spam=card.p_spam,
        model=card.model,
        connection=None,
        left=False,
        thin=bool(known.thin[card.row]),
        touched=False,
        claimed=False,
        batch=None,
        due=None,
        held_back=card.held_back,
        audit=card.audit,
        audit_probability=card.chance,
        audit_day=card.audit_day,
        note=None,
    )


def _card(card: Open, placed: Placement, policy: Policy) -> Card:
    seen = datetime.fromisoformat(card.night).replace(tzinfo=UTC)
    return Card(
        item=card.row,
        account=ACCOUNT,
        account_id=1,
        profile=Profile(id=str(card.row), observed_at=seen),
        appearance_hash="",
        state=placed.state,
        held_back=placed.held_back,
        audit=placed.audit,
        first_seen_at=seen,
        p_spam=card.p_spam,
        band=policy.cutoffs.band_of(card.p_spam),
    )


def _decide(known: Material, desk: Desk, card: Open) -> None:
    spam = bool(known.samples.spam[card.row])
    desk.rows.append(card.row)
    desk.nights.append(f"{ACCOUNT} {card.night}")
    desk.shown.append("audit" if card.audit else "listed")
    desk.chances.append(card.chance if card.audit else None)
    desk.evidence.append(
        HoldEvidence(
            item=card.row,
            kind="reject" if spam else "approve",
            reason="spam" if spam else None,
            real=False,
            asked=False,
            p_spam=card.p_spam,
            model=card.model,
        )
    )


def decided(known: Material, desk: Desk, many: int) -> DecisionArrays:
    """The first decisions as training sees them: weighted by how they came to be shown, nobody above their share."""
    rows = np.array(desk.rows[:many], dtype=np.int64)
    spam, night = known.samples.spam[rows], np.array(desk.nights[:many], dtype=np.str_)
    batch, person = np.full(many, "", dtype=np.str_), np.full(many, PERSON, dtype=np.str_)
    weight = sampling_weights(desk.shown[:many], desk.chances[:many])
    weight = capped_weights(weight, spam, night, batch, person).weights
    key = np.array([f"{ACCOUNT}:{row}" for row in rows], dtype=np.str_)
    return DecisionArrays(known.samples.matrix[rows], spam, weight, night, batch, person, key)
