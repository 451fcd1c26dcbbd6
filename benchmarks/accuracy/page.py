"""The figures put together: the part of `docs/accuracy.md`, and a shorter one for the model card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.accuracy import tables
from benchmarks.accuracy.figures import Measured, Population, mean
from benchmarks.accuracy.plots import plot
from benchmarks.pages import ACCURACY, table, write_part
from followguard.classifier.features import FEATURES, schema_hash
from followguard.training.base.card_page import write_card_page

PLOTS = ACCURACY.parent / "accuracy"


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that was measured, when and by which command."""

    draws: Mapping[str, Measured]
    populations: Sequence[Population]
    hays: Mapping[str, Sequence[Population]]
    day: date
    command: str
    settings: str

    def of(self, letters: str) -> list[Population]:
        """Lists the populations of these protocols."""
        return [one for one in self.populations if one.letter in letters]

    def targets(self) -> list[tables.Target]:
        """Lists what was asked for; Hays' forest counts with the fourth count that serves it better."""
        hays = max(mean(sets, "balanced").value for sets in self.hays.values())
        return tables.targets(self.draws, self.populations, hays)

    def lost(self) -> bool:
        """Tells whether a figure is short of its floor."""
        return any(row.verdict.startswith("LOST") for row in self.targets())


def page_part(found: Found) -> str:
    """Puts all tables together."""
    draws = len(found.draws["auc"].resampled)
    parts = [
        _head(found),
        f"### Asked for, and got\n\n{table([row.row() for row in found.targets()])}",
        f"### (a) As Cresci 2015 tested itself: ten folds, {draws} draws\n\n{tables.spread(found.draws)}",
        *_rankings(found),
        f"#### Beside Hays' forest\n\n{tables.sets_table(found.of('d'), found.hays)}",
        f"### (e) Does the probability mean what it says?\n\n{tables.calibration(found.populations)}",
        f"#### With the share of spam estimated from the rows\n\n{tables.estimates(found.populations)}",
        f"### Of 1,000 followers\n\n{tables.bands_caption()}\n\n{tables.streams(found.of('b'))}",
    ]
    return "\n\n".join(parts)


def card_part(found: Found) -> str:
    """Puts together what the model card shows: held-out figures with intervals, the worst named, and calibration."""
    parts = [
        _head(found),
        f"### The worst\n\n{tables.worst_lines(found.populations)}",
        *_rankings(found),
        f"### Calibration\n\n{tables.calibration(found.populations)}",
        f"### With the share of spam estimated from the rows\n\n{tables.estimates(found.populations)}",
    ]
    return "\n\n".join(parts)


def write(found: Found) -> None:
    """Writes the part of the page and the two plots."""
    write_part(ACCURACY, "figures", page_part(found))
    plot(found.of("b"), PLOTS / "reliability-groups.png")
    plot(found.of("cd"), PLOTS / "reliability-vendor-and-sets.png")


def write_card(found: Found, card: Path) -> None:
    """Fills the part `accuracy` of a card in Markdown, and its page. ValueError where the card has no place for it."""
    write_part(card, "accuracy", card_part(found))
    write_card_page(card.parent)


def _rankings(found: Found) -> list[str]:
    return [f"### ({letter}) {title}\n\n{tables.ranking(found.of(letter))}" for letter, title in tables.TITLES.items()]


def _head(found: Found) -> str:
    return (
        f"Measured on {found.day} by `{found.command}`: {len(FEATURES)} features (schema `{schema_hash()[:12]}`), "
        f"{found.settings}."
    )
