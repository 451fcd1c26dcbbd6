"""`followguard db`."""

from pathlib import Path
from typing import Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import Opened, opened
from followguard.cli.options import CONFIG, Config, Json
from followguard.errors import FAILED, UsageError


def upgrade_command(config: Config = CONFIG, json: Json = False) -> None:
    """Bring the database to this program's schema.

    What is there is backed up first.
    """
    from followguard.setup.database import upgrade_database

    with opened(config) as here:
        done = upgrade_database(here.store.upkeep, here.now, here.installation.backups)
    if json:
        output.document({"before": done.before, "after": done.after, "backup": done.backup and str(done.backup)})
        return
    if done.before == done.after:
        output.line(f"The database has schema {done.after} already.")
        return
    output.line(f"The database has schema {done.after} now; before: {done.before or 'none'}.")
    if done.backup:
        output.line(f"Backup of what was there: {done.backup}")


def check_command(config: Config = CONFIG, json: Json = False) -> int | None:
    """Check schema, keys and consistency.

    Exit code 1 when something is wrong.
    """
    with opened(config) as here:
        from followguard.proof.check import check_database

        found = check_database(here.store)
    if json:
        output.document(
            {
                "ok": not found.findings,
                "schema": found.schema,
                "log_entries": found.entries,
                "head": found.head,
                "findings": found.findings,
            }
        )
    else:
        for finding in found.findings:
            output.line(f"- {finding}")
        state = f"{output.counted(len(found.findings), 'finding')}." if found.findings else "All is well."
        output.line(f"{state} Schema {found.schema}, {output.counted(found.entries, 'log entry', 'log entries')}.")
        output.line(f"Head of the log: {found.head}")
    return FAILED if found.findings else None


def backup_command(config: Config = CONFIG, json: Json = False) -> None:
    """Write a backup now."""
    with opened(config) as here:
        path = here.store.upkeep.back_up(here.now, max(1, here.installation.backups))
    if json:
        output.document({"backup": str(path)})
    else:
        output.line(f"Wrote {path}")


def restore_command(
    backup: Annotated[Path | None, typer.Argument(metavar="[BACKUP]", help="Default: the newest.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Put a backup in the database's place.

    The database that is there is put aside, not deleted. What was read, decided and spent since is in that copy alone.
    """
    from followguard.setup.database import backup_to_restore

    with opened(config) as here:
        chosen = backup_to_restore(here.store.upkeep, backup)
        if not yes:
            question = f"Put {chosen} back? Nights, decisions and spending since then go aside with the database."
            otherwise = UsageError("A restore takes back what came after the backup.", "Say so with --yes.")
            output.require_yes(question, otherwise)
        done = here.store.upkeep.restore(chosen, here.now)
        again = _forget_again(here)
    if json:
        aside = done.aside and str(done.aside)
        output.document({"backup": str(done.backup), "aside": aside, "forgotten_again": again})
        return
    output.line(f"Restored {done.backup}")
    if done.aside:
        output.line(f"What was there before is now {done.aside}")
    if again:
        output.line(f"It held {output.counted(again, 'person', 'people')} who had been forgotten since: erased again.")


def _forget_again(here: Opened) -> int:
    """Erases again what a backup brought back; a schema that must be upgraded first has no such rows."""
    from followguard.followers.tombstone_store import Tombstones
    from followguard.privacy.forget import eraser_of, forget_again

    upkeep = here.store.upkeep
    if upkeep.schema() != upkeep.newest:
        return 0
    with here.store.begin() as work:
        anybody = Tombstones(work).count() > 0
    if not anybody:
        return 0
    return len(forget_again(eraser_of(here.installation, here.store)))
