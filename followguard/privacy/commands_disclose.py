"""`followguard disclose`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Config, Follower, Json
from followguard.domain.wording import safe_text

LONGEST = 2_000


def command(
    follower: Follower,
    out: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Write the JSON to this new file, for your eyes only."),
    ] = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Print everything that is held about one follower.

    In all accounts: profile texts, scores with reasons, decisions, follow orders, log entries, and which models learned
    from their label. Your own people appear under pseudonyms.
    """
    from followguard.privacy.disclose import disclose
    from followguard.training.models.serving import training_context

    with opened(config) as here:
        found = disclose(training_context(here.installation, here.store), follower)
    if out is not None:
        _write(out, found)
    if json:
        output.document(found)
    elif out is not None:
        output.line(f"Wrote {out}")
    else:
        for line in _lines(found):
            output.line(line)


def _write(path: Path, found: Mapping[str, Any]) -> None:
    """Writes a new file for its owner alone. Raises UsageError where one is there, or none can be written."""
    import json

    from followguard.files.whole_file import write_private

    write_private(path, json.dumps(found, default=output.plain, indent=2, allow_nan=False) + "\n")


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"Everything held about follower {found['follower_id']}, as of {output.iso(found['as_of'])}"
    for name, rows in found.items():
        if isinstance(rows, list):
            yield f"{name}: {len(rows) or 'nothing'}"
            for row in rows:
                yield from _row(row)


def _row(row: object) -> Iterator[str]:
    """Yields one row, a line for each value that there is."""
    if not isinstance(row, Mapping):
        yield f"  - {safe_text(str(row), LONGEST)}"
        return
    mark = "-"
    for name, value in row.items():
        if value is not None:
            yield f"  {mark} {name}: {_shown(value)}"
            mark = " "


def _shown(value: object) -> str:
    import json

    text = value if isinstance(value, str) else json.dumps(value, default=output.plain, ensure_ascii=False)
    return safe_text(text, LONGEST)
