"""`followguard forget`."""

from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, By, Config, Follower, Json

if TYPE_CHECKING:
    from followguard.privacy.forget import Forgotten


def command(
    follower: Follower,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    remove_backups: Annotated[
        bool, typer.Option("--remove-backups", help="Make a new backup, and remove every older copy of the database.")
    ] = False,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Erase a person everywhere, and from the next model.

    In all our accounts: profile texts, scores, decisions, labels, follow orders, reports that name them. The log's
    chain stays whole. They aren't collected again. Takes an owner. Backups keep them until they rotate, unless
    --remove-backups is given.
    """
    from followguard.errors import UsageError
    from followguard.privacy.forget import eraser_of, forget

    with opened(config) as here:
        if not yes:
            question = f"Erase {follower} for good, in all accounts? This can't be taken back."
            output.require_yes(question, UsageError("Forgetting can't be taken back.", "Say so with --yes."))
        done = forget(eraser_of(here.installation, here.store), follower, by, remove_backups=remove_backups)
        keep = here.installation.backups
    if json:
        output.document(done.as_json())
    else:
        _print(done, keep)


def _print(done: "Forgotten", keep: int) -> None:
    output.line("Nothing is left of an erasure that was begun before." if done.finished else "Forgotten.")
    for each in done.erased:
        counts = ", ".join(
            output.counted(number, name.removesuffix("s"))
            for name, number in each.as_json().items()
            if number and name != "openings"
        )
        closed = output.counted(each.openings, "log entry", "log entries")
        output.line(f"  @{each.account}: {counts or 'nothing but the name'} erased; {closed} closed")
    for refitted in done.refitted:
        serves = refitted.model or ("the base model" if refitted.refitted else "the same model as before")
        output.line(f"  model group {refitted.group}: {serves} serves now ({refitted.why})")
    if done.reports:
        output.line(f"  removed {output.counted(len(done.reports), 'report')} that named them")
    if done.backups_removed:
        output.line(
            f"  removed {output.counted(len(done.backups_removed), 'older copy', 'older copies')} of the database"
        )
    if done.left:
        copies = output.counted(len(done.left), "copy of the database", "copies of the database")
        output.line(
            f"{copies} made before may still hold them. Of backups the newest {keep} are kept, one a night; what a"
        )
        output.line("restore put aside stays for good. To make a new backup and remove the others now:")
        output.step(f"  followguard forget {done.follower_id} --remove-backups --yes")
    output.line("Sheets, reports and scores that you wrote to places of your own are yours to clean.")
