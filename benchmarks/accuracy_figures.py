"""From scores to figures: each with its interval, each mean over populations resampled as a whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from followguard.domain.policy import Policy
from followguard.learning.reliability import RESAMPLES, Interval, Judged, Tally
from followguard.learning.samples import Flags, Floats
from followguard.learning.training import PREVALENCE

PREVALENCES = (0.05, 0.20, 0.50)
STREAMS = (0.05, 0.15, 0.40)
POLICY = Policy()
CUTOFFS = POLICY.cutoffs
FALSE_POSITIVE, FALSE_NEGATIVE, UNSURE = 10.0, 1.0, 0.2
"""SpamBayes' cost in dollars: a real person held back, a spammer taken for genuine, a follower left unsure."""
Figure = Callable[[Tally], float]

FIGURES: dict[str, Figure] = {
    "auc": Tally.auc,
    "recall": lambda tally: tally.recall_at_fpr(0.01),
    "spam_held": lambda tally: tally.reaching(CUTOFFS.spam_from)[0],
    "genuine_held": lambda tally: tally.reaching(CUTOFFS.spam_from)[1],
    "spam_unsure": lambda tally: tally.reaching(CUTOFFS.unsure_from)[0],
    "genuine_unsure": lambda tally: tally.reaching(CUTOFFS.unsure_from)[1],
    "balanced": lambda tally: tally.balanced_accuracy(0.5),
    "balanced_even": lambda tally: tally.balanced_accuracy(PREVALENCE),
    **{f"brier_{share:.0%}": (lambda tally, share=share: tally.brier(share)) for share in PREVALENCES},
    **{f"ece_{share:.0%}": (lambda tally, share=share: tally.ece(share)) for share in PREVALENCES},
}
"""Name -> figure of a population. `..._unsure` is the share at or above the cutoff of unsure, held back or not."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure, and its values over the resampled populations."""

    value: float
    resampled: Floats

    @property
    def interval(self) -> Interval:
        """The middle 95 %."""
        return Interval.of(self.resampled)


@dataclass(frozen=True, slots=True)
class Population:
    """One population that the model hadn't seen: who was asked about, and every figure."""

    letter: str
    name: str
    spam: int
    genuine: int
    tally: Tally
    figures: Mapping[str, Measured]


def population(
    letter: str, name: str, spam: Flags, scores: Floats, *, seed: int, resamples: int = RESAMPLES
) -> Population:
    """Every figure of one population, each resampled in the same draws."""
    judged = Judged(spam, scores)
    drawn = [[figure(tally) for figure in FIGURES.values()] for tally in judged.resampled(seed, name, resamples)]
    whole, table = judged.tally(), np.array(drawn)
    figures = {key: Measured(figure(whole), table[:, at]) for at, (key, figure) in enumerate(FIGURES.items())}
    return Population(letter, name, int(spam.sum()), int((~spam).sum()), whole, figures)


def mean(populations: Sequence[Population], figure: str) -> Measured:
    """The mean over populations, each weighing the same."""
    found = [one.figures[figure] for one in populations]
    return Measured(
        float(np.mean([one.value for one in found])), np.asarray(np.mean([one.resampled for one in found], axis=0))
    )


def worst(populations: Sequence[Population], figure: str, *, high_is_good: bool) -> Population:
    """The population that fares worst."""
    pick = min if high_is_good else max
    return pick(populations, key=lambda one: one.figures[figure].value)


@dataclass(frozen=True, slots=True)
class Stream:
    """What the bands make of 1,000 followers, `share` of them spam; expected numbers of people, and dollars."""

    share: float
    cards: float
    spam_listed: float
    spam_taken_for_genuine: float
    unsure: float
    real_held: float
    dollars: float


def stream(rates: Mapping[str, float], share: float) -> Stream:
    """From the shares of spam and of genuine rows that reach each cutoff."""
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


def rates_of(populations: Sequence[Population]) -> dict[str, float]:
    """Mean shares over populations that reach each cutoff."""
    names = ("spam_held", "genuine_held", "spam_unsure", "genuine_unsure")
    return {name: mean(populations, name).value for name in names}
