"""The tables of `docs/accuracy.md`."""

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
from benchmarks.accuracy.material import CRESCI_FAMILY
from benchmarks.pages import table, verdict

TITLES = {
    "b": "One spam group of Cresci 2017 held out, with half of its genuine accounts",
    "c": "The vendor INT held out, against genuine accounts of a source that training hasn't seen",
    "d": "A whole set held out",
    "f": "A whole family of sets held out, and a fifth of the newest set held out from a model that knows the rest",
}
RANKED = {
    "AUC": ("auc", 3),
    "recall at FPR 1 %": ("recall", 2),
    "spam held back": ("spam_held", 3),
    "real people held back": ("genuine_held", 4),
}
"""Heading -> figure and its digits."""
SHARES = [f"{share:.0%}" for share in PREVALENCES]
MEANT = {f"{what} at {share}": f"{what.lower()}_{share}" for what in ("Brier", "ECE") for share in SHARES}
"""Heading -> figure, at each share of spam."""

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """A figure with its floor, which plain tools reach, and its reach, which was asked for."""

    what: str
    found: Measured
    floor: float
    reach: float
    high_is_good: bool = True
    digits: int = 3

    @property
    def verdict(self) -> str:
        """Says which of the two is reached."""
        return verdict(self.found.value, self.floor, self.reach, high_is_good=self.high_is_good)

    def row(self) -> Row:
        """Writes its row of the table."""
        marks = {name: f"{getattr(self, name):.{self.digits}f}" for name in ("floor", "reach")}
        measured = with_interval(self.found, self.digits)
        return {"what": self.what, "measured (interval)": measured, **marks, "verdict": self.verdict}


def with_interval(measured: Measured, digits: int = 3) -> str:
    """Writes a figure as `0.981 (0.975-0.986)`."""
    low, high = measured.interval.low, measured.interval.high
    return f"{measured.value:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def targets(draws: Mapping[str, Measured], populations: Sequence[Population], hays: float) -> list[Target]:
    """Lists what was asked for, beside what was found."""
    groups, sets = ([one for one in populations if one.letter == letter] for letter in "bd")
    by_name = {f"({one.letter}) {one.name}": one.figures["auc"] for one in populations}
    home = [one for one in populations if one.letter == "f" and one.name != CRESCI_FAMILY]
    return [
        Target("(a) accuracy, told even odds", draws["accuracy_even"], 0.987, 0.990),
        Target("(a) AUC", draws["auc"], 0.995, 0.998),
        Target("(b) mean AUC", mean(groups, "auc"), 0.987, 0.989),
        Target("(b) worst AUC", _worst(groups, "auc", high_is_good=True), 0.974, 0.978),
        Target("(b) mean recall at FPR 1 %", mean(groups, "recall"), 0.65, 0.72),
        Target("(b) real people held back, mean", mean(groups, "genuine_held"), 0.004, 0.003, False, 4),
        Target("(b) spam held back, mean", mean(groups, "spam_held"), 0.12, 0.40),
        Target("(e) mean ECE at 20 % spam", mean(groups, "ece_20%"), 0.06, 0.03, False),
        Target("(e) worst Brier at 20 % spam", _worst(groups, "brier_20%", high_is_good=False), 0.105, 0.08, False),
        Target("(d) Caverlee out, AUC", by_name["(d) caverlee-2011"], 0.89, 0.91),
        Target("(d) 2020 out, AUC", by_name["(d) human-bots-2020"], 0.735, 0.755),
        Target("(f) all of Cresci out, AUC", by_name[f"(f) {CRESCI_FAMILY}"], 0.945, 0.96),
        Target("(f) inside 2020, mean AUC", mean(home, "auc"), 0.915, 0.925),
        Target("(d) mean balanced accuracy", mean(sets, "balanced_estimated"), hays, hays + 0.05),
    ]


def _worst(populations: Sequence[Population], figure: str, *, high_is_good: bool) -> Measured:
    return worst(populations, figure, high_is_good=high_is_good).figures[figure]


def spread(draws: Mapping[str, Measured]) -> str:
    """Tabulates protocol (a): mean over the draws, and the lowest and highest draw."""
    names = {"accuracy": "accuracy at .5", "accuracy_even": "accuracy at .5, told even odds", "auc": "AUC"}
    return table([_spread_row(title, draws[key]) for key, title in names.items()])


def _spread_row(title: str, found: Measured) -> Row:
    draws = found.resampled
    figures = {"mean of the draws": found.value, "standard deviation": draws.std(ddof=1) if len(draws) > 1 else 0.0}
    figures |= {"lowest": draws.min(), "highest": draws.max()}
    return {"figure": title} | {name: f"{figure:.4f}" for name, figure in figures.items()}


def ranking(populations: Sequence[Population]) -> str:
    """Tabulates each population, then mean and worst."""
    means = {key: mean(populations, key) for key, _ in RANKED.values()}
    worsts = {head: _worst_name(populations, key) for head, (key, _) in RANKED.items()}
    return table(
        [
            *(_ranked(one.name, f"{one.spam:,} / {one.genuine:,}", one.figures) for one in populations),
            _ranked("**mean**", "", means),
            {"held out": "**worst**", "spam / genuine": "", **worsts},
        ]
    )


def _ranked(name: str, rows: str, figures: Mapping[str, Measured]) -> Row:
    cells = {head: with_interval(figures[key], digits) for head, (key, digits) in RANKED.items()}
    return {"held out": name, "spam / genuine": rows, **cells}


