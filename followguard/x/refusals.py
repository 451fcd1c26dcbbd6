"""What X refuses, as a table: status and wording -> one error of the closed tree, with the next step."""

from dataclasses import dataclass

from followguard.errors import (
    AccessRefused,
    CreditsUsedUp,
    NotFound,
    PlatformDown,
    RateLimited,
    RequestRefused,
    TargetRefused,
    TokenExpired,
    UnknownRefusal,
    WrongCredentials,
    XError,
)
from followguard.x.answers import Problems

ANY = ""
"""A wording that every answer has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The request in a message: the call, for whom (`account 123`), and whether a page token went along."""

    call: str
    whom: str
    token: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One row. It matches an answer whose status is in `statuses`, on a call in `calls` (empty: on all), and
    whose text holds one of `words` or whose numbers hold one of `codes`. The first match of the table wins.
    """

    name: str
    statuses: tuple[int, int]
    error: type[XError]
    what: str
    next_step: str
    words: tuple[str, ...] = ()
    codes: tuple[int, ...] = ()
    calls: tuple[str, ...] = ()
    with_token: bool = False

    def matches(self, status: int, problems: Problems, asked: Asked) -> bool:
        """Tells whether this row is about that answer."""
        if not self.statuses[0] <= status <= self.statuses[1]:
            return False
        if (self.calls and asked.call not in self.calls) or (self.with_token and not asked.token):
            return False
        return any(word in problems.wording for word in self.words) or bool(problems.codes & set(self.codes))


_FILL_UP = "Add credits or raise the cap in X's developer console; the next run resumes where this one stopped."
_HAND_OFF = 'The follow can be made by hand: set executor = "handoff" for the account in followguard.toml.'
_KEYS = (
    "Check the account's four FOLLOWGUARD_<HANDLE>_... secrets and this machine's clock, then run followguard doctor."
)
_CONSOLE = "Look at the app's project, plan and permissions in X's developer console."
RESUME = "What was read is saved; the next run resumes."
_REPORT = "followguard may be too old for X's API: look for a newer version, or report this."

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        name="credits",
        statuses=(402, 402),
        words=(ANY,),
        error=CreditsUsedUp,
        what="The developer account has no credits left",
        next_step=_FILL_UP,
    ),
    Refusal(
        name="spending-cap",
        statuses=(400, 499),
        words=(
            "problems/credits",
            "problems/usage-capped",
            "spendcap",
            "spend cap",
            "spend limit",
            "spending cap",
            "spending limit",
            "usagecap",
            "usage cap",
            "creditsdepleted",
        ),
        error=CreditsUsedUp,
        what="The developer account reached its spending cap",
        next_step=_FILL_UP,
    ),
    Refusal(
        name="wrong-credentials",
        statuses=(401, 401),
        words=(ANY,),
        error=WrongCredentials,
        what="X doesn't accept the credentials",
        next_step=_KEYS,
    ),
    Refusal(
        name="follow-limit",
        statuses=(403, 403),
        calls=("follow",),
        words=("unable to follow more people",),
        codes=(161,),
        error=RateLimited,
        what="The account may not follow more people for now",
        next_step="The orders wait; the next run goes on with them.",
    ),
    Refusal(
        name="account-locked",
        statuses=(403, 403),
        words=(
            "your account is suspended",
            "account is temporarily locked",
            "temporarily locked",
            "might be automated",
        ),
        codes=(64, 226, 326),
        error=AccessRefused,
        what="X has locked or suspended our account, or takes it for automated",
        next_step="Sign in to X as the account, and do what it asks; until then followguard account pause.",
    ),
    Refusal(
        name="follow-target",
        statuses=(403, 403),
        calls=("follow",),
        words=(
            "blocked from following",
            "you have been blocked",
            "you have blocked",
            "already requested",
            "already sent a follow request",
            "already been requested",
            "pending follow request",
            "follow yourself",
            "user has been suspended",
            "user is suspended",
            "cannot find specified user",
            "could not find user",
            "problems/not-authorized-for-resource",
            "problems/resource-not-found",
        ),
        codes=(50, 63, 108, 158, 160, 162),
        error=TargetRefused,
        what="X refuses the follow of this one account",
        next_step="Look at the follower on X, or reject the card. The other orders go on.",
    ),
    Refusal(
        name="not-enrolled",
        statuses=(403, 403),
        words=("client-not-enrolled", "problems/client-forbidden", "required_enrollment", "attached to a project"),
        error=AccessRefused,
        what="The developer app isn't enrolled for this API",
        next_step=_CONSOLE,
    ),
    Refusal(
        name="app-permissions",
        statuses=(403, 403),
        words=("oauth1-permissions", "app permissions", "cannot perform write actions", "read-only application"),
        codes=(261,),
        error=AccessRefused,
        what="The developer app lacks the permission for this call",
        next_step="Give the app read and write permission in X's developer console, then make new access tokens.",
    ),
    Refusal(
        name="wrong-sign-in",
        statuses=(403, 403),
        words=("unsupported-authentication", "unsupported authentication"),
        error=AccessRefused,
        what="X wants another way of signing in for this call",
        next_step=_KEYS,
    ),
    Refusal(
        name="plan-follow",
        statuses=(403, 403),
        calls=("follow",),
        words=("not permitted to access this feature", "access level", "subset of"),
        codes=(453,),
        error=AccessRefused,
        what="The plan doesn't include following",
        next_step=_HAND_OFF,
    ),
    Refusal(
        name="plan",
        statuses=(403, 403),
        words=("not permitted to access this feature", "access level", "subset of"),
        codes=(453,),
        error=AccessRefused,
        what="The plan doesn't include this call",
        next_step=_CONSOLE,
    ),
    Refusal(
        name="unknown-follow-403",
        statuses=(403, 403),
        calls=("follow",),
        words=(ANY,),
        error=UnknownRefusal,
        what="X refuses to follow, and doesn't say that it is about this one account",
        next_step=f"Nothing more is tried today. {_HAND_OFF}",
    ),
    Refusal(
        name="unknown-403",
        statuses=(403, 403),
        words=(ANY,),
        error=UnknownRefusal,
        what="X refuses the call",
        next_step=_CONSOLE,
    ),
    Refusal(
        name="not-found",
        statuses=(404, 404),
        words=(ANY,),
        error=NotFound,
        what="X knows nothing at this address",
        next_step="See whether the account still exists on X and its handle in followguard.toml is right.",
    ),
    Refusal(
        name="page-token",
        statuses=(400, 400),
        with_token=True,
        words=("token",),
        error=TokenExpired,
        what="X no longer takes the page token",
        next_step="The list is read again from its first page.",
    ),
    Refusal(
        name="wrong-parameter",
        statuses=(400, 400),
        words=("max_results", "user.fields", "`ids`", "`id`", "target_user_id"),
        error=RequestRefused,
        what="X doesn't take a parameter of the call",
        next_step=_REPORT,
    ),
    Refusal(
        name="page-token-unsaid",
        statuses=(400, 400),
        with_token=True,
        words=(ANY,),
        error=TokenExpired,
        what="X refuses a call with a page token, without saying why",
        next_step="The list is read again from its first page.",
    ),
    Refusal(
        name="rate-limit",
        statuses=(429, 429),
        words=(ANY,),
        error=RateLimited,
        what="X's rate limit is used up",
        next_step=RESUME,
    ),
    Refusal(
        name="slow-request",
        statuses=(408, 408),
        words=(ANY,),
        error=PlatformDown,
        what="X gave up waiting",
        next_step=RESUME,
    ),
    Refusal(
        name="other-4xx",
        statuses=(400, 499),
        words=(ANY,),
        error=RequestRefused,
        what="X refuses the request",
        next_step=_REPORT,
    ),
    Refusal(
        name="redirect",
        statuses=(300, 399),
        words=(ANY,),
        error=RequestRefused,
        what="X points to another address, which followguard never follows",
        next_step="Check x_api_url in followguard.toml and whether a proxy stands in between.",
    ),
    Refusal(
        name="server-error",
        statuses=(100, 999),
        words=(ANY,),
        error=PlatformDown,
        what="X is out of order",
        next_step=f"{RESUME} See X's status page if it lasts.",
    ),
)
