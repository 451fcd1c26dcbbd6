"""Decisions as they come: nightly, through the program's own queue, each card shown decided by its known label."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from benchmarks.cards import new_card, scored
from benchmarks.learning.material import Draw, Material
from followguard.classifier.model import Model, probabilities
from followguard.domain.card import Card
from followguard.domain.follower import Profile
from followguard.domain.policy import Policy
from followguard.review.desk.order import desk_order
from followguard.screening.holding_back import HoldEvidence, may_hold_back
from followguard.screening.plan import Placement, QueueRules, Undecided, plan
from followguard.training.house.decisions import DecisionArrays, capped_weights, sampling_weights

FIRST_DAY = date(2026, 1, 1)
MOST_DAYS = 120
PERSON = "maria"
ACCOUNT = "acme"
PLACED = ("held_back", "audit", "audit_probability", "audit_day")
Served = Callable[[], tuple[Model, str]]
"""The model that serves now, and its name."""


@dataclass(slots=True)
class Desk:
    """Decisions so far, in order; `shown` is "listed" or "audit", with the probability of the draw."""

    rows: list[int] = field(default_factory=list)
    nights: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    chances: list[float | None] = field(default_factory=list)
    evidence: list[HoldEvidence] = field(default_factory=list)


def stream(known: Material, draw: Draw, seed: int, served: Served) -> Iterator[Desk]:
    """Yields the desk after each day, until every shown card is decided. Waiting cards are rescored every night."""
    desk, cards = Desk(), dict[int, Undecided]()
    for day in range(MOST_DAYS):
        today = (FIRST_DAY + timedelta(days=day)).isoformat()
        model, name = served()
        arrived = draw.arriving[draw.night == day]
        cards |= {int(row): new_card(int(row), today, thin=bool(known.thin[row])) for row in arrived}
        _rescored(known, cards, model, name)
        shown = _shown_today(cards, desk, (today, seed, name))
        if not shown and day > draw.night[-1]:
            return
        for row in shown:
            _decide(known, desk, cards.pop(row))
        yield desk


def _rescored(known: Material, cards: dict[int, Undecided], model: Model, name: str) -> None:
    rows = list(cards)
    for row, p_spam in zip(rows, probabilities(model, known.samples.matrix[rows]).tolist(), strict=True):
        cards[row] = scored(cards[row], p_spam, name)


def _shown_today(cards: dict[int, Undecided], desk: Desk, night: tuple[str, int, str]) -> list[int]:
    """Plans the night by the program's own rules; returns tomorrow's cards in the order of the desk."""
    today, seed, name = night
    policy = Policy()
    earned = frozenset({name} if may_hold_back(policy, desk.evidence, name, tested=True) else ())
    rules = QueueRules(account=ACCOUNT, policy=policy, today=today, seed=seed, may_hold=earned)
    due = []
    for placed in plan(list(cards.values()), rules):
        cards[placed.item] = replace(cards[placed.item], **{name: getattr(placed, name) for name in PLACED})
        if placed.due == today and not cards[placed.item].hidden:
            due.append(_card(cards[placed.item], placed, policy))
    return [card.item for card in desk_order(due, seed)]


def _card(card: Undecided, placed: Placement, policy: Policy) -> Card:
    seen = datetime.fromisoformat(card.first_seen_day).replace(tzinfo=UTC)
    p_spam = card.p_spam or 0.0
    return Card(
        item=card.item,
        account=ACCOUNT,
        account_id=1,
        profile=Profile(id=card.follower_id, observed_at=seen),
        appearance_hash="",
        state=placed.state,
        held_back=placed.held_back,
        audit=placed.audit,
        first_seen_at=seen,
        p_spam=p_spam,
        band=policy.cutoffs.band_of(p_spam),
    )


def _decide(known: Material, desk: Desk, card: Undecided) -> None:
    spam = bool(known.samples.spam[card.item])
    desk.rows.append(card.item)
    desk.nights.append(f"{ACCOUNT} {card.first_seen_day}")
    desk.shown.append("audit" if card.audit else "listed")
    desk.chances.append(card.audit_probability if card.audit else None)
    desk.evidence.append(
        HoldEvidence(
            item=card.item,
            kind="reject" if spam else "approve",
            reason="spam" if spam else None,
            real=False,
            asked=False,
            p_spam=card.p_spam or 0.0,
            model=card.model or "",
        )
    )


def decided(known: Material, desk: Desk, many: int) -> DecisionArrays:
    """Takes the first decisions as training sees them: weighted by how they came to be shown, capped by share."""
    rows = np.array(desk.rows[:many], dtype=np.int64)
    spam, night = known.samples.spam[rows], np.array(desk.nights[:many], dtype=np.str_)
    batch, person = np.full(many, "", dtype=np.str_), np.full(many, PERSON, dtype=np.str_)
    weight = sampling_weights(desk.shown[:many], desk.chances[:many])
    weight = capped_weights(weight, spam, night, batch, person).weights
    key = np.array([f"{ACCOUNT}:{row}" for row in rows], dtype=np.str_)
    return DecisionArrays(known.samples.matrix[rows], spam, weight, night, batch, person, key)
