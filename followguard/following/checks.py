"""What looking at a follower again says about their order: a table of checks, the first that speaks decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from followguard.domain.follower import Observation, Profile
from followguard.domain.order import FAILURES_UNTIL_PARKED, AttemptOutcome, Order, OrderState, has_lapsed
from followguard.domain.policy import is_named

UNCONFIRMED_DAYS = 7
"""So long a hand-off may go unconfirmed before the card comes back as a question."""
SETTLING = timedelta(hours=1)
"""X's reads may lag behind its writes; so long after a call was begun, "not following" says nothing."""
CALLED = frozenset({OrderState.SENDING, OrderState.SENT})
LONGEST_SHOWN = 80
FIELD_WORDS = {
    "name": "name",
    "username": "username",
    "description": "bio",
    "url": "link",
    "profile_image_url": "picture",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The part of the policy that an order must keep to. `never_follow` as from `listed_names.names_of`."""

    lapses_days: int
    never_follow: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The state that the order goes to, and why; `to` None: it stays where it is.

    `note` is for the card, where it says more than `why`: it may hold text of the profile. `check` names the check
    that spoke.
    """

    to: OrderState | None
    why: str | None = None
    outcome: AttemptOutcome | None = None
    note: str | None = None
    check: str | None = None


STAYS = CheckResult(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One order with what was read. `approved` is the look that was approved, None where its text is gone."""

    order: Order
    sight: Observation
    approved: Profile | None
    rules: Rules
    now: datetime


def judge(case: Case) -> CheckResult:
    """Returns what the first check that speaks says."""
    for name, check in CHECKS.items():
        finding = check(case)
        if finding is not None:
            return finding if finding.to is None else replace(finding, check=name)
    return STAYS


def _gone(case: Case) -> CheckResult | None:
    gone = case.sight.gone
    return CheckResult(OrderState.VOID, f"X no longer shows them ({gone}).") if gone else None


def _followed(case: Case) -> CheckResult | None:
    return CheckResult(OrderState.CONFIRMED) if case.sight.has("following") else None


def _blocked(case: Case) -> CheckResult | None:
    return CheckResult(OrderState.VOID, "Our account blocks them.") if case.sight.has("blocking") else None


def _asked(case: Case) -> CheckResult | None:
    """Keeps the order `sent` as long as our request stands: a protected follower must accept first."""
    if not case.sight.has("follow_request_sent"):
        return None
    sent_at = case.order.sent_at
    if case.order.state is not OrderState.SENT or sent_at is None:
        return CheckResult(OrderState.SENT, "Our request waits to be accepted.")
    if case.now - sent_at <= timedelta(days=case.rules.lapses_days):
        return STAYS
    return CheckResult(OrderState.VOID, f"Asked to follow on {sent_at:%Y-%m-%d}; they haven't accepted since.")


def _settling(case: Case) -> CheckResult | None:
    """Waits out the hour in which a call that was begun may have worked."""
    if case.order.state not in CALLED or (begun := call_begun(case.order)) is None:
        return None
    return CheckResult(None, settling_words(begun)) if case.sight.read_at < begun + SETTLING else None


def _left(case: Case) -> CheckResult | None:
    return CheckResult(OrderState.VOID, "They don't follow us any more.") if case.sight.follows_us is False else None


def _untold(case: Case) -> CheckResult | None:
    """Leaves a call unsettled until X has spoken after it."""
    if case.order.state is not OrderState.SENDING or case.sight.gone:
        return None
    return None if case.sight.asked and case.sight.connection is not None else STAYS


def _changed(case: Case) -> CheckResult | None:
    if case.sight.profile.appearance_hash() == case.order.appearance_hash:
        return None
    note = f"Changed since the approval: {difference(case.approved, case.sight.profile)}."
    return CheckResult(OrderState.VOID, "Changed since the approval.", note=note)


def _barred(case: Case) -> CheckResult | None:
    profile = case.sight.profile
    if not is_named(profile.id, profile.username, case.rules.never_follow):
        return None
    return CheckResult(OrderState.VOID, "The configuration says never to follow them (never_follow).")


def _lost(case: Case) -> CheckResult | None:
    """Concludes that a call whose answer never came did nothing, where X shows so."""
    if case.order.state is not OrderState.SENDING:
        return None
    return failure(case.order, AttemptOutcome.LOST, "The answer to the follow was lost, and X doesn't show it.")


def _gone_again(case: Case) -> CheckResult | None:
    """Asks a person where X once said yes and doesn't show it: a person may have taken it back there."""
    order = case.order
    if order.state is not OrderState.SENT or order.handed_off_at or order.sent_at is None:
        return None
    if case.sight.connection is None:
        return STAYS
    why = f"X took our follow on {order.sent_at:%Y-%m-%d} and doesn't show it. Undone by hand? Still follow them?"
    return CheckResult(OrderState.VOID, why)


def _unconfirmed(case: Case) -> CheckResult | None:
    handed_off_at = case.order.handed_off_at
    if case.order.state not in {OrderState.HANDED_OFF, OrderState.SENT} or handed_off_at is None:
        return None
    if case.sight.read_at <= handed_off_at + timedelta(days=UNCONFIRMED_DAYS):
        return None
    why = f"Handed off on {handed_off_at:%Y-%m-%d}, and X doesn't show the follow. Still follow them?"
    return CheckResult(OrderState.VOID, why)


def _lapsed(case: Case) -> CheckResult | None:
    if case.order.state not in {OrderState.QUEUED, OrderState.PARKED}:
        return None
    if not has_lapsed(case.order, case.now, case.rules.lapses_days):
        return None
    return CheckResult(OrderState.VOID, f"The approval of {case.order.created_at:%Y-%m-%d} lapsed.")


CHECKS: Mapping[str, Callable[[Case], CheckResult | None]] = MappingProxyType(
    {
        "untold": _untold,
        "gone": _gone,
        "followed": _followed,
        "blocked": _blocked,
        "asked": _asked,
        "settling": _settling,
        "left": _left,
        "changed": _changed,
        "barred": _barred,
        "lost": _lost,
        "gone_again": _gone_again,
        "unconfirmed": _unconfirmed,
        "lapsed": _lapsed,
    }
)
"""Read from top to bottom. The names stand in the log."""


def call_begun(order: Order) -> datetime | None:
    """Returns when a call began whose effect X may be slow to show; None for a follow by hand, or no call."""
    if order.state is OrderState.SENT:
        return None if order.handed_off_at else order.called_at or order.sent_at
    return order.called_at or (order.updated_at if order.state is OrderState.SENDING else None)


def settling_words(begun: datetime) -> str:
    """Tells why nothing is concluded yet, and from when on something is."""
    shows = begun + SETTLING
    return f"A call to follow them was begun on {begun:%Y-%m-%d at %H:%M} UTC; what came of it shows by {shows:%H:%M}."


def failure(order: Order, outcome: AttemptOutcome, why: str) -> CheckResult:
    """Returns the order to the queue, or parks it at the third failure."""
    if order.failures + 1 < FAILURES_UNTIL_PARKED:
        return CheckResult(OrderState.QUEUED, why, outcome)
    return CheckResult(OrderState.PARKED, f"{why} {FAILURES_UNTIL_PARKED} tries failed; a person must look.", outcome)


def difference(before: Profile | None, after: Profile) -> str:
    """Returns what a person would see differently, such as `name "Ann" -> "Bo", picture`."""
    if before is None:
        return "what was approved is no longer kept"
    changes = after.changes_since(before)
    return ", ".join(_shown(field, *pair) for field, pair in changes.items()) or "something that isn't kept"


def _shown(field: str, before: str | None, after: str | None) -> str:
    word = FIELD_WORDS[field]
    return word if field == "profile_image_url" else f"{word} {_quoted(before)} -> {_quoted(after)}"


def _quoted(text: str | None) -> str:
    if text is None:
        return "unknown"
    return f'"{text[:LONGEST_SHOWN]}{"…" if len(text) > LONGEST_SHOWN else ""}"'
