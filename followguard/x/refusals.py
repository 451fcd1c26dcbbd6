"""X's refusals as a table: status and wording -> one error of the closed tree, with the next step."""

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


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row. It matches an answer whose status is in `statuses`, on a call in `calls` (empty: on all), and
    whose text holds one of `words` (left out: any text) or whose numbers hold one of `codes`. The first match wins.
    """

    name: str
    statuses: tuple[int, int]
    error: type[XError]
    what: str
    next_step: str
    words: tuple[str, ...] = (ANY,)
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
    Refusal("credits", (402, 402), CreditsUsedUp, "The developer account has no credits left", _FILL_UP),
    Refusal(
        "spending-cap",
        (400, 499),
        CreditsUsedUp,
        "The developer account reached its spending cap",
        _FILL_UP,
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
    ),
    Refusal("wrong-credentials", (401, 401), WrongCredentials, "X doesn't accept the credentials", _KEYS),
    Refusal(
        "follow-limit",
        (403, 403),
        RateLimited,
        "The account may not follow more people for now",
        "The orders wait; the next run goes on with them.",
        calls=("follow",),
        words=("unable to follow more people",),
        codes=(161,),
    ),
    Refusal(
        "account-locked",
        (403, 403),
        AccessRefused,
        "X has locked or suspended our account, or takes it for automated",
        "Sign in to X as the account, and do what it asks; until then followguard account pause.",
        words=(
            "your account is suspended",
            "account is temporarily locked",
            "temporarily locked",
            "might be automated",
        ),
        codes=(64, 226, 326),
    ),
    Refusal(
        "follow-target",
        (403, 403),
        TargetRefused,
        "X refuses the follow of this one account",
        "Look at the follower on X, or reject the card. The other orders go on.",
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
    ),
    Refusal(
        "not-enrolled",
        (403, 403),
        AccessRefused,
        "The developer app isn't enrolled for this API",
        _CONSOLE,
        words=("client-not-enrolled", "problems/client-forbidden", "required_enrollment", "attached to a project"),
    ),
    Refusal(
        "app-permissions",
        (403, 403),
        AccessRefused,
        "The developer app lacks the permission for this call",
        "Give the app read and write permission in X's developer console, then make new access tokens.",
        words=("oauth1-permissions", "app permissions", "cannot perform write actions", "read-only application"),
        codes=(261,),
    ),
    Refusal(
        "wrong-sign-in",
        (403, 403),
        AccessRefused,
        "X wants another way of signing in for this call",
        _KEYS,
        words=("unsupported-authentication", "unsupported authentication"),
    ),
    Refusal(
        "plan-follow",
        (403, 403),
        AccessRefused,
        "The plan doesn't include following",
        _HAND_OFF,
        calls=("follow",),
        words=("not permitted to access this feature", "access level", "subset of"),
        codes=(453,),
    ),
    Refusal(
        "plan",
        (403, 403),
        AccessRefused,
        "The plan doesn't include this call",
        _CONSOLE,
        words=("not permitted to access this feature", "access level", "subset of"),
        codes=(453,),
    ),
    Refusal(
        "unknown-follow-403",
        (403, 403),
        UnknownRefusal,
        "X refuses to follow, and doesn't say that it is about this one account",
        f"Nothing more is tried today. {_HAND_OFF}",
        calls=("follow",),
    ),
    Refusal("unknown-403", (403, 403), UnknownRefusal, "X refuses the call", _CONSOLE),
    Refusal(
        "not-found",
        (404, 404),
        NotFound,
        "X knows nothing at this address",
        "See whether the account still exists on X and its handle in followguard.toml is right.",
    ),
    Refusal(
        "page-token",
        (400, 400),
        TokenExpired,
        "X no longer takes the page token",
        "The list is read again from its first page.",
        with_token=True,
        words=("token",),
    ),
    Refusal(
        "wrong-parameter",
        (400, 400),
        RequestRefused,
        "X doesn't take a parameter of the call",
        _REPORT,
        words=("max_results", "user.fields", "`ids`", "`id`", "target_user_id"),
    ),
    Refusal(
        "page-token-unsaid",
        (400, 400),
        TokenExpired,
        "X refuses a call with a page token, without saying why",
        "The list is read again from its first page.",
        with_token=True,
    ),
    Refusal("rate-limit", (429, 429), RateLimited, "X's rate limit is used up", RESUME),
    Refusal("slow-request", (408, 408), PlatformDown, "X gave up waiting", RESUME),
    Refusal("other-4xx", (400, 499), RequestRefused, "X refuses the request", _REPORT),
    Refusal(
        "redirect",
        (300, 399),
        RequestRefused,
        "X points to another address, which followguard never follows",
        "Check x_api_url in followguard.toml and whether a proxy stands in between.",
    ),
    Refusal(
        "server-error", (100, 999), PlatformDown, "X is out of order", f"{RESUME} See X's status page if it lasts."
    ),
)
