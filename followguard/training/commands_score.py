"""`followguard score`."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import read
from followguard.cli.options import CONFIG, Config, Json
from followguard.errors import UsageError

if TYPE_CHECKING:
    from followguard.classifier.scoring import Scorer
    from followguard.domain.installation import Installation


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, JSON or Parquet, by its ending.")],
    output_file: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Write there, by its ending. Default: JSONL on stdout."),
    ] = None,
    account: Annotated[
        str | None,
        typer.Option("--account", metavar="HANDLE", help="Take this account's model and policy, not the base model."),
    ] = None,
    config: Config = CONFIG,
    json: Json = False,
) -> int:
    """Score a profile file offline.

    One row for each row of the file, in order: id, p_spam, band, reasons, look, base_logit, model; for a bad row id and
    error. An id that came before is an error. Exit code 3 when some rows were bad, 1 when all were. Columns that aren't
    read are named on stderr. Needs no configuration unless --account is given.
    """
    from datetime import UTC, datetime

    from followguard.cli.opened import clock_of
    from followguard.domain.policy import Policy
    from followguard.files.profile_files import read_profiles
    from followguard.files.profile_row import reasons_in_words
    from followguard.training.models.folders import shipped_base
    from followguard.training.models.loading import load_model
    from followguard.training.score_file import RowTally, score_file
    from followguard.words.readers import reader_of
    from followguard.words.reading import BUILT_IN

    if output_file and os.path.exists(output_file) and output_file.samefile(file):  # noqa: PTH110 - Path.exists raises
        raise UsageError(f"{file} would be overwritten by its own scores.", "Give another file with --output.")
    installation = read(config) if account else None
    settings = installation.account(account) if installation else None
    now = clock_of(installation)() if installation else datetime.now(UTC)
    tally = RowTally()
    profiles = read_profiles(file, now, output.warn)
    scorer = _serving(installation, account) if installation else load_model(shipped_base())
    words = reader_of(installation, settings) if installation and settings else BUILT_IN
    rows = score_file(scorer, profiles, (settings.policy if settings else Policy()).cutoffs, tally, words)
    _write(rows, output_file, json=json)
    if json and output_file:
        output.document({"output": str(output_file), **tally.as_json()})
    where = f" into {output_file}" if output_file else ""
    bad = f"; {tally.failed:,} bad, each with its error: {reasons_in_words(tally.reasons)}" if tally.failed else ""
    output.note(f"{output.counted(tally.rows - tally.failed, 'row')} scored{where}{bad}.")
    return tally.exit_code


def _serving(installation: "Installation", account: str | None) -> "Scorer":
    from followguard.training.models.serving import load_scorer

    return load_scorer(installation, account, tell=output.failure)


def _write(rows: Iterable[dict[str, object]], output_file: Path | None, *, json: bool) -> None:
    from followguard.files.profile_files import write_rows

    if output_file:
        write_rows(output_file, rows)
    elif json:
        output.document(list(rows))
    else:
        for row in rows:
            output.json_line(row)
