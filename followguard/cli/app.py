"""The frame round every command: the root of the command line, and what becomes of a failure."""

import io
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Annotated, Any, ClassVar, TextIO, cast

import typer
from typer.main import get_command

from followguard.cli import output
from followguard.cli.commands import TABLE
from followguard.cli.lazy import WIDTH, LazyGroup, Row
from followguard.cli.next_steps import Given, given
from followguard.cli.output import Forgiving, refusal_of
from followguard.errors import FAILED, INTERRUPTED, FollowguardError, Stopped, Unexpected, UsageError

ONLY_PRINT = (
    "status",
    "doctor",
    "disclose",
    "prove",
    "score",
    "whatif",
    "review list",
    "review show",
    "review second-look",
    "account list",
    "person list",
    "db check",
    "model list",
    "model show",
    "model drift",
    "model evaluate",
)
"""Commands that keep nothing: without what they print they have done nothing."""


def delivered(code: int, args: Sequence[str]) -> int:
    """The exit code, once everything is printed.

    It tells what was saved: a result that can't be written changes it only where there is nothing else. A reader who
    has seen enough (`| head`) is no failure.
    """
    sys.stdout.flush()
    refusal = refusal_of(sys.stdout)
    if refusal is None or isinstance(refusal, BrokenPipeError):
        return code
    what = "What it printed couldn't be written"
    kept = "Run it again where there is room." if only_prints(args) else "What it did is saved: followguard status"
    output.warn(f"{what} ({refusal.strerror or refusal}). {kept}")
    return code or FAILED if only_prints(args) else code


def only_prints(args: Sequence[str]) -> bool:
    """Whether a command line names one of `ONLY_PRINT`, or only tells what a command would do."""
    words = " ".join(args)
    unkept = not any(arg.startswith("--output") for arg in args)
    named = any(words == name or words.startswith(f"{name} ") for name in ONLY_PRINT)
    return unkept and (named or "--dry-run" in args)


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
    """Where it happened, on stderr, for those who asked by FOLLOWGUARD_DEBUG."""
    if os.environ.get("FOLLOWGUARD_DEBUG"):
        for said in "".join(traceback.format_exception(error)).rstrip().split("\n"):
            output.note(said)


def as_known(error: BaseException) -> FollowguardError:
    """The same failure as one of the closed tree."""
    if isinstance(error, FollowguardError):
        return error
    if isinstance(error, typer.TyperException):
        return _usage(error)
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return Stopped("Stopped.", "What was finished is saved; run the command again to go on.")
    return Unexpected.of(error)


def wants_json(args: Sequence[str]) -> bool:
    """Whether a command line asks for a document; what stands after `--` is no option."""
    options = args[: args.index("--")] if "--" in args else args
    return "--json" in options


def _usage(error: typer.TyperException) -> UsageError:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else output.PROGRAM
    return UsageError(error.format_message(), f"See `{path} --help`.")


NAMES = ("SIGTERM", "SIGHUP")


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """While it lasts the first of these signals is a KeyboardInterrupt, a second one ends the process at once.

    Signals that the process was started to ignore (nohup) stay ignored.
    """
    came: list[int] = []

    def stop(number: int, _: Any) -> None:
        came.append(number)
        signal.signal(number, signal.SIG_DFL)
        raise KeyboardInterrupt

    for number in [getattr(signal, name) for name in NAMES if hasattr(signal, name)]:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, stop)
    yield
    if came:
        sys.stdout.flush()
        sys.stderr.flush()
        os.kill(os.getpid(), came[0])


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


STREAMS = (("stdin", 0, os.O_RDONLY), ("stdout", 1, os.O_WRONLY), ("stderr", 2, os.O_WRONLY))


def make_safe() -> None:
    """Gives the process three streams that hold, whatever it was started with.

    A stream that is closed becomes /dev/null, so that no file that is opened later gets its number.
    """
    for name, number, mode in STREAMS:
        if not _is_open(number):
            _fill(number, mode)
        if getattr(sys, name) is None:
            reading = mode == os.O_RDONLY
            setattr(sys, name, os.fdopen(os.open(os.devnull, mode), "r" if reading else "w", encoding="utf-8"))
    sys.stdout, sys.stderr = forgiving(sys.stdout), forgiving(sys.stderr)


def forgiving(stream: TextIO) -> TextIO:
    """The same stream with an end that forgives; letters that its encoding lacks are shown as escapes."""
    with suppress(OSError, ValueError):
        stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(Forgiving(stream)),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=getattr(stream, "line_buffering", False),
        write_through=getattr(stream, "write_through", False),
    )


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _fill(number: int, mode: int) -> None:
    opened = os.open(os.devnull, mode)
    if opened == number:
        os.set_inheritable(number, True)
        return
    os.dup2(opened, number)
    os.close(opened)
