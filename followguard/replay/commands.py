"""`followguard whatif`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from followguard.cli import output
from followguard.cli.opened import Opened, opened
from followguard.cli.options import CONFIG, Config, Json, TheseAccounts
from followguard.domain.policy import HoldingBack
from followguard.domain.wording import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from followguard.domain.policy import AccountSettings
    from followguard.replay.other_model import OtherModel
    from followguard.replay.other_words import OtherWords, WordsTried
    from followguard.replay.settings import Replay, SettingRow

Holds = Annotated[
    list[float] | None,
    typer.Option("--max-wrong-hold", min=0.0, max=1.0, metavar="SHARE", help="Try this value; may be repeated."),
]
Unsures = Annotated[
    list[float] | None,
    typer.Option("--unsure-above", min=0.0, max=1.0, metavar="P", help="Try this value; may be repeated."),
]
Cards = Annotated[
    list[int] | None,
    typer.Option("--max-cards-per-day", min=1, metavar="N", help="Try this value; may be repeated."),
]
Modes = Annotated[list[HoldingBack] | None, typer.Option("--holding-back", help="Try this value; may be repeated.")]
Audits = Annotated[
    list[int] | None,
    typer.Option("--audit-cards-per-day", min=0, metavar="N", help="Try this value; may be repeated."),
]
Models = Annotated[
    list[str] | None,
    typer.Option("--model", metavar="NAME", help="Try this model: base, or one of `model list`; may be repeated."),
]
Words = Annotated[
    Path | None,
    typer.Option("--words", metavar="FILE", help="Try the word lists of this file: tables [[words]]."),
]
Nights = Annotated[
    int | None, typer.Option("--nights", min=1, metavar="N", help="Only the newest N days with a night. Default: all.")
]


def command(
    account: TheseAccounts = None,
    max_wrong_hold: Holds = None,
    unsure_above: Unsures = None,
    max_cards_per_day: Cards = None,
    holding_back: Modes = None,
    audit_cards_per_day: Audits = None,
    model: Models = None,
    words: Words = None,
    nights: Nights = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Replay past nights under another policy, another model or other words.

    What happened stands first, and is compared with the receipts of the nights; then each setting asked for: cards,
    minutes, who would have been held back, and real people among them. Nothing is changed.
    """
    from followguard.cli.opened import seed_of
    from followguard.replay.settings import Others, replay_account

    tried = _words(words) if words else None

    def found(here: Opened, settings: "AccountSettings") -> "Replay":
        others = Others(
            max_wrong_hold=max_wrong_hold or (),
            unsure_above=unsure_above or (),
            max_cards_per_day=max_cards_per_day or (),
            holding_back=holding_back or (),
            audit_cards_per_day=audit_cards_per_day or (),
            models=[_model(here, settings, name) for name in model or ()],
            words=tried,
            nights=nights,
        )
        return replay_account(here.store, settings, others, seed_of(here.installation, here.store))

    with opened(config) as here:
        told = {one.handle: found(here, one) for one in here.installation.chosen(account)}
    if json:
        output.document({"accounts": [{"account": handle, **_document(one)} for handle, one in told.items()]})
        return
    for handle, one in told.items():
        _print(handle, one)


def _model(here: Opened, settings: "AccountSettings", name: str) -> "OtherModel":
    from followguard.replay.other_model import model_to_try

    return model_to_try(here.installation, here.store, settings, name)


def _words(file: Path) -> "OtherWords":
    from followguard.config.word_file import word_lists
    from followguard.replay.other_words import OtherWords

    return OtherWords(file.name, word_lists(file))


def _document(told: "Replay") -> dict[str, Any]:
    return {name: getattr(told, name) for name in told.__slots__}


def _percent(share: float | None, places: int = 1) -> str:
    return "" if share is None else f"{share:.{places}%}"


def _number(value: float | None) -> str:
    return "not known" if value is None else f"{value:.1f}"


