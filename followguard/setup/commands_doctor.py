"""`followguard doctor`."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Config, Json
from followguard.errors import FAILED

if TYPE_CHECKING:
    from followguard.accounts.findings import Finding
    from followguard.domain.installation import Installation


def command(
    config: Config = CONFIG,
    online: Annotated[
        bool, typer.Option("--online", help="Also ask X, with one call an account; says what that costs.")
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Close files and folders of followguard's that others may read.")
    ] = False,
    json: Json = False,
) -> int | None:
    """Check configuration, credentials, database, files, model, clock and prices.

    Calls X only with --online. Changes nothing but, with --fix, who may read what followguard keeps. Exit code 1 when
    it found something.
    """
    from followguard.accounts.findings import State
    from followguard.cli.opened import missing_secrets, open_reader
    from followguard.notify.check import check_targets
    from followguard.setup.doctor import Doors, belongings_of, examine
    from followguard.store.upkeep import NIGHT_SECONDS, health_of
    from followguard.training.models.serving import load_scorer

    with opened(config) as here:
        installation, clock = here.installation, here.clock
        doors = Doors(
            store=here.store,
            clock=clock,
            missing_secrets=lambda handle: missing_secrets(installation, handle),
            model_in_force=lambda handle, tell: load_scorer(installation, handle, store=here.store, tell=tell).name,
            open_reader=lambda handle: open_reader(installation, handle, clock),
            kept=belongings_of(installation, here.store),
            look_over=lambda: health_of(here.store.upkeep, NIGHT_SECONDS),
            targets=lambda: check_targets(installation, here.store, os.environ),
        )
        if online:
            output.note(_cost(installation))
        findings = examine(installation, doors, online=online, fix=fix)
    found = [finding for finding in findings if finding.state is not State.OK]
    if json:
        output.document({"ok": not found, "findings": findings})
    else:
        _print(findings)
    return FAILED if found else None


def _cost(installation: "Installation") -> str:
    most = len(installation.accounts) * installation.prices.read
    calls = output.counted(len(installation.accounts), "call")
    return f"Asking X who we are: {calls}, at most {output.money(most)} at the prices configured."


def _print(findings: "list[Finding]") -> None:
    for finding in findings:
        whose = f" @{finding.account}" if finding.account else ""
        output.step(f"{finding.state.value:<5} {finding.check}{whose}: {finding.text}")
        if finding.next_step:
            output.step(f"      {finding.next_step}")
