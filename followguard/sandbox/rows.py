"""A person as a row of X's JSON: only the fields asked for, and the odd forms that some rows have."""

from collections.abc import Callable, Iterable

from followguard.domain.follower import Profile
from followguard.sandbox.population import SandboxPerson

Row = dict[str, object]


def _created_at(person: SandboxPerson) -> object:
    created = person.profile.created_at
    return created and created.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _metrics(person: SandboxPerson) -> object:
    profile = person.profile
    counts = {
        "followers_count": profile.followers_count,
        "following_count": profile.following_count,
        "tweet_count": profile.tweet_count,
        "listed_count": profile.listed_count,
        "like_count": profile.like_count,
        "media_count": profile.media_count,
    }
    return {name: value for name, value in counts.items() if value is not None} or None


def _entities(person: SandboxPerson) -> object:
    """Tells where the t.co link leads, as X says it."""
    if not person.link:
        return None
    shown = {"url": person.profile.url, "expanded_url": person.link, "display_url": person.link.partition("//")[2]}
    return {"url": {"urls": [{"start": 0, "end": len(person.profile.url or "")} | shown]}}


FIELDS: dict[str, Callable[[SandboxPerson], object]] = {
    "connection_status": lambda _: None,
    "created_at": _created_at,
    "description": lambda person: person.profile.description,
    "entities": _entities,
    "id": lambda person: person.profile.id,
    "is_identity_verified": lambda _: False,
    "location": lambda person: person.profile.location,
    "name": lambda person: person.profile.name,
    "parody": lambda _: False,
    "profile_banner_url": lambda _: None,
    "profile_image_url": lambda person: person.profile.profile_image_url,
    "protected": lambda person: person.profile.protected,
    "public_metrics": _metrics,
    "receives_your_dm": lambda _: None,
    "subscription_type": lambda _: None,
    "url": lambda person: person.profile.url,
    "username": lambda person: person.profile.username,
    "verified": lambda person: person.profile.verified,
    "verified_followers_count": lambda person: str((person.profile.followers_count or 0) // 20),
    "verified_type": lambda person: person.profile.verified_type,
    "withheld": lambda _: None,
}
"""`user.fields` of both spec versions; a value of None is left out of the row. (`connection_status`: `calls.py`.)"""


def row(person: SandboxPerson, fields: Iterable[str]) -> Row:
    """Makes one user object: id, name, username and the fields asked for."""
    profile: Profile = person.profile
    shown: Row = {"id": profile.id}
    for name in ("name", "username", *fields):
        value = FIELDS[name](person)
        if value is not None:
            shown[name] = value
    return shown


def _without(name: str) -> Callable[[Row], Row]:
    return lambda shown: {key: value for key, value in shown.items() if key != name}


def _without_fraction(shown: Row) -> Row:
    return shown | ({"created_at": str(shown["created_at"]).replace(".000Z", "Z")} if "created_at" in shown else {})


def _more_keys(shown: Row) -> Row:
    return shown | {"badge_of_tomorrow": {"tier": 3, "colours": ["red", None]}, "verified_followers_count": "12"}


ODD = (_without("name"), _without("username"), _without_fraction, _more_keys)


def odd_rows(rows: list[object]) -> list[object]:
    """Makes every fourth row odd, each in the next of the ways of `ODD`."""
    return [
        ODD[place // 4 % len(ODD)](shown) if place % 4 == 0 and isinstance(shown, dict) else shown
        for place, shown in enumerate(rows)
    ]


def nonsense_rows(rows: list[object]) -> list[object]:
    """Adds three rows that are nobody's; none on a page of one or two, which has no room for them."""
    return [*rows[:1], None, 42, {"name": "no id", "username": "no_id"}, *rows[1:]] if len(rows) > 2 else rows


def _with_metrics(rows: list[object], change: Callable[[Row], Row]) -> list[object]:
    return [
        shown | {"public_metrics": change(shown["public_metrics"])}
        if isinstance(shown, dict) and isinstance(shown.get("public_metrics"), dict)
        else shown
        for shown in rows
    ]


def null_counts(rows: list[object]) -> list[object]:
    """Makes two counts null, as where X doesn't tell them."""
    return _with_metrics(rows, lambda counts: counts | {"like_count": None, "media_count": None})


def post_count(rows: list[object]) -> list[object]:
    """Gives counts the name of spec 2.167."""
    return _with_metrics(rows, lambda counts: {key.replace("tweet_", "post_"): value for key, value in counts.items()})


def no_metrics(rows: list[object]) -> list[object]:
    """Drops counts and age."""
    lean = (_without("public_metrics"), _without("created_at"))
    return [lean[0](lean[1](shown)) if isinstance(shown, dict) else shown for shown in rows]


ODDITIES: dict[str, Callable[[list[object]], list[object]]] = {
    "odd_rows": odd_rows,
    "nonsense_rows": nonsense_rows,
    "null_counts": null_counts,
    "post_count": post_count,
    "no_metrics": no_metrics,
}
