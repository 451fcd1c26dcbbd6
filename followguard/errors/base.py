"""Exit codes, the root of the tree, and failures that any command can meet."""

from collections.abc import Callable
from typing import ClassVar

FAILED = 1
USAGE = 2
PARTLY = 3
LOCKED = 4
LATER = 75
INTERRUPTED = 130
"""The exit code that a shell reports for a program that is stopped by Ctrl-C."""


class FollowguardError(Exception):
    """A failure: what happened, to whom, and what to do next.

    `code` is the stable name that JSON carries; `exit_code` is what the process returns when nothing else worked.
    """

    code: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = FAILED

    def __init__(self, message: str, next_step: str = "") -> None:
        self.message = message
        self.next_step = next_step
        super().__init__(f"{message} {next_step}".strip())

    def as_json(self) -> dict[str, str]:
        """Returns `{"code", "message"}`, the form of `errors` in the JSON of `nightly`."""
        return {"code": self.code, "message": str(self)}


class Declined(FollowguardError):
    """A person was asked, and said no."""

    code = "declined"


class Unexpected(FollowguardError):
    """A failure that nobody has foreseen: a fault of this program."""

    code = "unexpected"

    @classmethod
    def of(cls, fault: BaseException) -> "Unexpected":
        """Makes the error from the first line of what Python says, with the fault itself as its cause."""
        said = str(fault).strip().partition("\n")[0][:300].rstrip(".")
        what = f"Unexpected {type(fault).__name__}{': ' if said else ''}{said}."
        error = cls(what, "Run it again with FOLLOWGUARD_DEBUG=1 for the traceback.")
        error.__cause__ = fault
        return error


class Stopped(FollowguardError):
    """Ctrl-C, or the end of the input where an answer was asked for."""

    code = "stopped"
    exit_code = INTERRUPTED


class ReportFailed(FollowguardError):
    """A report or a head of the log that can't be written, or an old report that can't be removed."""

    code = "report"
    exit_code = PARTLY


class NoNightYet(FollowguardError):
    """No night has run of which a report could tell."""

    code = "no_night_yet"


class OrderChanged(FollowguardError):
    """The follower list isn't newest first any more, or the mark of earlier nights is gone."""

    code = "order_changed"
    exit_code = PARTLY


class ListEndedEarly(FollowguardError):
    """X's follower list ended before it can have been read to its end; nobody is concluded to be missing or gone."""

    code = "list_ended_early"
    exit_code = PARTLY


class PartlyDone(FollowguardError):
    """Some rows or accounts failed; the rest is saved."""

    code = "partly"
    exit_code = PARTLY


Tell = Callable[[FollowguardError], None]
"""Hears of a failure that doesn't end what is under way."""