def _worst_name(populations: Sequence[Population], figure: str) -> str:
    high_is_good = figure != "genuine_held"
    lowest, best = (worst(populations, figure, high_is_good=good) for good in (high_is_good, not high_is_good))
    return "all alike" if lowest.figures[figure].value == best.figures[figure].value else lowest.name


def worst_lines(populations: Sequence[Population]) -> str:
    """Names for each protocol the populations that the model ranks, calibrates and holds back worst."""
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
    """Tabulates protocol (d): the model beside Hays' forest on four counts."""
    rows = [
        _set_row(one.name, [one], {name: [theirs[at]] for name, theirs in hays.items()}) for at, one in enumerate(sets)
    ]
    return table([*rows, _set_row("**mean**", sets, hays)])


def _set_row(name: str, sets: Sequence[Population], hays: Mapping[str, Sequence[Population]]) -> Row:
    shares = [f"{one.spam / (one.spam + one.genuine):.2f}, {one.rates[OWN]:.2f}" for one in sets]
    theirs = {
        f"Hays, with {fourth}: {what}": with_interval(mean(forests, key))
        for fourth, forests in hays.items()
        for what, key in (("AUC", "auc"), ("balanced", "balanced"))
    }
    return {
        "held out": name,
        "AUC": with_interval(mean(sets, "auc")),
        "share of spam, and estimated": shares[0] if name == sets[0].name else "",
        "balanced accuracy at .5, at the share estimated": with_interval(mean(sets, "balanced_estimated")),
        "at .20 as trained": with_interval(mean(sets, "balanced")),
        "told even odds": with_interval(mean(sets, "balanced_even")),
        **theirs,
    }


def calibration(populations: Sequence[Population]) -> str:
    """Tabulates protocol (e): Brier and ECE of every population at three shares of spam, as trained for .20."""
    rows = [
        {"held out": name} | {head: with_interval(mean(same, key)) for head, key in MEANT.items()}
        for name, same in _with_means(populations).items()
    ]
    constant = [*(f"{share * (1 - share):.3f}" for share in PREVALENCES), *("0" for _ in PREVALENCES)]
    knows = {"held out": "a constant that knows the share", **dict(zip(MEANT, constant, strict=True))}
    return table([*rows, knows])


def estimates(populations: Sequence[Population]) -> str:
    """Tabulates protocol (e): which share of spam the model estimated, and what that did to Brier and ECE."""
    return table([_estimated(name, same) for name, same in _with_means(populations).items()])


def _estimated(name: str, same: Sequence[Population]) -> Row:
    mean_row = name.startswith("**")
    rates = {f"share estimated at {s}": "" if mean_row else f"{same[0].rates[s]:.2f}" for s in SHARES}
    return {"held out": name, **rates, **{head: _move(same, key) for head, key in MEANT.items()}}


def _move(populations: Sequence[Population], key: str) -> str:
    """Writes a figure before and after the estimate as `0.103 -> 0.107`, or once where it stays."""
    return " -> ".join(dict.fromkeys(f"{mean(populations, name).value:.3f}" for name in (key, f"{key}_estimated")))


def _with_means(populations: Sequence[Population]) -> dict[str, list[Population]]:
    """Lists each population by its name, then all of each protocol, of which the mean is shown."""
    letters = sorted({one.letter for one in populations})
    means = {f"**({letter}) mean**": [one for one in populations if one.letter == letter] for letter in letters}
    return {f"({one.letter}) {one.name}": [one] for one in populations} | means


def streams(groups: Sequence[Population]) -> str:
    """Tabulates what becomes of 1,000 followers: the mean over groups, and the group that costs most."""
    rows = []
    for share in STREAMS:
        dearest = max(groups, key=lambda one: stream(reached([one], share), share).dollars)
        rows.append(_stream_row("mean", stream(reached(groups, share), share)))
        rows.append(_stream_row(dearest.name, stream(reached([dearest], share), share)))
        nothing = {"spam_held": 0.0, "genuine_held": 0.0, "spam_unsure": 1.0, "genuine_unsure": 1.0}
        rows.append(_stream_row("no classifier: all unsure", stream(nothing, share)))
    return table(rows)


def _stream_row(name: str, found: Stream) -> Row:
    numbers = {
        "cards": found.cards,
        f"days at {POLICY.max_cards_per_day} cards": found.cards / POLICY.max_cards_per_day,
        "spammers listed": found.spam_listed,
        "of them called genuine": found.spam_taken_for_genuine,
        "unsure": found.unsure,
        "real people held back": found.real_held,
    }
    cells = {head: f"{number:.1f}" for head, number in numbers.items()}
    return {"spam": f"{found.share:.0%}", "unseen group": name, **cells, "cost": f"${found.dollars:.0f}"}


def bands_caption() -> str:
    """Explains the columns of `streams` by the cutoffs and prices that they were made with."""
    return (
        f"Likely spam from p_spam {CUTOFFS.spam_from:g}, unsure from {CUTOFFS.unsure_from:g} (the policy's defaults), "
        f"at the share of spam that the model takes it for; everybody held back who may be once it is earned. Expected "
        f"numbers for spam of a kind that training never saw. Cost: ${FALSE_POSITIVE:g} for a real person held back, "
        f"${FALSE_NEGATIVE:g} for a spammer called genuine, ${UNSURE:g} for each unsure one (SpamBayes)."
    )
