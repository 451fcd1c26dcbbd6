"""The gate: a challenger replaces the champion only where it is better on decisions that it hadn't learned from.

The recipe of the house model is judged. Decisions are replayed by whole nights and batches: from each of a few fixed
sizes on (12, 18, 27, ... decisions, always half as many more) a house model of all earlier ones predicts what came
until the next. The sizes don't depend on how much there is, so a prediction stays what it was as more decisions arrive.

The champion may be yesterday's house model, which has learned from most of these decisions; on those it would look
better than it is. So the caller names the decisions that the champion hasn't learned from (`fresh`), and only they are
judged: both sides then predict what they hadn't seen. Decisions before the first size have no challenger yet and are
judged by the base model's prediction, which they started from, on the challenger's side.

Three locks, and all must open. The 95 % lower bound of the mean gain in log-loss, with nights and batches as clusters
(one-sided, Student's t), must be above 0. And, as a retrain comes every fifty decisions and each is another chance to
be lucky, the whole gain must reach ln 20: under a champion whose probabilities are right, the likelihood ratio of
predictions made beforehand is a martingale, and reaches 20 at any time in at most one case of twenty (Ville 1939).
Where several people decide, something must be gained whoever's decisions are left out: nobody carries it alone.
"""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.special import stdtrit

from followguard.classifier.columns import Flags, Floats, Whole
from followguard.classifier.model import Model, probabilities
from followguard.domain.policy import Band, Cutoffs
from followguard.training.base.samples import Names
from followguard.training.house.decisions import DecisionArrays, clusters
from followguard.training.house.model import train_house

PROMOTED, KEPT = "promoted", "kept"
CONFIDENCE = 0.95
SURE_GAIN = math.log(20.0)
"""Nats over all decisions judged."""
FIRST_SIZE, GROWTH = 12, 1.5
FEWEST_OTHERS = 20
"""Decisions by others below which they have no say about somebody's."""
TIE = 0.01
"""Nats of log-loss within which a decision counts as tied."""
USUAL = Cutoffs(unsure_from=0.15, spam_from=0.95)
HALF = 0.5
"""The side of it on which a probability lies is what it says: spam from here on."""
_PLACES = (Band.GENUINE, Band.UNSURE, Band.SPAM)
Trainer = Callable[[Model, DecisionArrays, int], Model]


