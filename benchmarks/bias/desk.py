"""A simulated desk: nights, people who decide, and the program's own queue, audit and rule of earned holding back."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from benchmarks.cards import new_card, scored
from followguard.domain.labels import Kind, Label, RejectReason
from followguard.domain.policy import Band, Policy
from followguard.screening.audit import audit_draws
from followguard.screening.audit_interval import held_back_share
from followguard.screening.holding_back import HoldEvidence, may_hold_back
from followguard.screening.plan import QueueRules, Undecided, changed, plan

MODEL = "m"
PLACED = ("due", "held_back", "audit", "audit_probability", "audit_day", "audit_missed")
FIRST = date(2026, 1, 1)
DECIDED = 0.9
"""How likely a card on the desk is decided that day."""
ASKS = 0.3
"""How likely, on a day, somebody looks through those held back."""
RESCUED, THROWN_OUT = 0.5, 5
"""The chance to find each real person among the five least suspicious, and how many others are rejected."""
Share = Callable[[float], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The followers of a night.

    `real`: from the part of the time that has passed to the share of real people among those whom the model calls
    surely spam; it falls with the score. Sizes are means of negative binomials of dispersion 2. `attack`: how likely a
    night also brings 200 bought followers, all spam.
    """

    real: Share
    nights: int = 60
    surely_spam: float = 6.0
    others: float = 5.0
    attack: float = 0.0
    policy: Policy = field(default_factory=Policy)


@dataclass(slots=True)
class Past:
    """The history of a desk: per night whether holding back was allowed, and who was ever held back."""

    town: Town
    allowed: list[bool] = field(default_factory=list)
    held: set[int] = field(default_factory=set)
    real: dict[int, bool] = field(default_factory=dict)
    evidence: list[HoldEvidence] = field(default_factory=list)

    @property
    def truth(self) -> float:
        """Takes the share of real people among all who were ever held back."""
        return sum(self.real[item] for item in self.held) / len(self.held) if self.held else float("nan")

    def would_hold(self) -> list[HoldEvidence]:
        """Lists decisions about cards in band spam, however they came to be shown: the others earn nothing."""
        cutoffs = self.town.policy.cutoffs
        return [each for each in self.evidence if cutoffs.band_of(each.p_spam) is Band.SPAM]

    def true_share_on(self, night: int) -> float:
        """Takes the share among newcomers of that night."""
        return self.town.real(night / self.town.nights)


def live(town: Town, seed: int) -> Past:
    """Runs a desk through its nights. The same town and seed give the same past."""
    rng, past = np.random.default_rng(seed), Past(town)
    cards: dict[int, Undecided] = {}
    for night in range(town.nights):
        today = (FIRST + timedelta(days=night)).isoformat()
        for card in _arrivals(town, night, today, len(past.real), rng, past.real):
            cards[card.item] = card
        allowed = may_hold_back(town.policy, past.would_hold(), MODEL, tested=True)  # what is measured is the bound
        may_hold = frozenset({MODEL}) if allowed else frozenset[str]()
        past.allowed.append(bool(may_hold))
        rules = QueueRules(account="acme", policy=town.policy, today=today, seed=seed, may_hold=may_hold)
        cards = _placed(cards, rules)
        past.held |= {card.item for card in cards.values() if card.held_back}
        for card in _decided(cards, today, rng) + _asked(cards, past.real, rng):
            del cards[card.item]
            past.evidence.append(_evidence(card, past.real[card.item]))
    return past


def _placed(cards: dict[int, Undecided], rules: QueueRules) -> dict[int, Undecided]:
    before = list(cards.values())
    news = {p.item: {name: getattr(p, name) for name in PLACED} for p in changed(before, plan(before, rules))}
    return {item: replace(card, **news[item]) if item in news else card for item, card in cards.items()}


def _arrivals(
    town: Town, night: int, today: str, start: int, rng: np.random.Generator, real: dict[int, bool]
) -> list[Undecided]:
    sure, others = (int(rng.negative_binomial(2, 2 / (2 + mean))) for mean in (town.surely_spam, town.others))
    bought = 200 if rng.random() < town.attack else 0
    doubt = np.concatenate([rng.random(sure), rng.random(bought) * 0.2])
    share = town.real(night / town.nights) * 2.0 * doubt[:sure]
    is_real = np.concatenate([rng.random(sure) < share, np.zeros(bought, dtype=bool), rng.random(others) < 0.85])
    p_spam = np.concatenate([1.0 - 0.0499 * doubt, rng.random(others) * 0.9])
    found = []
    for number, (p, one) in enumerate(zip(p_spam.tolist(), is_real.tolist(), strict=True)):
        item = start + number + 1
        real[item] = one
        card = new_card(item, today, batch=night + 1 if sure <= number < sure + bought else None)
        found.append(scored(card, p, MODEL))
    return found


def _decided(cards: dict[int, Undecided], today: str, rng: np.random.Generator) -> list[Undecided]:
    due = [card for card in cards.values() if not card.hidden and card.due is not None and card.due <= today]
    return [card for card in due if rng.random() < DECIDED]


def _asked(cards: dict[int, Undecided], real: dict[int, bool], rng: np.random.Generator) -> list[Undecided]:
    """Decides cards held back: people look from the least suspicious on, and pick out those they know to be real."""
    if rng.random() >= ASKS:
        return []
    hidden = sorted((card for card in cards.values() if card.hidden), key=lambda card: (card.p_spam or 0.0, card.item))
    rescued = [card for card in hidden if real[card.item]][:THROWN_OUT]
    taken = [card for card in rescued if rng.random() < RESCUED]
    return taken + [card for card in hidden if not real[card.item]][:THROWN_OUT]


def _evidence(card: Undecided, real: bool) -> HoldEvidence:
    return HoldEvidence(
        item=card.item,
        kind=Kind.APPROVE if real else Kind.REJECT,
        reason=None if real else RejectReason.SPAM,
        real=False,
        asked=card.hidden,
        p_spam=card.p_spam or 0.0,
        model=MODEL,
        draw_probability=card.audit_probability if card.audit else None,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """An estimate beside the truth."""

    truth: float
    share: float
    low: float
    high: float
    bound: float

    @property
    def covers(self) -> bool:
        """Tells whether the two-sided interval holds the truth."""
        return self.low <= self.truth <= self.high


def told(past: Past) -> tuple[Told, Told] | None:
    """Makes the audit's weighted estimate, and the naive one of all decisions; None where nobody was held back."""
    draws, decided = audit_draws(past.evidence), past.would_hold()
    if not draws or not past.held:
        return None
    weighted = held_back_share(draws)
    naive = held_back_share([replace(draws[0], real=each.label is Label.GENUINE, probability=1.0) for each in decided])
    both = [Told(past.truth, each.share or 0.0, each.low, each.high, each.bound) for each in (weighted, naive)]
    return both[0], both[1]