MEASURES: "tuple[tuple[str, Callable[[SettingRow], object]], ...]" = (
    ("model", lambda row: row.model),
    ("words", lambda row: row.words),
    ("cards a day at most", lambda row: row.max_cards_per_day),
    ("max_wrong_hold", lambda row: row.max_wrong_hold),
    ("unsure_above", lambda row: row.unsure_above),
    ("holding_back", lambda row: row.holding_back.value),
    ("audit cards a day", lambda row: row.audit_cards_per_day),
)
NIGHTLY: "tuple[tuple[str, Callable[[SettingRow], object]], ...]" = (
    ("cards shown", lambda row: row.replay.cards),
    ("cards a day", lambda row: f"{row.replay.cards_a_day:.1f}"),
    ("minutes a day", lambda row: f"{row.replay.minutes_a_day:.1f}"),
    ("longest wait, days", lambda row: row.replay.longest_wait),
    ("held back", lambda row: row.replay.wrong_holds.held),
    ("never shown", lambda row: row.replay.never_shown),
    ("audited", lambda row: row.replay.audited),
    ("real people held back, estimated", lambda row: _number(row.replay.wrong_holds.estimate)),
    ("that share of those held back", lambda row: _percent(row.replay.wrong_holds.share)),
    ("decided of those held back", lambda row: row.replay.wrong_holds.labelled),
    ("real people among them", lambda row: row.replay.wrong_holds.real),
)
EVERYBODY: "tuple[tuple[str, Callable[[SettingRow], object]], ...]" = (
    ("cards", lambda row: row.outcome.cards),
    ("cards a day", lambda row: f"{row.outcome.cards_a_day:.1f}"),
    ("longest wait, days", lambda row: "no end" if row.outcome.longest_wait is None else row.outcome.longest_wait),
    ("genuine", lambda row: row.outcome.genuine),
    ("unsure", lambda row: row.outcome.unsure),
    ("likely spam, listed", lambda row: row.outcome.spam_listed),
    ("held back", lambda row: row.outcome.held_back),
    ("spam listed, expected", lambda row: f"{row.outcome.expected_spam_listed:.1f}"),
    ("real people held back, expected", lambda row: f"{row.outcome.expected_real_held_back:.1f}"),
    ("decided of those held back", lambda row: row.outcome.decided_held),
    ("real people among them", lambda row: row.outcome.real_held),
    ("at most, 95 % bound", lambda row: f"{row.outcome.bound:.1%}" if row.outcome.decided_held else ""),
    ("points, as SpamBayes counts", lambda row: f"{row.outcome.points:.1f}"),
)


def _print(handle: str, told: "Replay") -> None:
    output.line(f"@{handle}: {_span(told)}")
    _table(told.policies, (*MEASURES, *NIGHTLY))
    for text in [*_words_told(told.words), *_notes(told)]:
        output.line(text)
    output.line()
    output.line(f"@{handle}: everybody on record, with holding back taken as earned")
    _table(told.policies, (*MEASURES, *EVERYBODY))


def _words_told(tried: "WordsTried | None") -> list[str]:
    """Tells of each list how many cards have it and what people decided, and which cards would have another band."""
    if tried is None:
        return []
    lines = [
        f"“{safe_text(each.name, 60)}” ({each.says.value}) stands on {output.counted(each.cards, 'card')}; "
        f"people decided {each.spam} of them to be spam and {each.real} to be real."
        for each in tried.lists
    ]
    moves = ", ".join(f"{number} {move}" for move, number in tried.bands.items()) or "none"
    lines.append(f"Bands of {output.counted(tried.cards, 'card')} that would change: {moves}.")
    if tried.cleared:
        counted = output.counted(tried.cleared, "card has", "cards have")
        lines.append(f"{counted} no text left, and stay as they were.")
    return lines


def _table(rows: "Sequence[SettingRow]", measures: "tuple[tuple[str, Callable[[SettingRow], object]], ...]") -> None:
    heads = ("", *("now" if row.current else f"other {place}" for place, row in enumerate(rows)))
    output.table(heads, [(name, *(cell(row) for row in rows)) for name, cell in measures], numbers=heads[1:])


def _span(told: "Replay") -> str:
    if told.first_night is None:
        return "no night is on record"
    return f"the nights from {told.first_night} to {told.last_night}, replayed"


def _notes(told: "Replay") -> list[str]:
    """Returns what the figures rest on, and what can't be known."""
    measured = (
        f"measured on {output.counted(told.measured_on, 'decision')}"
        if told.measured_on
        else "assumed: too few decisions yet"
    )
    notes = [_checked(told), f"A card takes {told.seconds_per_card:.0f} seconds ({measured})."]
    if told.check.other_policy:
        days = _days(told.check.other_policy)
        notes.append(f"{days} ran under another policy than today's; \"now\" is today's.")
    for name, number in told.learnt_from.items():
        if number:
            counted = output.counted(number, "decision")
            notes.append(f"{name} may have learnt from {counted} of these nights, so it looks better than it is.")
    if told.not_rescored:
        notes.append(f"{output.counted(told.not_rescored, 'score')} made with other features keep their number.")
    if told.forgotten:
        counted = output.counted(told.forgotten, "person", "people")
        notes.append(f"{counted} forgotten since: the nights they were in come out short of their receipts.")
    notes.append("A card that people weren't shown then counts as decided on the day it is shown, nobody knows how.")
    return notes


def _checked(told: "Replay") -> str:
    check = told.check
    line = f"Check: {check.same} of {output.counted(check.nights, 'night')} come out as their receipts say"
    if not check.differing:
        return f"{line}."
    first = check.differing[0]
    apart = ", ".join(f"{name} {pair[0]}, replayed {pair[1]}" for name, pair in first.counts.items())
    return f"{line}; the first that doesn't is {first.day}: {apart}."


def _days(days: "Sequence[str]") -> str:
    return days[0] if len(days) == 1 else f"{len(days)} nights ({days[0]} to {days[-1]})"
