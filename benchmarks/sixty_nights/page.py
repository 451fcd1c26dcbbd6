"""The sixty nights as tables and a picture, for `docs/sixty-nights.md`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import brier_score_loss, roc_auc_score

from benchmarks.pages import DOCS, table, write_part
from benchmarks.sixty_nights.office import SECONDS_A_CARD
from benchmarks.sixty_nights.people import A_NIGHT, ATTACK_SIZE, SPAM_SHARE
from benchmarks.sixty_nights.story import Learned, Night, Story

PAGE = DOCS / "sixty-nights.md"
PICTURE = DOCS / "sixty-nights.png"
PART = "sixty nights"
DOTS_AN_INCH = 90
COLOURS = {"served": "#0b57a4", "base": "#8f98a3", "hidden": "#b3261e", "cards": "#1c7d54"}


def write(story: Story) -> None:
    """The part of the page between its marks, and the picture."""
    write_part(PAGE, PART, page_part(story))
    plot(story, PICTURE)


def page_part(story: Story) -> str:
    """All tables."""
    parts = [
        _head(story),
        f"### Week by week\n\n{_weeks(story)}",
        f"### What was learned\n\n{_learned(story.learned)}",
        f"### Before and after\n\n{_before_and_after(story)}",
        f"### The same nights under other settings\n\n{_whatif(story.whatif)}",
        f"### What was checked\n\n{_checks(story)}",
    ]
    return "\n\n".join(parts)


def _head(story: Story) -> str:
    stretches = "; ".join(f"{one} and {two}" for one, two in story.kinds)
    return (
        f"{story.day.isoformat()}, `{story.command}`, seed {story.seed}, {story.minutes:.1f} minutes. "
        f"{len(story.nights)} nights of {A_NIGHT} followers, {SPAM_SHARE:.0%} spam on average, of two kinds at a time: "
        f"{stretches}. In night {story.attack} {ATTACK_SIZE} bought followers come in a heap. Base model: "
        f"`{story.base}`, trained without the set that all of them come from."
    )


def _weeks(story: Story) -> str:
    heads = ["week", "cards a day", "minutes a day", "hidden at its end", "of them real", "AUC served", "AUC base",
             "Brier served", "Brier base", "model in force"]  # fmt: skip
    return table(heads, [_week(story, number, nights) for number, nights in enumerate(story.weeks(), start=1)])


def _week(story: Story, number: int, nights: Sequence[Night]) -> list[str]:
    spam, served, base = story.answers(nights)
    cards = cards_a_day(nights)
    return [
        str(number),
        f"{cards:.1f}",
        f"{cards * SECONDS_A_CARD / 60:.1f}",
        str(nights[-1].receipt["held_back"]),
        str(nights[-1].hidden_real),
        *(
            f"{figure:.3f}"
            for figure in (_auc(spam, served), _auc(spam, base), _brier(spam, served), _brier(spam, base))
        ),
        _short(nights[-1].receipt["model"]),
    ]


def cards_a_day(nights: Sequence[Night]) -> float:
    """What people decided, put-offs included, on average of the nights."""
    return float(np.mean([sum(night.decided.values()) for night in nights]))


def _auc(spam: Sequence[bool], scores: Sequence[float]) -> float:
    return float(roc_auc_score(spam, scores))


def _brier(spam: Sequence[bool], scores: Sequence[float]) -> float:
    return float(brier_score_loss(spam, scores))


def _short(model: str | None) -> str:
    return "base" if (model or "").startswith("base-") else str(model)


def _learned(learned: Sequence[Learned]) -> str:
    heads = ["after night", "what", "outcome", "labels (genuine, spam)", "won, lost, tied", "gain, its lower bound",
             "in force then", "why"]  # fmt: skip
    return table(heads, [_attempt(each) for each in learned])


def _attempt(each: Learned) -> list[str]:
    gate = each.gate
    labels = f"{each.labels['genuine']}, {each.labels['spam']}" if each.labels else ""
    judged = f"{gate['won']}, {gate['lost']}, {gate['tied']}" if "won" in gate else ""
    bound = gate.get("lower_bound")
    gain = f"{gate['mean_gain']:+.4f}, {'none' if bound is None else f'{bound:+.4f}'}" if "mean_gain" in gate else ""
    return [str(each.night), each.what, each.outcome, labels, judged, gain, _short(each.model), each.why]


def _before_and_after(story: Story) -> str:
    """Nights before the first promotion beside those after it."""
    promoted = [each.night for each in story.learned if each.outcome == "promoted"]
    cut = promoted[0] if promoted else len(story.nights)
    spans = {"before the first promotion": story.nights[:cut], "after it": story.nights[cut:]}
    heads = ["", "nights", "cards a day", "minutes a day", "AUC served", "AUC base", "Brier served", "Brier base",
             "hidden at the end: spam", "real people"]  # fmt: skip
    return table(heads, [_span(story, name, nights) for name, nights in spans.items() if nights])


def _span(story: Story, name: str, nights: Sequence[Night]) -> list[str]:
    spam, served, base = story.answers(nights)
    cards = cards_a_day(nights)
    figures = (_auc(spam, served), _auc(spam, base), _brier(spam, served), _brier(spam, base))
    return [
        name,
        str(len(nights)),
        f"{cards:.1f}",
        f"{cards * SECONDS_A_CARD / 60:.1f}",
        *(f"{figure:.3f}" for figure in figures),
        str(nights[-1].hidden_spam),
        str(nights[-1].hidden_real),
    ]


def _whatif(account: dict[str, Any]) -> str:
    heads = ["model", "holding back", "max_wrong_hold", "cards", "cards a day", "minutes a day", "held back",
             "real people held back", "95 % limits"]  # fmt: skip
    settings = {_kind_of(row): row for row in reversed(account["policies"])}
    return table(heads, [_setting(row) for row in reversed(settings.values())])


def _kind_of(row: dict[str, Any]) -> tuple[str, str, float]:
    """Where nobody is held back, how sure one must be to hold back makes no difference."""
    return row["model"], row["holding_back"], 0.0 if row["holding_back"] == "off" else row["max_wrong_hold"]


def _setting(row: dict[str, Any]) -> list[str]:
    replay, wrong = row["replay"], row["replay"]["wrong_holds"]
    estimate = "not known" if wrong["estimate"] is None else f"{wrong['estimate']:.1f}"
    return [
        f"{_short(row['model'])}{', what happened' if row['current'] else ''}",
        row["holding_back"],
        f"{row['max_wrong_hold']:g}",
        str(replay["cards"]),
        f"{replay['cards_a_day']:.1f}",
        f"{replay['minutes_a_day']:.1f}",
        str(wrong["held"]),
        estimate,
        f"{wrong['low']:.1f} to {wrong['high']:.1f}",
    ]


def _checks(story: Story) -> str:
    check = story.whatif["check"]
    real, held = sum(not spam for spam in story.held.values()), len(story.held)
    found = next(row["replay"]["wrong_holds"] for row in story.whatif["policies"] if row["current"])
    estimate = "nothing" if found["estimate"] is None else f"{found['estimate']:.1f}"
    limits = f"{found['low']:.1f} to {found['high']:.1f}"
    lines = [
        f"- Held back on some night: {held}, of whom {real} are real people by the known label. The replay, which "
        f"knows only what people decided, slips among it, estimates {estimate} ({limits}).",
        f"- `followguard whatif`: {check['same']} of {check['nights']} nights come out of the replay as their receipts "
        "say.",
        f"- `followguard db check`: {'nothing found' if not (story.checked or {}).get('findings') else story.checked}.",
        f"- Commands that failed and invariants that broke, over all nights: {len(story.troubles)}.",
    ]
    return "\n".join(lines + [f"  - {trouble}" for trouble in story.troubles[:20]])


def plot(story: Story, path: Path) -> None:
    """Cards a day, who is hidden, and AUC by week, one above the other."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 6.4), layout="constrained")
    top, middle, bottom = figure.subplots(3, 1, sharex=True)
    numbers = [night.number for night in story.nights]
    top.plot(numbers, [sum(night.decided.values()) for night in story.nights], color=COLOURS["cards"])
    top.set_ylabel("cards decided")
    middle.plot(numbers, [n.receipt["held_back"] for n in story.nights], color=COLOURS["hidden"], label="held back")
    middle.plot(numbers, [n.hidden_real for n in story.nights], color="black", label="real people among them")
    middle.set_ylabel("hidden")
    middle.legend(fontsize=8, frameon=False)
    for name, place in (("served", 1), ("base", 2)):
        weeks = [(week[0].number + 3, story.answers(week)) for week in story.weeks()]
        bottom.plot([at for at, _ in weeks], [_auc(got[0], got[place]) for _, got in weeks], marker="o", markersize=3,
                    color=COLOURS[name], label=name)  # fmt: skip
    bottom.set_ylabel("AUC by week")
    bottom.set_xlabel("night")
    bottom.legend(fontsize=8, frameon=False)
    for panel in (top, middle, bottom):
        panel.spines[["top", "right"]].set_visible(False)
        for each in story.learned:
            if each.outcome == "promoted" or each.what == "rollback":
                panel.axvline(each.night + 0.5, color="#8f98a3", linewidth=0.8, linestyle=(0, (4, 2)))
    figure.savefig(path, dpi=DOTS_AN_INCH, metadata={"Software": None})
