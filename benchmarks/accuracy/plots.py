"""Reliability plots: what was said against what came, a small panel for each population, as PNG."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.accuracy.figures import PREVALENCES, Population

COLUMNS = 4
INCHES_A_PANEL = (2.3, 2.3)
DOTS_AN_INCH = 80
COLOURS = ("#1c7d54", "#0b57a4", "#b3261e")


def plot(populations: Sequence[Population], path: Path) -> None:
    """Writes one panel a population with a line for each share of spam; the diagonal is a probability that is meant."""
    from matplotlib.figure import Figure

    lines = -(-len(populations) // COLUMNS)
    columns = min(COLUMNS, len(populations))
    figure = Figure(figsize=(INCHES_A_PANEL[0] * columns, INCHES_A_PANEL[1] * lines + 0.35), layout="constrained")
    panels = figure.subplots(lines, columns, squeeze=False, sharex=True, sharey=True).flatten()
    for panel, one in zip(panels, populations, strict=False):
        _panel(panel, one)
    for panel in panels[len(populations) :]:
        panel.set_axis_off()
    for panel in panels[max(len(populations) - columns, 0) : len(populations)]:
        panel.tick_params(labelbottom=True)
    figure.supxlabel("p_spam, mean of a bin", fontsize=9)
    figure.supylabel("share that is spam", fontsize=9)
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=len(names), fontsize=8, frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=DOTS_AN_INCH, metadata={"Software": None})


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
    panel.tick_params(labelsize=7)
    panel.spines[["top", "right"]].set_visible(False)
