"""Pictures of small panels, one for each population, as PNG."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

COLUMNS = 4
INCHES_A_PANEL = (2.3, 2.3)
DOTS_AN_INCH = 80
Shown = TypeVar("Shown")


def draw(
    shown: Sequence[Shown],
    draw_one: Callable[[Any, Shown], None],
    axes: tuple[str, str],
    path: Path,
    *,
    same_axes: bool,
) -> None:
    """Draws one panel for each thing to be shown under a common legend; `axes` are the words of x and y."""
    from matplotlib.figure import Figure

    lines, columns = -(-len(shown) // COLUMNS), min(COLUMNS, len(shown))
    figure = Figure(figsize=(INCHES_A_PANEL[0] * columns, INCHES_A_PANEL[1] * lines + 0.35), layout="constrained")
    panels = figure.subplots(lines, columns, squeeze=False, sharex=same_axes, sharey=same_axes).flatten()
    for panel, one in zip(panels, shown, strict=False):
        draw_one(panel, one)
        panel.tick_params(labelsize=7)
        panel.spines[["top", "right"]].set_visible(False)
    for panel in panels[len(shown) :]:
        panel.set_axis_off()
    for panel in panels[max(len(shown) - columns, 0) : len(shown)]:
        panel.tick_params(labelbottom=True)
    figure.supxlabel(axes[0], fontsize=9)
    figure.supylabel(axes[1], fontsize=9)
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=len(names), fontsize=8, frameon=False)
    save(figure, path)


def save(figure: Any, path: Path, dots_an_inch: int = DOTS_AN_INCH) -> None:
    """Writes a figure; the same figure gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=dots_an_inch, metadata={"Software": None})
