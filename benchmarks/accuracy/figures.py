"""From scores to figures: each with its interval, each mean over populations resampled as a whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from followguard.classifier.base_rate import estimated_rate
from followguard.classifier.columns import Flags, Floats
from followguard.domain.policy import Policy
from followguard.training.base.reliability import RESAMPLES, Interval, Judged, ScoreTally, told
from followguard.training.base.training import PREVALENCE

PREVALENCES = (0.05, 0.20, 0.50)
STREAMS = (0.05, 0.15, 0.40)
POLICY = Policy()
CUTOFFS = POLICY.cutoffs
FALSE_POSITIVE, FALSE_NEGATIVE, UNSURE = 10.0, 1.0, 0.2
"""SpamBayes' cost in dollars: a real person held back, a spammer taken for genuine, a follower left unsure."""
Figure = Callable[[ScoreTally], float]
OWN = "own"
"""The share of spam that a population's rows happen to have."""

RANKING: dict[str, Figure] = {
    "auc": ScoreTally.auc,
    "recall": lambda tally: tally.recall_at_fpr(0.01),
    "balanced": lambda tally: tally.balanced_accuracy(0.5),
    "balanced_even": lambda tally: tally.balanced_accuracy(PREVALENCE),
}
REACHING: dict[str, Figure] = {
    "spam_held": lambda tally: tally.reaching(CUTOFFS.spam_from)[0],
    "genuine_held": lambda tally: tally.reaching(CUTOFFS.spam_from)[1],
    "spam_unsure": lambda tally: tally.reaching(CUTOFFS.unsure_from)[0],
    "genuine_unsure": lambda tally: tally.reaching(CUTOFFS.unsure_from)[1],
}
"""Name -> figure of a tally. `..._unsure` is the share at or above the cutoff of unsure, held back or not."""


def figures_of(tally: ScoreTally, rates: Mapping[str, float]) -> dict[str, float]:
    """Computes every figure of a population: as scored, and with `_estimated` at its estimated share of spam.

    `rates` is that estimate for rows weighted to each share, and for the rows as they are (`OWN`).
    """
    found = {name: figure(tally) for name, figure in (RANKING | REACHING).items()}
    moved = {share: _told(tally, rate) for share, rate in rates.items()}
    found["balanced_estimated"] = moved[OWN].balanced_accuracy(0.5)
    for share in PREVALENCES:
        for ending, own in (("", tally), ("_estimated", moved[f"{share:.0%}"])):
            found[f"brier_{share:.0%}{ending}"] = own.brier(share)
            found[f"ece_{share:.0%}{ending}"] = own.ece(share)
    for share in STREAMS:
        found |= {f"{name}_{share:.0%}": figure(moved[f"{share:.0%}"]) for name, figure in REACHING.items()}
    return found


def _told(tally: ScoreTally, rate: float) -> ScoreTally:
    return replace(tally, levels=told(tally.levels, PREVALENCE, rate))


def rates_of(spam: Flags, scores: Floats) -> dict[str, float]:
    """Estimates the share of spam of these rows, weighted to each share and as they are.

    The estimate sees the scores and how much each row weighs, never an answer.
    """
    shares = {f"{share:.0%}": share for share in (*PREVALENCES, *STREAMS)} | {OWN: float(np.mean(spam))}
    weights = {
        name: np.where(spam, share / spam.sum(), (1.0 - share) / (~spam).sum()) for name, share in shares.items()
    }
    return {name: estimated_rate(scores, PREVALENCE, own) for name, own in weights.items()}


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure, and its values over the resampled populations."""

    value: float
    resampled: Floats

    @property
    def interval(self) -> Interval:
        """Takes the middle 95 %."""
        return Interval.of(self.resampled)


@dataclass(frozen=True, slots=True)
class Population:
    """One population that the model hadn't seen, with every figure.

    `rates` is its share of spam as the model estimates it, weighted to each share and as it is.
    """

    letter: str
    name: str
    spam: int
    genuine: int
    tally: ScoreTally
    rates: Mapping[str, float]
    figures: Mapping[str, Measured]


def population(
    letter: str, name: str, spam: Flags, scores: Floats, *, seed: int, resamples: int = RESAMPLES
) -> Population:
    """Computes every figure of one population, resampled in the same draws, at the share estimated from all rows."""
    judged, rates = Judged(spam, scores), rates_of(spam, scores)
    whole = judged.tally()
    drawn = [figures_of(tally, rates) for tally in judged.resampled(seed, name, resamples)]
    figures = {
        key: Measured(value, np.array([one[key] for one in drawn])) for key, value in figures_of(whole, rates).items()
    }
    return Population(letter, name, int(spam.sum()), int((~spam).sum()), whole, rates, figures)


def mean(populations: Sequence[Population], figure: str) -> Measured:
    """Takes the mean over populations, each weighing the same."""
    found = [one.figures[figure] for one in populations]
    return Measured(
        float(np.mean([one.value for one in found])), np.asarray(np.mean([one.resampled for one in found], axis=0))
    )


def worst(populations: Sequence[Population], figure: str, *, high_is_good: bool) -> Population:
    """Picks the population that fares worst."""
    pick = min if high_is_good else max
    return pick(populations, key=lambda one: one.figures[figure].value)


@dataclass(frozen=True, slots=True)
class Stream:
    """Expected numbers of people, and dollars, when 1,000 followers come, `share` of them spam."""

    share: float
    cards: float
    spam_listed: float
    spam_taken_for_genuine: float
    unsure: float
    real_held: float
    dollars: float


def stream(rates: Mapping[str, float], share: float) -> Stream:
    """Computes them from the shares of spam and of genuine rows that reach each cutoff."""
    spam, genuine = 1000.0 * share, 1000.0 * (1.0 - share)
    spam_held, real_held = spam * rates["spam_held"], genuine * rates["genuine_held"]
    missed = spam * (1.0 - rates["spam_unsure"])
    unsure = spam * rates["spam_unsure"] + genuine * rates["genuine_unsure"] - spam_held - real_held
    return Stream(
        share=share,
        cards=1000.0 - spam_held - real_held,
        spam_listed=spam - spam_held,
        spam_taken_for_genuine=missed,
        unsure=unsure,
        real_held=real_held,
        dollars=FALSE_POSITIVE * real_held + FALSE_NEGATIVE * missed + UNSURE * unsure,
    )


def reached(populations: Sequence[Population], share: float) -> dict[str, float]:
    """Takes the mean shares over populations that reach each cutoff in a stream of that share of spam."""
    return {name: mean(populations, f"{name}_{share:.0%}").value for name in REACHING}
