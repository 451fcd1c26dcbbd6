"""Facts about a follower in the words of a community manager, with the follower's own numbers."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from followguard.classifier.columns import DAYS_A_YEAR, DAYS_TO_SETTLE
from followguard.domain.wording import filled


class Quotable(NamedTuple):
    """The figures that texts quote: counts and feature values by name, NaN unknown, and the account's age in days."""

    counts: Mapping[str, float]
    values: Mapping[str, float]
    days: float


Say = Callable[[Quotable], str | None]
"""Tells a fact; None where it isn't known."""


def plain(number: float) -> str:
    """Writes two significant digits below 100, whole numbers with separators above: 0.38, 3.8, 38, 3,812."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.2g}" if number < 10 else f"{number:.0f}"


OFTEN = 24.0
"""Times a year from which a rate says more than a count."""


@dataclass(frozen=True, slots=True)
class Count:
    """Texts for a plain count. `many` knows {n}."""

    field: str
    many: str
    one: str
    none: str

    def __call__(self, seen: Quotable) -> str | None:
        """Returns the text that fits."""
        count = seen.counts[self.field]
        if math.isnan(count):
            return None
        if count < 1:
            return self.none
        return self.one if count == 1 else filled(self.many, plain(count))


@dataclass(frozen=True, slots=True)
class Often:
    """Texts for what people count by the day or the month: "posts about 40 times a day". `often` knows {n}.

    As a plain count where it is rare or the account younger than 30 days.
    """

    often: str
    rarely: Count

    def __call__(self, seen: Quotable) -> str | None:
        """Returns the text that fits."""
        a_year = seen.counts[self.rarely.field] * DAYS_A_YEAR / max(seen.days, DAYS_TO_SETTLE)
        if not (seen.days >= DAYS_TO_SETTLE and a_year >= OFTEN):
            return self.rarely(seen)
        by, unit = (DAYS_A_YEAR, "day") if a_year >= DAYS_A_YEAR else (12.0, "month")
        return f"{filled(self.often, plain(a_year / by))} a {unit}"


def age(seen: Quotable) -> str | None:
    """Tells the account's age."""
    return None if math.isnan(seen.days) else f"is {age_of(seen.days)} old"


def age_of(days: float) -> str:
    """Returns a time span in the unit that suits it: 12 days, 5 months, 3 years."""
    if math.isnan(days):
        return "an unknown time"
    for length, unit in ((DAYS_A_YEAR, "year"), (DAYS_A_YEAR / 12, "month"), (1.0, "day")):
        many = int(days / length)
        if many >= 2 or (unit == "day" and many == 1):
            return f"{many:,} {unit}{'s' if many > 1 else ''}"
    return "less than a day"


FLOOD, FLOOD_OF_LIKES = 20.0, 50.0
"""Posts and likes a day from which nobody takes them for a good sign."""
SMALL_FOLLOWING, SMALL_FOLLOWERS = 300.0, 100.0


def floods(seen: Quotable) -> bool:
    """Tells whether the account posts or likes more than a person would."""
    days = max(seen.days, 1.0)
    return seen.counts["tweets"] / days >= FLOOD or seen.counts["likes"] / days >= FLOOD_OF_LIKES


def looks_generated(seen: Quotable) -> bool:
    """Tells whether the username looks generated."""
    return seen.values["username_generated"] == 1.0


def small(seen: Quotable) -> bool:
    """Tells whether few follow the account and it follows few, as is usual for real people who only read."""
    return seen.counts["following"] < SMALL_FOLLOWING and seen.counts["followers"] < SMALL_FOLLOWERS


def period_of(days: float) -> str:
    """Returns the time over which somebody posted: 12 days, 14 months, 5.7 years."""
    for length, unit, least in ((DAYS_A_YEAR, "years", 2.0), (DAYS_A_YEAR / 12, "months", 2.0)):
        if days / length >= least:
            return f"{plain(days / length) if unit == 'years' else round(days / length)} {unit}"
    return age_of(days)


def _username(seen: Quotable) -> str | None:
    return "has a username that looks generated" if looks_generated(seen) else None


def _name(seen: Quotable) -> str | None:
    """Tells only of a whole fit: part of a name, or none of it, stands in usernames of all kinds of people."""
    return "has a username made of its name" if seen.values["username_in_name"] >= 0.75 else None


def _bio(seen: Quotable) -> str | None:
    links, signs = seen.values["bio_links"], seen.values["bio_exclamations"]
    if math.isnan(links):
        return "has no bio" if seen.values["bio_empty"] == 1.0 else None
    if links < 1 and signs < 1:
        return None  # that there is a bio, everybody sees
    told = [_counted(links, "link"), _counted(signs, "exclamation mark")]
    return f"has {' and '.join(each for each in told if each)} in its bio"


def _counted(count: float, thing: str) -> str:
    if count < 1:
        return ""
    return f"{'an' if thing[0] == 'e' else 'a'} {thing}" if count == 1 else f"{plain(count)} {thing}s"


def _flag(name: str, yes: str, no: str) -> Say:
    def say(seen: Quotable) -> str | None:
        value = seen.values[name]
        return None if math.isnan(value) else yes if value else no

    return say


FACTS: dict[str, Say] = {
    "age": age,
    "tweets": Often(
        "posts about {n} times", Count("tweets", "has posted {n} times", "has posted once", "has never posted")
    ),
    "likes": Often(
        "likes about {n} posts", Count("likes", "has liked {n} posts", "has liked one post", "has never liked a post")
    ),
    "following": Count("following", "follows {n}", "follows one account", "follows nobody"),
    "followers": Count("followers", "is followed by {n}", "is followed by one account", "is followed by nobody"),
    "listed": Count("listed", "is on {n} lists", "is on one list", "is on nobody's list"),
    "username": _username,
    "name": _name,
    "bio": _bio,
    "link": _flag("has_link", "has a link in its profile", "has no link in its profile"),
    "picture": _flag("default_picture", "has no picture of its own", "has a picture"),
}
"""In the order in which a sentence tells them."""
