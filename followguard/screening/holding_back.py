"""When likely spam may be left off the desk: only once that is earned, and never for lack of data alone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from math import exp, lgamma, log, log1p

from followguard.domain.follower import Profile
from followguard.domain.labels import Label, label_of
from followguard.domain.policy import Band, HoldingBack, Policy

FEWEST_DECIDED = 60
"""Cards that people must have decided. With none of them wrong the upper bound is 4.87 %."""
CONFIDENCE = 0.95
BRAND_NEW = timedelta(days=7)
FEW_POSTS = 5


@dataclass(frozen=True, slots=True)
class EarlyPrediction:
    """The score a house model's recipe gave a decided card before it had learned from that card's night and batch.

    By a model trained on what came earlier, in terms of `base_logit`, from which the scores of `model` start.
    """

    model: str
    p_spam: float
    base_logit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEvidence:
    """A decision that stands, and the score the card had. `asked`: somebody had to ask to see the card.

    `base_logit` is what that score started from, None where it isn't known, and `slope` what its reasons were
    multiplied by. `draw_probability` of the audit that showed the card, None where none did. `predictions`: what models
    that came later would have said of it.
    """

    item: int
    kind: str
    reason: str | None
    real: bool
    asked: bool
    p_spam: float
    model: str
    base_logit: float | None = None
    slope: float = 1.0
    draw_probability: float | None = None
    predictions: tuple[EarlyPrediction, ...] = ()

    def by(self, model: str | None) -> "HoldEvidence | None":
        """Returns the evidence with that model's score, the card's own or the predicted one; None without either."""
        if self.model == model:
            return self
        found = next((each for each in self.predictions if each.model == model), None)
        if found is None:
            return None
        return replace(self, model=found.model, p_spam=found.p_spam, base_logit=found.base_logit, slope=1.0)

    def p_spam_from(self, base_logit: float | None, slope: float = 1.0) -> float:
        """Returns the score that the same reasons give from another start and slope; as it was where none is known."""
        return moved_to(base_logit, self.p_spam, self.base_logit, slope / self.slope)

    @property
    def label(self) -> Label | None:
        """What the decision says about spam."""
        return label_of(self.kind, self.reason, self.real)


def moved(p_spam: float, start: float, to: float, stretch: float) -> float:
    """Returns a score in (0, 1) whose reasons are stretched, and added to another start than the one it had."""
    reasons = log(p_spam / (1.0 - p_spam)) - start
    return 1.0 / (1.0 + exp(-(to + stretch * reasons)))


@dataclass(frozen=True, slots=True)
class Earned:
    """The real people found among those who would be held back: `wrong` of `decided`, and the bound."""

    decided: int
    wrong: int
    bound: float

    def allows(self, max_wrong_hold: float) -> bool:
        """Tells whether enough was decided, and surely few enough of it real. A bound equal to the limit is allowed."""
        return self.decided >= FEWEST_DECIDED and self.bound <= max_wrong_hold


def moved_to(base_logit: float | None, p_spam: float, began: float | None, stretch: float = 1.0) -> float:
    """Returns a score that `began` at one start as it is from `base_logit`; unmoved where either isn't known."""
    if base_logit is None or began is None or not 0.0 < p_spam < 1.0 or (base_logit, stretch) == (began, 1.0):
        return p_spam
    return moved(p_spam, began, base_logit, stretch)


def earned(
    decisions: Iterable[HoldEvidence],
    policy: Policy,
    model: str | None,
    base_logit: float | None = None,
    slope: float = 1.0,
) -> Earned:
    """Counts decisions about cards that this model and today's cutoffs would hold back.

    Cards that another model scored count by what was predicted of them, and not at all where nothing was: a model's own
    score of what it has learned from says nothing.
    `base_logit` and `slope` are those of today's scores: where they rose, cards that weren't held back then
    would be now, and what people decided about them counts too.
    A decision without a label (not relevant, a competitor) doesn't say whether the account is real and isn't counted.
    Among cards that somebody asked to see only the mistakes count: which ones a person picks out isn't a fair sample.
    """
    decided = wrong = 0
    cutoffs = policy.cutoffs
    for each in decisions:
        label, seen = each.label, each.by(model)
        would_hold = seen is not None and cutoffs.band_of(seen.p_spam_from(base_logit, slope)) is Band.SPAM
        if not would_hold or label is None or (each.asked and label is Label.SPAM):
            continue
        decided += 1
        wrong += label is Label.GENUINE
    return Earned(decided, wrong, upper_bound(wrong, decided))


def may_hold_back(
    policy: Policy,
    decisions: Iterable[HoldEvidence],
    model: str | None,
    base_logit: float | None = None,
    slope: float = 1.0,
    *,
    tested: bool,
) -> bool:
    """Tells whether `spam` cards of this model, from this start and slope or lower ones, may be held back tonight.

    `tested`: somebody of the account passed a blind test of the model (`screening.blind_test`).
    """
    so_far = earned(decisions, policy, model, base_logit, slope)
    return is_allowed(policy.holding_back, so_far, policy.max_wrong_hold, tested=tested)


def is_allowed(mode: HoldingBack, so_far: Earned, max_wrong_hold: float, *, tested: bool) -> bool:
    """Tells whether a policy's mode allows it, with what was earned so far and with or without a blind test."""
    if mode is HoldingBack.EARNED:
        return tested and so_far.allows(max_wrong_hold)
    return mode is HoldingBack.ON


def only_lacks_data(profile: Profile, in_batch: bool) -> bool:
    """Tells whether a high score may come from missing values alone: such a card is always shown.

    That is a profile which is protected; or brand-new (less than 7 days old when observed, or of unknown age); or
    empty: no bio, no link and at most 5 posts (or an unknown number). Arriving in a batch of look-alikes is evidence of
    its own, so members of a batch don't lack data alone.
    """
    if in_batch:
        return False
    born = profile.created_at
    brand_new = born is None or profile.observed_at - born < BRAND_NEW
    nothing_written = not (profile.description or "").strip() and not (profile.url or "").strip()
    return bool(profile.protected) or brand_new or (nothing_written and (profile.tweet_count or 0) <= FEW_POSTS)


def upper_bound(wrong: int, decided: int, confidence: float = CONFIDENCE) -> float:
    """Returns the exact one-sided upper bound (Clopper-Pearson) on a share, `wrong` of `decided` seen.

    The share p at which seeing `wrong` or fewer has probability 1 - confidence; 1.0 when nothing was decided.
    """
    if wrong >= decided:
        return 1.0
    low, high = wrong / decided, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(wrong, decided, middle) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(k: int, n: int, p: float) -> float:
    """Returns P(X <= k) for X binomial(n, p), 0 < p < 1; summed in logarithms, so that large n doesn't underflow."""
    if p >= 1.0:
        return 0.0
    terms = (lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) + i * log(p) + (n - i) * log1p(-p) for i in range(k + 1))
    return sum(exp(term) for term in terms)
