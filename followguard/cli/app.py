"""The frame round every command: the root of the command line, and what becomes of a failure."""

import os
import sys
from typing import Annotated, ClassVar, cast

import typer
from typer.main import get_command

from followguard.cli import output
from followguard.cli.commands import TABLE
from followguard.cli.lazy import WIDTH, LazyGroup, Row
from followguard.cli.next_steps import Given, given
from followguard.errors import FAILED, USAGE, FollowguardError

INTERRUPTED = 130
"""What a shell reports for a program that is stopped by Ctrl-C."""


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
    with given(Given.of(args, os.environ)):
        return _run(args)


def _run(args: list[str]) -> int:
    try:
        code = root(args).main(args, prog_name=output.PROGRAM, standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_the_pipe()
        return FAILED
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last line before the shell
        return _told(error)
    if code == INTERRUPTED:
        output.warn("Stopped. What was finished is saved; run the command again to go on.")
    return code if isinstance(code, int) else 0


def _told(error: BaseException) -> int:
    """Says in one line what went wrong, and gives the exit code that belongs to it."""
    if os.environ.get("FOLLOWGUARD_DEBUG"):
        import traceback

        for said in "".join(traceback.format_exception(error)).rstrip().split("\n"):
            output.note(said)
    if isinstance(error, FollowguardError):
        output.failure(error)
        return error.exit_code
    if isinstance(error, typer.TyperException):
        output.warn(_usage(error))
        return USAGE
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        output.warn("Stopped. What was finished is saved; run the command again to go on.")
        return INTERRUPTED
    output.warn(f"{_first_line(error)} Run it again with FOLLOWGUARD_DEBUG=1 for the traceback.")
    return FAILED


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else output.PROGRAM
    return f"{output.sentence(error.format_message())} See `{path} --help`."


def _first_line(error: BaseException) -> str:
    said = str(error).strip().partition("\n")[0][:300].rstrip(".")
    return f"Unexpected {type(error).__name__}{': ' if said else ''}{said}."


def _leave_the_pipe() -> None:
    """Nobody reads any more: keeps Python's last flush from complaining about it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run() -> None:
    """The `followguard` command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main())
