"""The figures as Markdown, which is printed and stands in `docs/accuracy.md`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.accuracy.figures import (
    CUTOFFS,
    FALSE_NEGATIVE,
    FALSE_POSITIVE,
    OWN,
    POLICY,
    PREVALENCES,
    STREAMS,
    UNSURE,
    Measured,
    Population,
    Stream,
    mean,
    reached,
    stream,
    worst,
)
from benchmarks.pages import table

TITLES = {
    "b": "One spam group of Cresci 2017 held out, with half of its genuine accounts",
    "c": "The vendor INT held out, against genuine accounts of a source that training hasn't seen",
    "d": "A whole set held out",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A figure with the floor that plain tools reach and the reach that was asked for."""

    what: str
    found: Measured
    floor: float
    reach: float
    high_is_good: bool = True
    digits: int = 3

    @property
    def verdict(self) -> str:
        """Compared as it is, not as it is rounded."""
        sign = 1.0 if self.high_is_good else -1.0
        if sign * (self.found.value - self.reach) >= 0:
            return "won: reached"
        return "won: past the floor" if sign * (self.found.value - self.floor) >= 0 else "LOST: short of the floor"

    def cells(self) -> list[str]:
        """One row of the table."""
        marks = (f"{mark:.{self.digits}f}" for mark in (self.floor, self.reach))
        return [self.what, with_interval(self.found, self.digits), *marks, self.verdict]


def with_interval(measured: Measured, digits: int = 3) -> str:
    """`0.981 (0.975-0.986)`."""
    low, high = measured.interval.low, measured.interval.high
    return f"{measured.value:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def targets(
    draws: Mapping[str, Measured], groups: Sequence[Population], sets: Sequence[Population], hays: float
) -> list[Target]:
    """The table of what was asked for."""
    return [
        Target("(a) accuracy, told even odds", draws["accuracy_even"], 0.987, 0.990),
        Target("(a) AUC", draws["auc"], 0.995, 0.998),
        Target("(b) mean AUC", mean(groups, "auc"), 0.971, 0.980),
        Target("(b) worst AUC", _worst(groups, "auc", high_is_good=True), 0.932, 0.950),
        Target("(b) mean recall at FPR 1 %", mean(groups, "recall"), 0.40, 0.65),
        Target("(b) real people held back, mean", mean(groups, "genuine_held"), 0.004, 0.003, False, 4),
        Target("(b) spam held back, mean", mean(groups, "spam_held"), 0.12, 0.40),
        Target("(e) mean ECE at 20 % spam", mean(groups, "ece_20%"), 0.06, 0.03, False),
        Target("(e) worst Brier at 20 % spam", _worst(groups, "brier_20%", high_is_good=False), 0.105, 0.08, False),
        Target("(d) mean balanced accuracy", mean(sets, "balanced_estimated"), hays, hays + 0.05),
    ]


def _worst(populations: Sequence[Population], figure: str, *, high_is_good: bool) -> Measured:
    return worst(populations, figure, high_is_good=high_is_good).figures[figure]


def verdicts(rows: Sequence[Target]) -> str:
    """Asked for, and got."""
    return table(["what", "measured (interval)", "floor", "reach", "verdict"], [row.cells() for row in rows])


def spread(draws: Mapping[str, Measured]) -> str:
    """Protocol (a): mean over the draws, and the lowest and highest draw."""
    names = {"accuracy": "accuracy at .5", "accuracy_even": "accuracy at .5, told even odds", "auc": "AUC"}
    rows = [
        [title, f"{draws[key].value:.4f}", f"{found.std(ddof=1) if len(found) > 1 else 0.0:.4f}",
         f"{found.min():.4f}", f"{found.max():.4f}"]
        for key, title in names.items()
        for found in [draws[key].resampled]
    ]  # fmt: skip
    return table(["figure", "mean of the draws", "standard deviation", "lowest", "highest"], rows)


def ranking(populations: Sequence[Population]) -> str:
    """Each population, then mean and worst."""
    heads = ["held out", "spam / genuine", "AUC", "recall at FPR 1 %", "spam held back", "real people held back"]
    figures = {"auc": 3, "recall": 2, "spam_held": 3, "genuine_held": 4}
    rows = [
        [
            one.name,
            f"{one.spam:,} / {one.genuine:,}",
            *(with_interval(one.figures[key], n) for key, n in figures.items()),
        ]
        for one in populations
    ]
    rows.append(["**mean**", "", *(with_interval(mean(populations, key), n) for key, n in figures.items())])
    rows.append(["**worst**", "", *(_worst_name(populations, key) for key in figures)])
    return table(heads, rows)


def _worst_name(populations: Sequence[Population], figure: str) -> str:
    high_is_good = figure != "genuine_held"
    lowest, best = (worst(populations, figure, high_is_good=good) for good in (high_is_good, not high_is_good))
    return "all alike" if lowest.figures[figure].value == best.figures[figure].value else lowest.name


def worst_lines(populations: Sequence[Population]) -> str:
    """Of each protocol where the model ranks worst, means its probability least, and holds back most real people."""
    lines = []
    for letter, title in TITLES.items():
        same = [one for one in populations if one.letter == letter]
        auc, brier, held = (worst(same, key, high_is_good=key == "auc") for key in ("auc", "brier_20%", "genuine_held"))
        lines.append(
            f"- ({letter}) {title}: AUC {auc.figures['auc'].value:.3f} ({auc.name}), Brier at 20 % spam "
            f"{brier.figures['brier_20%'].value:.3f} ({brier.name}), of real people "
            f"{held.figures['genuine_held'].value:.1%} held back ({held.name})."
        )
    return "\n".join(lines)


