"""How a command fails: one line for people, one document for programs, and the exit code of its kind."""

import os
import traceback
from collections.abc import Sequence

import typer

from followguard.cli import output
from followguard.errors import FollowguardError, Stopped, Unexpected, UsageError


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
