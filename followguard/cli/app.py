"""The frame round every command: the root of the command line, its groups, and what becomes of a failure.

Commands are imported only when they run, so that listing help costs next to nothing.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Annotated, Any, ClassVar, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from followguard.cli import output
from followguard.cli.commands import TABLE, Row
from followguard.cli.next_steps import Given, given
from followguard.cli.streams import delivered, make_safe, refusal_of
from followguard.errors import FAILED, INTERRUPTED, FollowguardError, Stopped, Unexpected, UsageError
from followguard.store.unbroken import end_soon


def told(error: BaseException, args: Sequence[str]) -> int:
    """Says in one line on stderr what went wrong, and returns the exit code that belongs to it.

    Under `--json` stdout gets `{"errors": [{"code", "message"}]}`, unless it has its one document already.
    """
    say_traceback(error)
    known = as_known(error)
    output.failure(known)
    if wants_json(args) and not output.has_document():
        output.document(output.failed(known))
    return known.exit_code


def say_traceback(error: BaseException) -> None:
    """Says on stderr where it happened, if FOLLOWGUARD_DEBUG is set."""
    if os.environ.get("FOLLOWGUARD_DEBUG"):
        for said in "".join(traceback.format_exception(error)).rstrip().split("\n"):
            output.note(said)


def as_known(error: BaseException) -> FollowguardError:
    """Returns the same failure as one of the closed tree."""
    if isinstance(error, FollowguardError):
        return error
    if isinstance(error, typer.TyperException):
        return _usage(error)
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return Stopped("Stopped.", "What was finished is saved; run the command again to go on.")
    return Unexpected.of(error)


def wants_json(args: Sequence[str]) -> bool:
    """Tells whether a command line asks for a document; words after `--` are no options."""
    options = args[: args.index("--")] if "--" in args else args
    return "--json" in options


def _usage(error: typer.TyperException) -> UsageError:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else output.PROGRAM
    return UsageError(error.format_message(), f"See `{path} --help`.")


NAMES = ("SIGTERM", "SIGHUP")


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Turns the first of these signals into a KeyboardInterrupt; a second one ends the process at once.

    It waits for the end of an open transaction, as Ctrl-C does from here on, unless that is pressed twice. Signals
    that the process was started to ignore (nohup) stay ignored.
    """
    came: list[int] = []

    def stop(number: int, _: Any) -> None:
        came.append(number)
        signal.signal(number, signal.SIG_DFL)
        end_soon()

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: end_soon())
    for number in [getattr(signal, name) for name in NAMES if hasattr(signal, name)]:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, stop)
    yield
    if came:
        sys.stdout.flush()
        sys.stderr.flush()
        os.kill(os.getpid(), came[0])


WIDTH: dict[str, Any] = {"max_content_width": 110}


def function_of(row: Row) -> Callable[..., int | None]:
    """Imports what a row points at."""
    module, _, function = row.target.partition(":")
    found: Callable[..., int | None] = getattr(import_module(f"followguard.{module}"), function)
    return found


def _built(row: Row) -> Any:
    """Returns the typer command of a row that isn't a group."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=WIDTH)
    app.command(row.name, context_settings=WIDTH | {"allow_extra_args": row.takes_more})(function_of(row))
    return get_command(app)


class LazyCommand(TyperCommand):
    """Stand-in for a command in the listing; the real one is imported when it is entered."""

    def __init__(self, row: Row) -> None:
        super().__init__(row.name, help=row.help, rich_markup_mode=None)
        self.row = row

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Returns the context of the real command."""
        real = LazyGroup.of(self.row) if self.row.rows else _built(self.row)
        return real.make_context(info_name, args, parent, **extra)


class LazyGroup(TyperGroup):
    """A group whose subcommands are rows. `sections` is what the listing shows: heading -> rows."""

    sections: ClassVar[dict[str, tuple[Row, ...]]] = {}

    def __init__(self, *, own: Row | None = None, **attrs: Any) -> None:
        attrs.update(rich_markup_mode=None, context_settings=WIDTH)
        super().__init__(**attrs)
        self.own = own
        self.shown = self.sections or {"Commands": own.rows if own else ()}
        self.commands = {row.name: LazyCommand(row) for rows in self.shown.values() for row in rows}
        self.takes_options = False

    @classmethod
    def of(cls, row: Row) -> "LazyGroup":
        """Returns the group of a row."""
        return cls(own=row, name=row.name, help=row.help, invoke_without_command=bool(row.target))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Reads the group's own options, and imports its own function, only when no subcommand comes first.

        typer would load pydantic to find out that an option of the group wasn't given.
        """
        if args and args[0] in self.commands:
            self.params, self.add_help_option = [], False
        elif self.own and self.own.target:
            alone = _built(self.own)
            self.params, self.callback, self.help = alone.params, alone.callback, alone.help
            self.takes_options = True
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Refuses options before a subcommand, which would be lost."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and self.takes_options:
            ctx.fail(f"Options come after the subcommand: {ctx.command_path} {name} ...")
        return name, command, rest

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Lists the rows under their headings, without importing any of them."""
        for heading, rows in self.shown.items():
            with formatter.section(heading):
                formatter.write_dl([(row.name, row.help) for row in rows])


class Root(LazyGroup):
    """`followguard` itself."""

    sections: ClassVar[dict[str, tuple[Row, ...]]] = TABLE


def _version(asked: bool) -> None:
    if asked:
        import_module("followguard.setup.commands_version").say()
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
    """Returns the command line as typer runs it.

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
    """Runs the `followguard` command."""
    make_safe()
    with ended_by_signals():
        code = delivered(main(), sys.argv[1:], output.warn)
    sys.exit(code)
