"""Reliability plots: what was said against what came, a small panel for each population."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import panels
from benchmarks.accuracy.figures import PREVALENCES, Population

COLOURS = ("#1c7d54", "#0b57a4", "#b3261e")


def plot(populations: Sequence[Population], path: Path) -> None:
    """Draws a line for each share of spam in each panel; a probability that means what it says lies on the diagonal."""
    panels.draw(populations, _panel, ("p_spam, mean of a bin", "share that is spam"), path, same_axes=True)


def _panel(panel: Any, one: Population) -> None:
    panel.plot([0, 1], [0, 1], color="#8f98a3", linewidth=0.8, linestyle=(0, (4, 2)))
    for share, colour in zip(PREVALENCES, COLOURS, strict=True):
        curve = one.tally.curve(share)
        panel.plot(
            curve.said, curve.came, color=colour, linewidth=1, marker="o", markersize=2.5, label=f"{share:.0%} spam"
        )
    panel.set_title(one.name, fontsize=8)
    panel.set_xlim(0, 1)
    panel.set_ylim(0, 1)
    panel.set_xticks([0, 0.5, 1])
    panel.set_yticks([0, 0.5, 1])
