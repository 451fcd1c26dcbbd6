"""`followguard init`."""

from pathlib import Path
from typing import Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Config
from followguard.domain.installation import plain_handle
from followguard.domain.policy import Executor
from followguard.errors import ConfigurationError, UsageError

BASES = ("none", "own-decisions", "written-permission")


def command(
    config: Config = CONFIG,
    account: Annotated[
        str | None, typer.Option("--account", metavar="HANDLE", help="The handle of your account on X.")
    ] = None,
    executor: Annotated[
        Executor | None, typer.Option("--executor", help="Who carries out an approved follow. Default: handoff.")
    ] = None,
    training_basis: Annotated[
        str | None,
        typer.Option(
            "--training-basis",
            metavar="|".join(BASES),
            help="On what ground decisions may train the model. No default: the company decides.",
        ),
    ] = None,
) -> None:
    """Write a commented followguard.toml and create the database.

    Asks for what isn't given, when it runs on a terminal. A file that is there already is never touched; if the
    database it names isn't there, that is created.
    """
    from followguard.config.template import NewConfiguration, commented

    path = Path(config).expanduser()
    if path.exists():
        _only_the_database(path, config)
        return
    handle, basis = _answers(account, training_basis)
    chosen = executor or _executor(asked=account is None or training_basis is None)
    new = NewConfiguration(path, commented(handle, chosen.value, basis))
    new.write()
    try:
        with opened(config) as here:
            before, after = here.store.upgrade()
    except BaseException:  # nothing half-written stays
        new.remove()
        raise
    _say_what_next(path, handle, before != after)


def _only_the_database(path: Path, config: str) -> None:
    """Makes the database for a configuration that somebody wrote. Raises UsageError when there is nothing to do."""
    what, other = f"{path} is there already, and stays as it is.", "Edit it, or choose another with --config PATH."
    try:
        with opened(config) as here:
            if here.store.upkeep.schema() is not None:
                raise UsageError(what, other)
            here.store.upgrade()
    except ConfigurationError as error:
        raise UsageError(what, other) from error
    output.line(f"{what} Created the database that it names.")


def _answers(account: str | None, training_basis: str | None) -> tuple[str, str]:
    """Returns handle and training basis, as given or as answered. Raises UsageError when nobody can be asked."""
    missing = [name for name, given in (("--account", account), ("--training-basis", training_basis)) if not given]
    if missing and not output.is_terminal():
        raise UsageError(f"{' and '.join(missing)} must be given where nobody can be asked.", _EXAMPLE)
    handle = plain_handle(account or output.ask("The handle of your account on X (without @)"))
    if not training_basis:
        output.note("May decisions train the model? X's own texts disagree; docs/configuration.md quotes both.")
    basis = training_basis or output.ask(f"Training basis ({', '.join(BASES)})")
    if basis not in BASES:
        raise UsageError(f"{basis!r} isn't a training basis.", f"Use one of: {', '.join(BASES)}.")
    return handle, basis


def _executor(*, asked: bool) -> Executor:
    """Asks only when something else is asked too: a hand-off to a person is right for nearly everybody."""
    if not (asked and output.is_terminal()):
        return Executor.HANDOFF
    answer = output.ask("Executor (handoff, api for Enterprise plans, dry-run)", default=Executor.HANDOFF.value)
    try:
        return Executor(answer)
    except ValueError:
        raise UsageError(f"{answer!r} isn't an executor.", "Use one of: handoff, api, dry-run.") from None


_EXAMPLE = "For example: followguard init --account acme --training-basis own-decisions."


def _say_what_next(path: Path, handle: str, made: bool) -> None:
    from followguard.cli.opened import load_installation, missing_secrets

    output.line(f"Wrote {path}.")
    output.line("Created the database." if made else "The database was there already; it is used as it is.")
    output.line("Next:")
    output.step('  followguard person add "YOUR NAME" --role owner')
    try:
        missing = missing_secrets(load_installation(path), handle)
    except ConfigurationError as error:
        output.warn(str(error))
        missing = []
    if missing:
        output.line(f"  set {', '.join(missing)}")
    output.step("  followguard doctor")
    output.step("  followguard nightly --dry-run")
