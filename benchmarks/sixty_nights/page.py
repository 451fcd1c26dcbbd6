"""The sixty nights as tables and a picture, for `docs/sixty-nights.md`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import brier_score_loss, roc_auc_score

from benchmarks.pages import DOCS, table, write_part
from benchmarks.panels import save
from benchmarks.sixty_nights.office import SECONDS_A_CARD
from benchmarks.sixty_nights.people import A_NIGHT, ATTACK_SIZE, SPAM_SHARE
from benchmarks.sixty_nights.story import Learned, Night, Story

PAGE = DOCS / "sixty-nights.md"
PICTURE = DOCS / "sixty-nights.png"
PART = "sixty nights"
DOTS_AN_INCH = 90
Row = dict[str, str]
COLOURS = {"served": "#0b57a4", "base": "#8f98a3", "hidden": "#b3261e", "cards": "#1c7d54"}


def write(story: Story) -> None:
    """Writes the part of the page between its marks, and the picture."""
    write_part(PAGE, PART, page_part(story))
    plot(story, PICTURE)


def page_part(story: Story) -> str:
    """Puts all tables together."""
    weeks = [_week(story, number, nights) for number, nights in enumerate(story.weeks(), start=1)]
    parts = [
        _head(story),
        f"### Week by week\n\n{table(weeks)}",
        f"### What was learned\n\n{table([_attempt(each) for each in story.learned])}",
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


def _week(story: Story, number: int, nights: Sequence[Night]) -> Row:
    last = nights[-1]
    hidden = {"hidden at its end": str(last.receipt["held_back"]), "of them real": str(last.hidden_real)}
    week = {"week": str(number), **_work(nights), **hidden, **_quality(story, nights)}
    return week | {"model in force": _short(last.receipt["model"])}


def _work(nights: Sequence[Night]) -> Row:
    """Averages the work of the nights: cards that people decided or put off, and minutes."""
    cards = float(np.mean([sum(night.decided.values()) for night in nights]))
    return {"cards a day": f"{cards:.1f}", "minutes a day": f"{cards * SECONDS_A_CARD / 60:.1f}"}


def _quality(story: Story, nights: Sequence[Night]) -> Row:
    spam, *scores = story.answers(nights)
    return {
        f"{name} {model}": f"{figure(spam, p_spam):.3f}"
        for name, figure in (("AUC", roc_auc_score), ("Brier", brier_score_loss))
        for model, p_spam in zip(("served", "base"), scores, strict=True)
    }


def _short(model: str | None) -> str:
    return "base" if (model or "").startswith("base-") else str(model)


def _attempt(each: Learned) -> Row:
    gate = each.gate
    labels = f"{each.labels['genuine']}, {each.labels['spam']}" if each.labels else ""
    judged = f"{gate['won']}, {gate['lost']}, {gate['tied']}" if "won" in gate else ""
    bound = gate.get("lower_bound")
    gain = f"{gate['mean_gain']:+.4f}, {'none' if bound is None else f'{bound:+.4f}'}" if "mean_gain" in gate else ""
    return {
        "after night": str(each.night),
        "what": each.what,
        "outcome": each.outcome,
        "labels (genuine, spam)": labels,
        "won, lost, tied": judged,
        "gain, its lower bound": gain,
        "in force then": _short(each.model),
        "why": each.why,
    }


def _before_and_after(story: Story) -> str:
    """Sets the nights before the first promotion beside those after it."""
    promoted = [each.night for each in story.learned if each.outcome == "promoted"]
    cut = promoted[0] if promoted else len(story.nights)
    spans = {"before the first promotion": story.nights[:cut], "after it": story.nights[cut:]}
    return table([_span(story, name, nights) for name, nights in spans.items() if nights])


def _span(story: Story, name: str, nights: Sequence[Night]) -> Row:
    hidden = {"hidden at the end: spam": str(nights[-1].hidden_spam), "real people": str(nights[-1].hidden_real)}
    return {"": name, "nights": str(len(nights)), **_work(nights), **_quality(story, nights), **hidden}


def _whatif(account: dict[str, Any]) -> str:
    settings = {_kind_of(row): row for row in reversed(account["policies"])}
    return table([_setting(row) for row in reversed(settings.values())])


def _kind_of(row: dict[str, Any]) -> tuple[str, str, float]:
    """Gives settings that differ in nothing one key: where nobody is held back, `max_wrong_hold` doesn't matter."""
    return row["model"], row["holding_back"], 0.0 if row["holding_back"] == "off" else row["max_wrong_hold"]


def _setting(row: dict[str, Any]) -> Row:
    replay, wrong = row["replay"], row["replay"]["wrong_holds"]
    return {
        "model": f"{_short(row['model'])}{', what happened' if row['current'] else ''}",
        "holding back": row["holding_back"],
        "max_wrong_hold": f"{row['max_wrong_hold']:g}",
        "cards": str(replay["cards"]),
        "cards a day": f"{replay['cards_a_day']:.1f}",
        "minutes a day": f"{replay['minutes_a_day']:.1f}",
        "held back": str(wrong["held"]),
        "real people held back": "not known" if wrong["estimate"] is None else f"{wrong['estimate']:.1f}",
        "95 % limits": f"{wrong['low']:.1f} to {wrong['high']:.1f}",
    }


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
    """Draws cards a day, who is hidden, and AUC by week, one above the other."""
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
        aucs = [roc_auc_score(got[0], got[place]) for _, got in weeks]
        bottom.plot([at for at, _ in weeks], aucs, marker="o", markersize=3, color=COLOURS[name], label=name)
    bottom.set_ylabel("AUC by week")
    bottom.set_xlabel("night")
    bottom.legend(fontsize=8, frameon=False)
    for panel in (top, middle, bottom):
        panel.spines[["top", "right"]].set_visible(False)
        for each in story.learned:
            if each.outcome == "promoted" or each.what == "rollback":
                panel.axvline(each.night + 0.5, color="#8f98a3", linewidth=0.8, linestyle=(0, (4, 2)))
    save(figure, path, DOTS_AN_INCH)
