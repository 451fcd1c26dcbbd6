"""`followguard review export | import`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.next_steps import quoted, to_run
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Account, By, Config, Json, Limit, ListAccounts
from followguard.review.commands import (
    LIMIT,
    Everything,
    HeldBack,
    OnlyBand,
    OnlyBatch,
    OnlyState,
    filter_of,
    hand_of,
)

if TYPE_CHECKING:
    from followguard.domain.decision import DecisionResult
    from followguard.review.decide import Failed


def export_command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The CSV file to write.")],
    account: ListAccounts = None,
    held_back: HeldBack = False,
    everything: Everything = False,
    band: OnlyBand = None,
    state: OnlyState = None,
    batch: OnlyBatch = None,
    limit: Limit = LIMIT,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there already.")] = False,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Write the review list to a CSV file.

    It has what `review list` shows, and empty columns for decisions that `review import` takes. A file that is there
    already may hold somebody's answers: it stays unless --force is given.
    """
    import os
    from pathlib import Path

    from followguard.errors import UsageError
    from followguard.review.card_list import list_cards
    from followguard.review.sheets.file import write_sheet
    from followguard.review.sheets.rows import COLUMNS, sheet_row

    wanted = filter_of(held_back, everything, band, state, batch, limit)
    if os.path.lexists(file) and not force:
        raise UsageError(f"{file} is there already.", "Give another name, or add --force to overwrite it.")
    with opened(config) as here:
        cards = list_cards(here.store, here.installation.chosen(account), wanted, here.now)
        write_sheet(Path(file), COLUMNS, [sheet_row(card, here.now) for card in cards])
    if json:
        output.document({"file": file, "rows": len(cards)})
        return
    output.line(f"{output.counted(len(cards), 'card')} written to {file}.")
    done = to_run("review import", quoted(str(file)))
    output.line(f"Fill in decision (reject or later), reason, real, until; then: {done}")


def import_command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A CSV file made by `review export`.")],
    account: Account = None,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> int:
    """Take rejections and put-offs from a CSV file.

    Never approvals: a column filled down by mistake would follow everybody. Rows without a decision are passed over;
    rows that show another follower than their item are refused. What stands already as a row says is left as it is.
    """
    from pathlib import Path

    from followguard.review.sheets.file import read_sheet
    from followguard.review.sheets.sheet import import_rows
    from followguard.review.words import print_outcomes

    with opened(config) as here:
        rows = read_sheet(Path(file), output.warn)
        outcomes = import_rows(hand_of(here, by, account), rows)
    if not outcomes and not json:
        output.line(f"No row of {file} holds a decision; nothing was changed.")
    code = print_outcomes(outcomes, json)
    _tell_counts(outcomes, len(rows))
    return code


def _tell_counts(outcomes: "Sequence[DecisionResult | Failed]", rows: int) -> None:
    """Prints what became of every row, unless the failures have said it all."""
    from followguard.review.decide import Failed

    failed = sum(isinstance(each, Failed) for each in outcomes)
    already = sum(not isinstance(each, Failed) and each.already for each in outcomes)
    parts = (
        (len(outcomes) - failed - already, "decided"),
        (already, "as the row says already"),
        (failed, "refused"),
        (rows - len(outcomes), "without a decision"),
    )
    if failed < rows:
        said = ", ".join(f"{number:,} {what}" for number, what in parts if number)
        output.note(f"{output.counted(rows, 'row')}: {said}.")
