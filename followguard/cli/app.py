"""The frame round every command: the root of the command line, and what becomes of a failure."""

import os
import sys
from typing import Annotated, ClassVar, cast

import typer
from typer.main import get_command

from followguard.cli import output
from followguard.cli.commands import TABLE
from followguard.cli.delivery import delivered
from followguard.cli.failures import told
from followguard.cli.lazy import WIDTH, LazyGroup, Row
from followguard.cli.next_steps import Given, given
from followguard.cli.signals import ended_by_signals
from followguard.cli.streams import make_safe, refusal_of
from followguard.errors import FAILED, INTERRUPTED


class Root(LazyGroup):
    """`followguard` itself."""

    sections: ClassVar[dict[str, tuple[Row, ...]]] = TABLE


def _version(asked: bool) -> None:
    if asked:
        from followguard import __version__

        output.line(f"followguard {__version__}")
        raise typer.Exit


def _root(
    ctx: typer.Context,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Print the version and exit.")
    ] = False,
) -> None:
    """Follow back the people who follow your company on X: scored each night, decided by a person each morning."""
    if ctx.invoked_subcommand is None:
        output.block(ctx.get_help())


def root(args: list[str]) -> Root:
    """The command line as typer runs it.

    Completion's own options are left out where a command comes first: typer imports pydantic to read them.
    """
    app = typer.Typer(
        cls=Root,
        rich_markup_mode=None,
        context_settings=WIDTH,
        invoke_without_command=True,
        add_completion=not args or args[0].startswith("-"),
    )
    app.callback()(_root)
    return cast(Root, get_command(app))


def main(args: list[str] | None = None) -> int:
    """Runs one command line and returns its exit code. Prints one line, and no traceback, when it fails."""
    args = sys.argv[1:] if args is None else args
    with given(Given.of(args, os.environ)), output.one_document():
        try:
            code = root(args).main(args, prog_name=output.PROGRAM, standalone_mode=False)
            sys.stdout.flush()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last line before the shell
            return FAILED if error is refusal_of(sys.stdout) else told(error, args)
        if code == INTERRUPTED:
            return told(KeyboardInterrupt(), args)
    return code if isinstance(code, int) else 0


def run() -> None:
    """The `followguard` command."""
    make_safe()
    with ended_by_signals():
        code = delivered(main(), sys.argv[1:])
    sys.exit(code)
