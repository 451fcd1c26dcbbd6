"""Charts as SVG that stands in the page: the page's colours and fonts, no style of its own, always the same bytes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

from followguard.domain.policy import Band
from followguard.reports.figures import Distribution

INCHES = (4.9, 2.35)
PAINT = {
    "#000001": "var(--ink)",
    "#000002": "var(--line)",
    "#000003": "var(--genuine)",
    "#000004": "var(--unsure)",
    "#000005": "var(--spam)",
}
"""matplotlib draws in stand-in colours; the page's style sheet knows the real ones, for light and for dark."""
INK, LINE, *_ = PAINT
BANDS = {Band.GENUINE: "#000003", Band.UNSURE: "#000004", Band.SPAM: "#000005"}
SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "followguard",
    "font.size": 10.5,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
}

_HEAD = re.compile(r"^.*?(?=<svg)|<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", re.DOTALL)
_STYLE = re.compile(r' style="([^"]*)"')
_ID = re.compile(r'(\bid="|url\(#|href="#)')
_GROUP_ID = re.compile(r'(<g) id="[^"]*"')


def score_chart(scores: Distribution, prefix: str) -> str:
    """Draws how p_spam is spread, stacked by band, with the cutoffs marked. `prefix` keeps ids apart on a page."""
    with _house_style() as matplotlib:
        figure = matplotlib.figure.Figure(figsize=INCHES)
        axes = figure.add_axes((0.12, 0.21, 0.85, 0.6))
        _bars(axes, scores)
        _cutoffs(axes, scores)
        drawn = StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return embedded(drawn.getvalue(), prefix)


@contextmanager
def _house_style() -> Iterator[Any]:
    """Sets matplotlib's own defaults and ours; what the machine's matplotlibrc says doesn't count."""
    import matplotlib as mpl
    import matplotlib.figure

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        yield mpl


def _bars(axes: Any, scores: Distribution) -> None:
    edges = [bar.low for bar in scores.bars]
    width = 1 / len(edges)
    below = [0] * len(edges)
    for band, colour in BANDS.items():
        heights = [bar.counts[band] for bar in scores.bars]
        axes.bar(edges, heights, width * 0.88, below, align="edge", color=colour, linewidth=0)
        below = [low + height for low, height in zip(below, heights, strict=True)]
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    axes.set_xlabel("p_spam")
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=4)
    axes.yaxis.set_major_formatter(lambda number, _: f"{number:,.0f}")
    axes.spines[["top", "right"]].set_visible(False)


def _cutoffs(axes: Any, scores: Distribution) -> None:
    """Draws two dashed lines. Each label stands on the side with more room, on a row of its own."""
    cutoffs = scores.cutoffs
    marks = ((cutoffs.unsure_from, "unsure from", 1.03), (cutoffs.spam_from, "likely spam from", 1.16))
    for place, words, row in marks:
        axes.axvline(place, color=INK, linewidth=1, linestyle=(0, (4, 2)))
        side = "left" if place < 0.5 else "right"
        axes.text(place, row, f"{words} {place:g}", transform=axes.get_xaxis_transform(), ha=side)


def embedded(svg: str, prefix: str) -> str:
    """Returns matplotlib's SVG without head, metadata and style; ids start with `prefix`."""
    svg = _HEAD.sub("", svg).strip()
    svg = _STYLE.sub(_as_attributes, svg)
    svg = _GROUP_ID.sub(r"\1", svg)
    svg = _ID.sub(rf"\g<1>{prefix}-", svg)
    svg = re.sub(
        r'<svg[^>]*viewBox="([^"]*)"[^>]*>', r'<svg viewBox="\1" aria-hidden="true" focusable="false">', svg, count=1
    )
    svg = svg.replace("xlink:href", "href").replace("<defs>\n  \n </defs>", "")
    for stand_in, colour in PAINT.items():
        svg = svg.replace(stand_in, colour)
    return svg


def _as_attributes(found: re.Match[str]) -> str:
    """Turns `fill: none; stroke-width: 1` into attributes, which a page without inline styles shows too."""
    pairs = (part.partition(":") for part in found[1].split(";") if ":" in part)
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in pairs if name.strip() != "font-family")
