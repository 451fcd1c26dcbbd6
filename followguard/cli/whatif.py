"""`followguard whatif`."""

from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Accounts, Config, Json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from followguard.jobs.whatif import Row

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


def command(
    account: Accounts = None,
    max_wrong_hold: Holds = None,
    unsure_above: Unsures = None,
    max_cards_per_day: Cards = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Replay the followers on record under another policy.

    Cards, waiting, who would be hidden, with holding back taken as earned. Expected numbers add up p_spam; what people
    decided stands beside them. Nothing is changed.
    """
    from followguard.jobs.whatif import Others, replay

    others = Others(
        max_wrong_hold=max_wrong_hold or (),
        unsure_above=unsure_above or (),
        max_cards_per_day=max_cards_per_day or (),
    )
    with opened(config) as here:
        found = {one.handle: replay(here.store, one, others) for one in here.installation.chosen(account)}
    if json:
        output.document({"accounts": [{"account": handle, "policies": rows} for handle, rows in found.items()]})
        return
    for handle, rows in found.items():
        output.line(f"@{handle}, holding back taken as earned")
        _print(rows)


MEASURES: "tuple[tuple[str, Callable[[Row], object]], ...]" = (
    ("cards a day at most", lambda row: row.max_cards_per_day),
    ("max_wrong_hold", lambda row: row.max_wrong_hold),
    ("unsure_above", lambda row: row.unsure_above),
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


def _print(rows: "Sequence[Row]") -> None:
    heads = ("", *("now" if row.current else f"other {place}" for place, row in enumerate(rows)))
    output.table(heads, [(name, *(cell(row) for row in rows)) for name, cell in MEASURES], numbers=heads[1:])
