"""`followguard words`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from followguard.cli import output
from followguard.cli.opened import read
from followguard.cli.options import CONFIG, Config, Json

if TYPE_CHECKING:
    from followguard.words.reading import Reading


def check_command(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What a bio, a name or a username says.")],
    account: Annotated[
        str | None, typer.Option("--account", metavar="HANDLE", help="Also this account's own words and names.")
    ] = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Tell what the word lists say of a text.

    The text is read as a bio, as a name and as a username. Which words it was read as is told too, since disguises are
    undone first. Needs no configuration unless --account is given.
    """
    from followguard.words.checking import check_text
    from followguard.words.readers import reader_of
    from followguard.words.reading import TextReader

    installation = read(config) if account else None
    reader = reader_of(installation, installation.account(account)) if installation else TextReader()
    told = check_text(reader, text)
    if json:
        output.document({"words": told.words, "look": _marks(told.reading), "reasons": _reasons(told.reading)})
        return
    output.line(f"read as: {' '.join(told.words) or 'nothing'}")
    for mark in told.reading.look:
        output.line(f"look twice ({mark.code}): {mark.text}")
    marks = {mark.code for mark in told.reading.look}
    for reason in told.reading.reasons:
        if reason.code not in marks:
            output.line(f"{reason.direction}{reason.text} ({reason.code}, {reason.weight:+.2f})")
    if not told.reading.reasons:
        output.line("No word list says anything of it.")


def _marks(reading: "Reading") -> list[dict[str, str]]:
    return [{"code": mark.code, "text": mark.text} for mark in reading.look]


def _reasons(reading: "Reading") -> list[dict[str, Any]]:
    return [{"code": each.code, "text": each.text, "weight": each.weight} for each in reading.reasons]
