"""Learning curves as PNG: a small panel for each population, mean AUC over the number of decisions."""

from pathlib import Path
from typing import Any

from benchmarks.accuracy.plots import COLUMNS, DOTS_AN_INCH, INCHES_A_PANEL
from benchmarks.learning.page import Found

STYLES = {
    "base": ("#8f98a3", "--"),
    "forest": ("#b3261e", ":"),
    "learner": ("#1c7d54", "-"),
    "served": ("#0b57a4", "-"),
}


def plot(found: Found, path: Path) -> None:
    """Writes one panel a population."""
    from matplotlib.figure import Figure

    names = found.names()
    lines = -(-len(names) // COLUMNS)
    figure = Figure(figsize=(INCHES_A_PANEL[0] * COLUMNS, INCHES_A_PANEL[1] * lines + 0.35), layout="constrained")
    panels = figure.subplots(lines, COLUMNS, squeeze=False).flatten()
    for panel, name in zip(panels, names, strict=False):
        _panel(panel, found, name)
    for panel in panels[len(names) :]:
        panel.set_axis_off()
    figure.supxlabel("decisions", fontsize=9)
    figure.supylabel("mean AUC on followers held out", fontsize=9)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels), fontsize=8, frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=DOTS_AN_INCH, metadata={"Software": None})


def _panel(panel: Any, found: Found, name: str) -> None:
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
    panel.tick_params(labelsize=7)
    panel.spines[["top", "right"]].set_visible(False)
