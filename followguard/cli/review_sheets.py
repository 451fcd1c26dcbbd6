"""`followguard review export | import`."""

from typing import Annotated

import typer

from followguard.cli import output
from followguard.cli.next_steps import quoted, to_run
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Account, By, Config, Json
from followguard.cli.review import (
    LIMIT,
    Everything,
    HeldBack,
    Limit,
    ListAccounts,
    OnlyBand,
    OnlyBatch,
    OnlyState,
    filter_of,
    hand_of,
)


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

    from followguard import bootstrap
    from followguard.domain.review_sheet import COLUMNS, sheet_row
    from followguard.errors import UsageError
    from followguard.jobs.review_list import list_cards

    wanted = filter_of(held_back, everything, band, state, batch, limit)
    if os.path.lexists(file) and not force:
        raise UsageError(f"{file} is there already.", "Give another name, or add --force to overwrite it.")
    with opened(config) as here:
        cards = list_cards(here.store, here.installation.chosen(account), wanted, here.now)
        bootstrap.write_sheet(Path(file), COLUMNS, [sheet_row(card, here.now) for card in cards])
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

    Never approvals: a column filled down by mistake would follow everybody. Rows without a decision are passed over.
    """
    from pathlib import Path

    from followguard import bootstrap
    from followguard.cli.review_table import print_outcomes
    from followguard.jobs.review_files import import_rows

    with opened(config) as here:
        outcomes = import_rows(hand_of(here, by, account), bootstrap.read_sheet(Path(file)))
    if not outcomes and not json:
        output.line(f"No row of {file} holds a decision; nothing was changed.")
    return print_outcomes(outcomes, json)
