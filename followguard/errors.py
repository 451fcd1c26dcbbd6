"""The closed error tree: every failure a person can meet, each with a code, an exit code and a next step."""

from typing import ClassVar

FAILED = 1
USAGE = 2
PARTLY = 3
LOCKED = 4
LATER = 75
INTERRUPTED = 130
"""What a shell reports for a program that is stopped by Ctrl-C."""


class FollowguardError(Exception):
    """What happened, to whom, and what to do next.

    `code` is the stable name that JSON carries; `exit_code` is what the process returns when nothing else worked.
    """

    code: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = FAILED

    def __init__(self, message: str, next_step: str = "") -> None:
        self.message = message
        self.next_step = next_step
        super().__init__(f"{message} {next_step}".strip())

    def as_json(self) -> dict[str, str]:
        """`{"code", "message"}`, the form of `errors` in the JSON of `nightly`."""
        return {"code": self.code, "message": str(self)}


# --- wrong usage or configuration: exit 2 ---------------------------------------------------------------------------
class UsageError(FollowguardError):
    """The command line asks for something that can't be."""

    code = "usage"
    exit_code = USAGE


class ConfigurationError(UsageError):
    """`followguard.toml` or an environment variable is missing, unknown or wrong."""

    code = "configuration"


class UnknownAccount(UsageError):
    """An account that the configuration doesn't name."""

    code = "unknown_account"


class UnknownPerson(UsageError):
    """Nobody by that name, or no name given."""

    code = "unknown_person"


class MissingRole(UsageError):
    """A known person without the role that the command needs."""

    code = "missing_role"


class MissingCredentials(UsageError):
    """One of the four secrets of an account isn't there."""

    code = "missing_credentials"


class AmbiguousFollower(UsageError):
    """A follower of several of our accounts, and none was named."""

    code = "ambiguous_follower"


class SchemaMismatch(UsageError):
    """The database has another schema than this program."""

    code = "schema"


class UnreadableFile(UsageError):
    """A file of profiles, labels or decisions that can't be read."""

    code = "unreadable_file"


class DatasetMismatch(UsageError):
    """A public data set is missing, or has another sha256 than `training_data/sources.toml` says."""

    code = "dataset"


# --- failed: exit 1 -------------------------------------------------------------------------------------------------
class UnknownFollower(FollowguardError):
    """Not a recorded follower of the account."""

    code = "unknown_follower"


class AlreadyDecided(FollowguardError):
    """The card has a decision that stands, or is in somebody else's hands."""

    code = "already_decided"


class ApprovingPaused(FollowguardError):
    """One person approved too many followers too fast to have looked at each; it goes on after a minute."""

    code = "approving_paused"
    exit_code = LATER


class NeverFollow(FollowguardError):
    """The configuration says never to follow this follower."""

    code = "never_follow"


class NothingToUndo(FollowguardError):
    """No decision that can still be taken back."""

    code = "nothing_to_undo"


class DamagedModel(FollowguardError):
    """A model file whose sha256 isn't the one on record, or that can't be read."""

    code = "damaged_model"


class DamagedExport(FollowguardError):
    """An export of labels whose sha256 isn't the one on record, or that can't be read."""

    code = "damaged_export"


class CantServe(FollowguardError):
    """A model that may not or can't become the champion: retired, cleared away, or there is none to go back to."""

    code = "cant_serve"


class NotProved(FollowguardError):
    """A row that the log doesn't vouch for: somebody changed the database past followguard. Nothing is done by it."""

    code = "not_proved"


class StoreFailed(FollowguardError):
    """The database refused, was busy too long, or the disk is full."""

    code = "store"


class Declined(FollowguardError):
    """A person was asked, and said no."""

    code = "declined"


class Unexpected(FollowguardError):
    """A failure that nobody has foreseen: a fault of this program."""

    code = "unexpected"


class Stopped(FollowguardError):
    """Ctrl-C, or the end of the input where an answer was asked for."""

    code = "stopped"
    exit_code = INTERRUPTED


class DamagedDatabase(StoreFailed):
    """The database isn't whole: nobody is followed by what it says, and nothing more is written to it."""

    code = "damaged_database"


class BackupFailed(StoreFailed):
    """No backup could be made before the night; the night itself went on."""

    code = "backup"


class ReportFailed(FollowguardError):
    """A report that can't be written, or an old one that can't be removed."""

    code = "report"
    exit_code = PARTLY


class StoreBusy(StoreFailed):
    """The database is in other hands for too long, or its server can't be reached: a later run goes on."""

    code = "store_busy"
    exit_code = LATER


# --- another run: exit 4 --------------------------------------------------------------------------------------------
class AlreadyRunning(FollowguardError):
    """Another run holds the account's lock."""

    code = "locked"
    exit_code = LOCKED


# --- what X answers -------------------------------------------------------------------------------------------------
class XError(FollowguardError):
    """X refused or failed."""

    code = "x"


class WrongCredentials(XError):
    """401, or credentials that belong to another account than the one configured."""

    code = "wrong_credentials"


class AccessRefused(XError):
    """403 for the whole plan or app: nothing of this kind will work today."""

    code = "access_refused"


class UnknownRefusal(AccessRefused):
    """403 of a kind that nobody has written down: nothing more is tried in this run, and nothing is concluded."""


class TargetRefused(XError):
    """403 for one follower (blocked us, already asked)."""

    code = "target_refused"


class NotFound(XError):
    """404, or a 200 that says the subject doesn't exist or is suspended."""

    code = "not_found"


class TokenExpired(XError):
    """A 400 for a pagination token."""

    code = "token_expired"


class RequestRefused(XError):
    """Another 4xx: the request itself is wrong for X."""

    code = "request_refused"


class AddressRefused(XError):
    """The X session was asked for a method, host or path that isn't one of the four calls. Nothing was sent."""

    code = "address_refused"


class TryLater(XError):
    """Nothing is wrong here; what was read is saved and the next run resumes."""

    code = "later"
    exit_code = LATER


class RateLimited(TryLater):
    """429. `reset_at` is epoch seconds (UTC), or None when X didn't say."""

    code = "rate_limited"

    def __init__(self, message: str, next_step: str = "", reset_at: int | None = None) -> None:
        super().__init__(message, next_step)
        self.reset_at = reset_at


class CreditsUsedUp(TryLater):
    """402 CreditsDepleted, or the 403 of a spending cap."""

    code = "credits"


class BudgetUsedUp(TryLater):
    """Tonight's or this month's budget doesn't pay for one more profile."""

    code = "budget"


class PlatformDown(TryLater):
    """5xx, HTML instead of JSON, cut JSON, a timeout or a reset, after the last retry."""

    code = "platform_down"


class TimeUsedUp(TryLater):
    """X answers so slowly that the time an account may spend on it in one run is over."""

    code = "time"


class AnswerLost(PlatformDown):
    """A follow call whose answer never came: it may or may not have worked. Settle it by reading."""

    code = "answer_lost"


# --- what a night has to say without stopping ------------------------------------------------------------------------
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
