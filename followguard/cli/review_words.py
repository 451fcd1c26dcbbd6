"""Cards in words: what the list, `review show` and the desk say of a follower. Text from X is made safe here."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from followguard.domain.counting import counted
from followguard.domain.decision import Decision, DecisionResult
from followguard.domain.follower import Profile
from followguard.domain.labels import REASON_WORDS, Kind
from followguard.domain.queueing import closing_words
from followguard.domain.review import Card, ItemState, profile_url
from followguard.domain.safe_text import safe_text
from followguard.domain.verdict import Reason

DAYS_A_YEAR = 365.25
OTHER = "other"
_DONE = {
    Kind.PROPOSE: "proposed",
    Kind.APPROVE: "approved",
    Kind.REJECT: "rejected",
    Kind.LATER: "put off",
    Kind.UNDO: "took that back",
    Kind.OVERRULE: "overruled that",
}
_COUNTS = (
    ("followers_count", ("follower",)),
    ("following_count", ("following", "following")),
    ("tweet_count", ("post",)),
    ("like_count", ("like",)),
    ("listed_count", ("list",)),
)


def who(card: Card) -> str:
    """`Ada Lane @ada_lane`."""
    name = safe_text(card.profile.name, 60) or "(no name)"
    username = card.profile.username
    return f"{name} @{safe_text(username, 40)}" if username else f"{name} (id {card.follower_id})"


def named(decided: DecisionResult) -> str:
    """`item:12 @ada_lane`."""
    username = f" @{safe_text(decided.username, 40)}" if decided.username else ""
    return f"item:{decided.item}{username}"


def score_words(card: Card) -> str:
    """`unsure, 34 % spam`."""
    if card.p_spam is None:
        return "unsure, could not be scored"
    return f"{card.band.value}, {percent(card.p_spam)} spam"


def percent(share: float) -> str:
    """Whole percents, but never 0 % or 100 % for what is neither."""
    if 0.0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1.0:
        return "> 99 %"
    return f"{share:.0%}".replace("%", " %")


def counts_words(profile: Profile) -> str:
    """What is known of the counts: `120 followers, 180 following, 900 posts`."""
    known = [(getattr(profile, field), word) for field, word in _COUNTS]
    words = [counted(number, *word) for number, word in known if number is not None]
    return ", ".join(words) or "counts unknown"


def age_words(profile: Profile) -> str:
    """How old the account was when it was read."""
    if profile.created_at is None:
        return "age unknown"
    days = (profile.observed_at - profile.created_at).days
    old = counted(days, "day") if days < DAYS_A_YEAR else f"{days / DAYS_A_YEAR:.1f} years"
    return f"on X since {profile.created_at:%Y-%m-%d} ({old})"


def reason_words(reasons: Sequence[Reason], *, weights: bool = False) -> list[str]:
    """The reasons, heaviest first, each with its direction; the remainder only where weights are shown or it is all."""
    told = [each for each in reasons if weights or each.code != OTHER] or list(reasons)
    return [_reason(each, weights) for each in sorted(told, key=lambda each: -abs(each.weight))]


def _reason(reason: Reason, weights: bool) -> str:
    weight = f" ({reason.weight:+.2f})" if weights else ""
    return f"{reason.direction}{safe_text(reason.text, 200)}{weight}"


def state_words(card: Card, now: datetime) -> str:
    """Where it stands, and since it matters to whom: `in Ben's hands until 09:40 UTC`."""
    state = card.state_at(now)
    if state is ItemState.CLAIMED and card.claim:
        return f"in {card.claim.person}'s hands until {card.claim.until:%H:%M} UTC"
    if state is ItemState.CLOSED:
        return f"closed: {closing_words(card.closed_why)}"
    hidden = ", held back" if card.hidden else ""
    day = f", due {card.due}" if card.due and state in (ItemState.WAITING, ItemState.LATER) else ""
    return f"{state.value}{hidden}{day}"


def decision_words(decision: Decision) -> str:
    """`2026-11-20 09:12 Ada rejected: spam`."""
    words = f"{decision.at:%Y-%m-%d %H:%M} {decision.person} {_DONE[decision.kind]}"
    if decision.reason:
        words += f": {REASON_WORDS[decision.reason]}" + (", a real account" if decision.real else "")
    elif decision.kind is Kind.OVERRULE:
        words += ": a real account"
    if decision.until:
        words += f" until {decision.until}"
    order = f" (order {decision.order_state})" if decision.order_state else ""
    return words + order + (" - taken back" if decision.undone else "")


def profile_lines(card: Card) -> list[str]:
    """What X shows of the follower."""
    look = card.profile
    marks = [word for word, holds in (("protected", look.protected), ("verified", look.verified)) if holds]
    place = f"in {safe_text(look.location, 60)}" if (look.location or "").strip() else ""
    lines = [
        f"“{safe_text(look.description, 400)}”" if (look.description or "").strip() else "(no bio)",
        ", ".join(part for part in (counts_words(look), age_words(look), place, *marks) if part),
    ]
    if (look.url or "").strip():
        lines.append(f"link: {safe_text(look.url, 200)}")
    return lines


def judgement_lines(card: Card, *, weights: bool = False) -> list[str]:
    """Band and reasons."""
    lines = [score_words(card)]
    lines += [f"- {words}" for words in reason_words(card.reasons, weights=weights)]
    return lines + ([f"- {safe_text(card.parked, 200)}"] if card.parked else [])


def context_lines(card: Card, routes: Iterable[str], history: Iterable[Decision]) -> list[str]:
    """Batch, whom to tell, why it is back, and what was decided before."""
    lines = []
    if card.batch is not None:
        many = counted(card.batch_size or 1, "look-alike")
        lines.append(f"one of {many} (batch {card.batch}): {safe_text(card.batch_alike, 300)}")
    lines += [f"tell: {safe_text(route, 60)}" for route in routes]
    lines += [f"note: {safe_text(card.note, 300)}"] if card.note else []
    if card.returned_at is not None:
        lines.append(f"had left, and follows again since {card.returned_at:%Y-%m-%d}")
    return lines + [f"before: {safe_text(decision_words(each), 200)}" for each in history]


def address_line(card: Card) -> str:
    """The profile's address, for a person to open."""
    return f"{profile_url(card.profile)}"


def paused_words(account: str, since: datetime, waiting: int) -> str:
    """Why nobody is followed, how many wait, and the way on."""
    wait = counted(waiting, "approved follower waits", "approved followers wait")
    words = f"@{account} is paused since {since:%Y-%m-%d %H:%M} UTC: nobody is followed, and {wait}."
    return f"{words} To go on: followguard account resume --account {account} --by NAME"


def stale_words(account: str, fresh: int, stale: int) -> str:
    """How many links can be shown without the account's credentials, and when the others come."""
    can = f"{fresh} of {counted(fresh + stale, 'link')} can be shown now" if fresh else "no link can be shown now"
    others = "the others weren't" if fresh else "nobody ready was"
    words = f"@{account}: {can}: {others} read within 24 hours, and its credentials aren't here."
    return f"{words} {'They come' if fresh else 'The links come'} after the next night."
