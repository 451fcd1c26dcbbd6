"""How the page says numbers, times and what strangers wrote."""

from datetime import UTC, date, datetime

from followguard.domain.card import PROFILE_ADDRESS, Card, ItemState
from followguard.domain.follower import Profile
from followguard.domain.policy import Band, Reason
from followguard.domain.wording import counted, safe_text

BAND_WORDS = {Band.GENUINE: "genuine", Band.UNSURE: "unsure", Band.SPAM: "likely spam"}
STATUS_WORDS = {
    "done": "done",
    "partial": "partly done",
    "failed": "failed",
    "later": "goes on next time",
    "unfinished": "no end on record",
    "not tonight": "didn't run",
    "never": "no night yet",
}
STATE_WORDS = {
    ItemState.WAITING: "waits",
    ItemState.CLAIMED: "in somebody's hands",
    ItemState.APPROVED: "approved",
    ItemState.REJECTED: "rejected",
    ItemState.LATER: "put off",
    ItemState.CLOSED: "closed",
}
COUNTS = (
    ("followers_count", "followers", "follower"),
    ("following_count", "following", "following"),
    ("tweet_count", "posts", "post"),
    ("like_count", "likes", "like"),
    ("listed_count", "lists", "list"),
)
LONGEST_NAME = 100
OTHER = "other"
SLIGHTEST = 0.05
"""Log-odds below which a reason would be shown as 0.0."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def moment(at: datetime | None) -> str:
    """Returns `2026-01-05 00:10 UTC`."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if at else "unknown"


def long_day(day: str) -> str:
    """Returns `Monday, 5 January 2026`, whatever the machine's language."""
    found = date.fromisoformat(day)
    return f"{WEEKDAYS[found.weekday()]}, {found.day} {MONTHS[found.month - 1]} {found.year}"


def count(number: float) -> str:
    """Returns `12,345`."""
    return f"{number:,.0f}"


def dollars(usd: float) -> str:
    """Returns `$0.25`, with a tenth of a cent only where it is needed: `$0.002`."""
    cents = f"{usd:,.2f}"
    return f"${cents}" if abs(round(usd, 2) - usd) < 0.0005 else f"${usd:,.3f}"


def share(part: float) -> str:
    """Returns `4.9 %`; a bound is never rounded down."""
    tenths = -(-part * 1000 // 1)
    return f"{tenths / 10:g} %"


def probability(p_spam: float | None) -> str:
    """Returns three digits, and never 0 or 1."""
    if p_spam is None:
        return "no score"
    if p_spam < 0.0005:
        return "below 0.001"
    return "above 0.999" if p_spam >= 0.9995 else f"{p_spam:.3f}"


def display_name(profile: Profile) -> str:
    """Returns the name as shown to people, or what there is instead."""
    return safe_text(profile.name, LONGEST_NAME).strip() or "(no name)"


def at_name(profile: Profile) -> str:
    """Returns `@username`, or the id where X gave none."""
    name = safe_text(profile.username, LONGEST_NAME).strip()
    return f"@{name}" if name else f"id {profile.id}"


def x_link(url: str) -> str:
    """Returns the address if it leads to X, else nothing: no other link to the outside may stand on the page."""
    return url if url.startswith(PROFILE_ADDRESS) else ""


def facts_of(profile: Profile) -> list[str]:
    """Returns counts, age and flags, as far as X gave them."""
    counts = [(getattr(profile, column), many, one) for column, many, one in COUNTS]
    facts = [counted(number, one, many) for number, many, one in counts if number is not None]
    facts.append(age(profile))
    facts += ["protected"] if profile.protected else []
    facts += ["verified" + (f" ({profile.verified_type})" if profile.verified_type else "")] if profile.verified else []
    return [safe_text(fact, LONGEST_NAME) for fact in facts]


def age(profile: Profile) -> str:
    """Returns how old the account was when it was read."""
    if profile.created_at is None:
        return "age unknown"
    days = (profile.observed_at - profile.created_at).days
    if days < 1:
        return "made the day it was read"
    if days < 60:
        return f"{counted(days, 'day')} old"
    return f"{counted(days // 30, 'month')} old" if days < 730 else f"{days // 365} years old"


def speaking(reasons: tuple[Reason, ...], *, spam: bool) -> list[Reason]:
    """Returns the reasons for one side, the strongest first; the rest only where nothing is told one by one."""
    told = [reason for reason in reasons if reason.code != OTHER] or reasons
    chosen = [reason for reason in told if (reason.weight > 0) == spam and abs(reason.weight) >= SLIGHTEST]
    return sorted(chosen, key=lambda reason: -abs(reason.weight))


def weight(log_odds: float) -> str:
    """Returns `+0.3`, `−1.2`."""
    return f"{log_odds:+.1f}".replace("-", "−")


def marks_of(card: Card) -> list[str]:
    """Returns what sets a card apart from the others."""
    marks = ["drawn for the audit"] if card.audit else []
    marks += ["held back"] if card.hidden else []
    marks += ["was put off"] if card.state is ItemState.LATER else []
    marks += ["came back"] if card.returned_at else []
    marks += [f"tell {safe_text(route, LONGEST_NAME)}" for route in card.routes]
    return marks