@dataclass(frozen=True, slots=True)
class Beforehand:
    """Predictions of n decisions before they were learned from, each array (n,).

    `p_spam` is by the newest model that had learned from nothing of the decision's night and batch, `base_logit` what
    that model starts from; where `made` is False there was none yet, and it is the base model.
    """

    p_spam: Floats
    base_logit: Floats
    made: Flags

    def starting_at(self, base_logit: float) -> Floats:
        """Returns (n,) p_spam of the same reasons from another start; NaN where there was no model yet."""
        moved = 1.0 / (1.0 + (1.0 - self.p_spam) / self.p_spam * np.exp(self.base_logit - base_logit))
        return np.where(self.made, moved, np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateVerdict:
    """The gate's verdict. Gains are in nats of log-loss a decision, above 0 for the challenger.

    `judged` decisions in `clusters` nights and batches; `lower_bound` of the mean gain at 95 %; `gain` over all of
    them. `won`, `lost`, `tied` count decisions, tied within .01 nats. `righted`: the challenger was on the right side
    of .5 where the champion was on the wrong one; `wronged`: the other way round. `towards_spam` and `towards_genuine`
    count cards in another band than under the champion. `beforehand` is what it rests on, of every decision given.
    """

    outcome: str
    why: str
    judged: int
    clusters: int
    mean_gain: float
    lower_bound: float
    gain: float
    won: int
    lost: int
    tied: int
    towards_spam: int
    towards_genuine: int
    righted: int = 0
    wronged: int = 0
    beforehand: Beforehand | None = field(default=None, repr=False, compare=False)

    @property
    def promoted(self) -> bool:
        """Tells whether the challenger replaces the champion."""
        return self.outcome == PROMOTED

    def as_json(self) -> dict[str, Any]:
        """Returns the figures for `retrain --json` and the log, all finite."""
        figures = asdict(replace(self, beforehand=None))
        return {name: _finite(value) for name, value in figures.items() if name != "beforehand"}


@dataclass(frozen=True, slots=True)
class Trial:
    """A question to the gate. `fresh` (n,) flags the decisions that the champion hasn't learned from.

    None means all: only for a champion that has learned from none of them, as the base model has.
    """

    base: Model
    champion: Model
    decided: DecisionArrays
    seed: int
    fresh: Flags | None = None
    cutoffs: Cutoffs = USUAL


def judge(trial: Trial, train: Trainer = train_house) -> GateVerdict:
    """Compares house models of the trial's base with its champion, on the decisions flagged `fresh`."""
    decided, part = trial.decided, clusters(trial.decided)
    found = prequential(trial.base, decided, trial.seed, train)
    rows = found.made if trial.fresh is None else found.made & trial.fresh
    ours, theirs = found.p_spam[rows], probabilities(trial.champion, decided.matrix[rows])
    gains = log_loss(theirs, decided.spam[rows]) - log_loss(ours, decided.spam[rows])
    gained = Gains(gains, decided.weight[rows], part[rows], decided.person[rows])
    verdict = verdict_of(gained, bands_moved(theirs, ours, trial.cutoffs))
    return told(replace(verdict, beforehand=found), sides_turned(theirs, ours, decided.spam[rows]))


def prequential(base: Model, decided: DecisionArrays, seed: int, train: Trainer) -> Beforehand:
    """Predicts each decision by a house model trained before its night and batch."""
    part = clusters(decided)
    found, began = probabilities(base, decided.matrix), np.full(len(decided), base.base_logit)
    predicted = np.zeros(len(decided), dtype=bool)
    starts = block_starts(part)
    for start, stop in pairwise([*starts, int(part.max(initial=-1)) + 1]):
        earlier, now = decided.where(part < start), (part >= start) & (part < stop)
        model = train(base, earlier, seed)
        found[now], began[now] = probabilities(model, decided.matrix[now]), model.base_logit
        predicted |= now
    return Beforehand(found, began, predicted)


def block_starts(part: Whole) -> list[int]:
    """Returns the first cluster after each size is reached: 12, 18, 27, ... decisions."""
    reached = np.cumsum(np.bincount(part)) if len(part) else np.zeros(0, dtype=np.int64)
    starts: list[int] = []
    size = float(FIRST_SIZE)
    while len(reached) and size < reached[-1]:
        start = int(np.searchsorted(reached, size)) + 1
        if start < len(reached) and (not starts or start > starts[-1]):
            starts.append(start)
        size *= GROWTH
    return starts


def log_loss(p_spam: Floats, spam: Flags) -> Floats:
    """Returns the nats of each prediction."""
    return np.asarray(-np.log(np.where(spam, p_spam, 1.0 - p_spam)))


def bands_moved(before: Floats, after: Floats, cutoffs: Cutoffs) -> tuple[int, int]:
    """Counts cards that move to a band nearer to spam, and nearer to genuine."""
    places = [np.array([_PLACES.index(cutoffs.band_of(float(p))) for p in side], dtype=int) for side in (before, after)]
    return int((places[1] > places[0]).sum()), int((places[1] < places[0]).sum())


def sides_turned(before: Floats, after: Floats, spam: Flags) -> tuple[int, int]:
    """Counts cards that `after` puts on the right side of .5 and `before` on the wrong one, and the reverse."""
    was, is_now = (before >= HALF) == spam, (after >= HALF) == spam
    return int((is_now & ~was).sum()), int((was & ~is_now).sum())


def told(verdict: GateVerdict, turned: tuple[int, int]) -> GateVerdict:
    """Returns the verdict with what it means for cards, in words: `righted` and `wronged` are `turned`."""
    righted, wronged = turned
    if not verdict.judged:
        return verdict
    cards = f"{righted:,} card" if righted == 1 else f"{righted:,} cards"
    said = f"the new model was right on {cards} where the old was wrong, wrong on {wronged:,} where it was right"
    return replace(verdict, righted=righted, wronged=wronged, why=f"{verdict.why}: {said}")


@dataclass(frozen=True, slots=True)
class Gains:
    """n decisions judged: nats gained on the champion, above 0 for the challenger; weight, cluster and person."""

    nats: Floats
    weight: Floats
    part: Whole
    person: Names

    def mean(self) -> float:
        """Returns the weighted mean; 0 where nothing was judged."""
        return float(np.average(self.nats, weights=self.weight)) if self.weight.sum() > 0.0 else 0.0

    def without(self, person: str) -> "Gains":
        """Returns what everybody else decided."""
        rest = self.person != person
        return Gains(self.nats[rest], self.weight[rest], self.part[rest], self.person[rest])

    def hang_on(self) -> str | None:
        """Returns the person without whose decisions nothing is gained, where the others decided enough to tell."""
        rests = {str(person): self.without(str(person)) for person in np.unique(self.person)}
        return next((p for p, rest in rests.items() if len(rest.nats) >= FEWEST_OTHERS and rest.mean() <= 0.0), None)


def verdict_of(found: Gains, moved: tuple[int, int]) -> GateVerdict:
    """Tries all locks. `moved`: cards in a band nearer to spam, and nearer to genuine, than under the champion."""
    mean, bound, units = clustered_bound(found)
    total = float((found.nats * found.weight).sum())
    outcome, why = _outcome(found, mean, bound, total)
    return GateVerdict(
        outcome=outcome,
        why=why,
        judged=len(found.nats),
        clusters=units,
        mean_gain=mean,
        lower_bound=bound,
        gain=total,
        won=int((found.nats > TIE).sum()),
        lost=int((found.nats < -TIE).sum()),
        tied=int((np.abs(found.nats) <= TIE).sum()),
        towards_spam=moved[0],
        towards_genuine=moved[1],
    )


def clustered_bound(found: Gains) -> tuple[float, float, int]:
    """Returns the mean gain, its one-sided 95 % lower bound (-inf below two clusters), and the number of clusters.

    The mean is a ratio of cluster sums; its variance by linearisation (Cochran, "Sampling techniques", 2.11).
    """
    mean, weight = found.mean(), float(found.weight.sum())
    _, unit = np.unique(found.part, return_inverse=True)
    units = int(unit.max(initial=-1)) + 1
    if units < 2 or weight == 0.0:
        return mean, -math.inf, units
    rest = np.bincount(unit, weights=(found.nats - mean) * found.weight)
    error = math.sqrt(units / (units - 1) * float((rest**2).sum())) / weight
    return mean, mean - float(stdtrit(units - 1, CONFIDENCE)) * error, units


def _outcome(found: Gains, mean: float, bound: float, total: float) -> tuple[str, str]:
    if mean <= 0.0:
        return KEPT, "no better than the champion on decisions it hadn't learned from"
    if bound <= 0.0 or total < SURE_GAIN:
        return KEPT, "better than the champion so far, but not surely so"
    if found.hang_on() is not None:
        return KEPT, "better than the champion only by what one person decided"
    return PROMOTED, "surely better on decisions it hadn't learned from"


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
