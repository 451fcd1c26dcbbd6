"""Feature values in the words of a community manager: what the follower does, with the follower's own numbers."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from followguard.classifier.columns import DAYS_A_YEAR, DAYS_TO_SETTLE
from followguard.domain.wording import filled


class Quotable(NamedTuple):
    """The figures that texts quote: a feature's value, the counts by name, the account's age in days (NaN unknown)."""

    value: float
    counts: Mapping[str, float]
    days: float

    @property
    def young(self) -> bool:
        """Tells whether the account is younger than 30 days: its rates are counted over 30 days."""
        return self.days < DAYS_TO_SETTLE


Say = Callable[[Quotable], str]


def plain(number: float) -> str:
    """Writes two significant digits below 100, whole numbers with separators above: 0.38, 3.8, 38, 3,812."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.2g}" if number < 10 else f"{number:.0f}"


def rate(verb: str, things: str, never: str) -> Say:
    """Returns a text for ln(1 + count per year): "posts about 40 times a day"."""

    def say(seen: Quotable) -> str:
        a_year = math.expm1(seen.value)
        if a_year < 0.01:
            return never
        over = " (counted over 30 days, the account is younger)" if seen.young else ""
        return f"{verb} {_often(a_year, things)}{over}"

    return say


def _often(a_year: float, things: str) -> str:
    by, unit = (365, "day") if a_year >= 365 else (12, "month") if a_year >= 24 else (1, "year")
    return filled(f"about {{n}} {things} a {unit}", plain(a_year / by))


@dataclass(frozen=True, slots=True)
class Ratio:
    """Texts for ln((top + 1) / (bottom + 1)). `above`, `below` know {n}, the one count for one of the other."""

    top: str
    bottom: str
    above: str
    below: str
    even: str
    no_bottom: str
    no_top: str

    def __call__(self, seen: Quotable) -> str:
        """Returns the text that fits; with a count of 0, which nothing can be divided by, both counts are told."""
        top, bottom = seen.counts[self.top], seen.counts[self.bottom]
        if top == bottom:
            return self.even
        if bottom == 0 or top == 0:
            return filled(self.no_bottom if bottom == 0 else self.no_top, plain(max(top, bottom)))
        times = plain(max(top / bottom, bottom / top))
        return self.even if times == "1" else (self.above if top > bottom else self.below).format(n=times)


def amount(many: str, one: str, none: str) -> Say:
    """Returns a text for a whole number: "has 7 digits in its username"."""

    def say(seen: Quotable) -> str:
        if seen.value < 0.5:
            return none
        return one if seen.value < 1.5 else filled(many, plain(seen.value))

    return say


def in_all(field: str, many: str, one: str, never: str, joint: str = " in") -> Say:
    """Returns a text for a count that isn't told as a rate: "has liked 12 posts in 3 years"."""

    def say(seen: Quotable) -> str:
        count = seen.counts[field]
        if count < 1:
            return f"{never}{joint} {age_of(seen.days)}"
        return f"{one if count == 1 else filled(many, plain(count))}{joint} {age_of(seen.days)}"

    return say


def age_of(days: float) -> str:
    """Returns a time span in the unit that suits it: 12 days, 5 months, 3 years."""
    if math.isnan(days):
        return "an unknown time"
    for length, unit in ((DAYS_A_YEAR, "year"), (DAYS_A_YEAR / 12, "month"), (1.0, "day")):
        many = int(days / length)
        if many >= 2 or (unit == "day" and many == 1):
            return f"{many:,} {unit}{'s' if many > 1 else ''}"
    return "less than a day"


def flag(yes: str, no: str) -> Say:
    """Returns a text for 0 or 1."""
    return lambda seen: yes if seen.value > 0.5 else no


def username_in_name(seen: Quotable) -> str:
    """Returns the text for the share of the username's letters that the name has."""
    if seen.value >= 0.75:
        return "has a username made of its name"
    return (
        "has a username with little of its name in it" if seen.value < 0.25 else "has part of its name in its username"
    )


FOLLOWING_PER_FOLLOWER = Ratio(
    top="following",
    bottom="followers",
    above="follows {n} accounts for each follower",
    below="has {n} followers for each account it follows",
    even="follows about as many accounts as follow it",
    no_bottom="follows {n} accounts and has no followers",
    no_top="has {n} followers and follows nobody",
)
LISTED_PER_FOLLOWER = Ratio(
    top="listed",
    bottom="followers",
    above="is on {n} lists for each follower",
    below="is on one list for every {n} followers",
    even="is on about as many lists as it has followers",
    no_bottom="is on {n} lists and has no followers",
    no_top="has {n} followers and is on nobody's list",
)
LIKES_PER_TWEET = Ratio(
    top="likes",
    bottom="tweets",
    above="likes {n} posts for each of its own",
    below="writes {n} posts for each like it gives",
    even="likes about as often as it posts",
    no_bottom="has liked {n} posts and wrote none",
    no_top="wrote {n} posts and never liked one",
)
TWEETS_PER_FOLLOWING = Ratio(
    top="tweets",
    bottom="following",
    above="has posted {n} times for each account it follows",
    below="follows {n} accounts for each post it wrote",
    even="has about as many posts as accounts it follows",
    no_bottom="has posted {n} times and follows nobody",
    no_top="follows {n} accounts and never posted",
)
LIKES_PER_LIST = Ratio(
    top="likes",
    bottom="listed",
    above="has liked {n} posts for each list it is on",
    below="is on {n} lists for each like it gave",
    even="has liked about as many posts as it is on lists",
    no_bottom="has liked {n} posts and is on nobody's list",
    no_top="is on {n} lists and never liked a post",
)