def sets_table(sets: Sequence[Population], hays: Mapping[str, Sequence[Population]]) -> str:
    """Protocol (d): the model beside Hays' forest on four counts."""
    fourths = list(hays)
    heads = ["held out", "AUC", "share of spam, and estimated", "balanced accuracy at .5, at the share estimated"]
    heads += ["at .20 as trained", "told even odds"]
    keys = ("auc", "balanced_estimated", "balanced", "balanced_even")
    heads += [f"Hays, with {name}: {what}" for name in fourths for what in ("AUC", "balanced")]
    rows = []
    for at, one in enumerate(sets):
        ours = [with_interval(one.figures[key]) for key in keys]
        ours.insert(1, f"{one.spam / (one.spam + one.genuine):.2f}, {one.rates[OWN]:.2f}")
        theirs = [with_interval(hays[name][at].figures[key]) for name in fourths for key in ("auc", "balanced")]
        rows.append([one.name, *ours, *theirs])
    ours = [with_interval(mean(sets, key)) for key in keys]
    ours.insert(1, "")
    theirs = [with_interval(mean(hays[name], key)) for name in fourths for key in ("auc", "balanced")]
    return table(heads, [*rows, ["**mean**", *ours, *theirs]])


def calibration(populations: Sequence[Population]) -> str:
    """Protocol (e): Brier and ECE of every population at three shares of spam, as trained for .20."""
    shares = [f"{share:.0%}" for share in PREVALENCES]
    heads = ["held out", *(f"{what} at {share}" for what in ("Brier", "ECE") for share in shares)]
    keys = [f"{what}_{share}" for what in ("brier", "ece") for share in shares]
    rows = [[f"({one.letter}) {one.name}", *(with_interval(one.figures[key]) for key in keys)] for one in populations]
    for letter in sorted({one.letter for one in populations}):
        same = [one for one in populations if one.letter == letter]
        rows.append([f"**({letter}) mean**", *(with_interval(mean(same, key)) for key in keys)])
    constant = [
        "a constant that knows the share",
        *(f"{share * (1 - share):.3f}" for share in PREVALENCES),
        "0",
        "0",
        "0",
    ]
    return table(heads, [*rows, constant])


def estimates(populations: Sequence[Population]) -> str:
    """Protocol (e): what the model took for the share of spam, and what that did to Brier and ECE."""
    shares = [f"{share:.0%}" for share in PREVALENCES]
    heads = ["held out", *(f"{what} at {share}" for what in ("share estimated", "Brier", "ECE") for share in shares)]
    rows = [
        [f"({one.letter}) {one.name}", *(f"{one.rates[share]:.2f}" for share in shares), *_moves([one], shares)]
        for one in populations
    ]
    for letter in sorted({one.letter for one in populations}):
        same = [one for one in populations if one.letter == letter]
        rows.append([f"**({letter}) mean**", *("" for _ in shares), *_moves(same, shares)])
    return table(heads, rows)


def _moves(populations: Sequence[Population], shares: Sequence[str]) -> list[str]:
    """`0.103 -> 0.107` for Brier and ECE at each share."""
    keys = [f"{what}_{share}" for what in ("brier", "ece") for share in shares]
    pairs = [[f"{mean(populations, name).value:.3f}" for name in (key, f"{key}_estimated")] for key in keys]
    return [" -> ".join(dict.fromkeys(pair)) for pair in pairs]


def streams(groups: Sequence[Population]) -> str:
    """What the bands make of 1,000 followers: the mean over groups, and the group that costs most."""
    heads = ["spam", "unseen group", "cards", f"days at {POLICY.max_cards_per_day} cards", "spammers listed",
             "of them called genuine", "unsure", "real people held back", "cost"]  # fmt: skip
    rows = []
    for share in STREAMS:
        dearest = max(groups, key=lambda one: stream(reached([one], share), share).dollars)
        rows.append(_stream_cells("mean", stream(reached(groups, share), share)))
        rows.append(_stream_cells(dearest.name, stream(reached([dearest], share), share)))
        nothing = {"spam_held": 0.0, "genuine_held": 0.0, "spam_unsure": 1.0, "genuine_unsure": 1.0}
        rows.append(_stream_cells("no classifier: all unsure", stream(nothing, share)))
    return table(heads, rows)


def _stream_cells(name: str, found: Stream) -> list[str]:
    numbers = [found.cards, found.cards / POLICY.max_cards_per_day, found.spam_listed]
    numbers += [found.spam_taken_for_genuine, found.unsure, found.real_held]
    return [f"{found.share:.0%}", name, *(f"{number:.1f}" for number in numbers), f"${found.dollars:.0f}"]


def bands_caption() -> str:
    """What the columns of `streams` mean, from the cutoffs and prices they were made with."""
    return (
        f"Likely spam from p_spam {CUTOFFS.spam_from:g}, unsure from {CUTOFFS.unsure_from:g} (the policy's defaults), "
        f"at the share of spam that the model takes it for; everybody held back who may be once it is earned. Expected "
        f"numbers for spam of a kind that training never saw. Cost: ${FALSE_POSITIVE:g} for a real person held back, "
        f"${FALSE_NEGATIVE:g} for a spammer called genuine, ${UNSURE:g} for each unsure one (SpamBayes)."
    )
