"""Learning curves: mean AUC over the number of decisions, a small panel for each population."""

from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import panels
from benchmarks.learning.page import Found

STYLES = {
    "base": ("#8f98a3", "--"),
    "forest": ("#b3261e", ":"),
    "learner": ("#1c7d54", "-"),
    "served": ("#0b57a4", "-"),
}


def plot(found: Found, path: Path) -> None:
    """Draws a line for each model in each panel."""
    axes = ("decisions", "mean AUC on followers held out")
    panels.draw(found.names(), partial(_panel, found), axes, path, same_axes=False)


def _panel(found: Found, panel: Any, name: str) -> None:
    cells = [cell for cell in found.cells() if cell[0] == name]
    sizes = [size for _, size in cells]
    lowest = min(found.mean(cell, model) for cell in cells for model in ("base", "learner", "served"))
    for model, (colour, style) in STYLES.items():
        aucs = [found.mean(cell, model) for cell in cells]
        panel.plot(sizes, aucs, color=colour, linestyle=style, linewidth=1, marker="o", markersize=2, label=model)
    panel.set_xscale("log")
    panel.set_xlim(22, 1150)  # the same for all, also where a population has fewer decisions
    panel.minorticks_off()
    panel.set_xticks([25, 100, 400, 1000], ["25", "100", "400", "1k"])
    panel.set_ylim(lowest - 0.02, 1.0)
    panel.set_title(name, fontsize=8)
