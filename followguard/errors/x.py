"""Failures of calls to X."""

from followguard.errors.base import LATER, FollowguardError


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
    """403 of an unknown kind: the run tries nothing more, and leaves open what it means."""


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
    """A follow call whose answer never came: perhaps it worked. Settle it by reading."""

    code = "answer_lost"
