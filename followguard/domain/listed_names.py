"""The policy's lists of names: what an entry means, and whom it holds to once it has met somebody."""

import re
from collections.abc import Mapping
from dataclasses import replace

from followguard.domain.policy import Policy

_ID = re.compile(r"[1-9][0-9]{0,19}")
_DIGITS_ONLY = re.compile(r"@[0-9]{1,15}")
_USERNAME = re.compile(r"[a-z0-9_]{1,15}")


def plain_entry(entry: str) -> str:
    """An entry as it is compared: an id, or a username in lower case without @.

    Digits alone are an id. A username of digits alone keeps its @, which tells the two apart.
    """
    plain = entry.strip().lower()
    name = plain.removeprefix("@")
    return plain if name.isdigit() else name


def can_match(entry: str) -> bool:
    """Whether a follower of X's can have that id or username."""
    plain = plain_entry(entry)
    kind = _ID if plain.isdigit() else _DIGITS_ONLY if plain.startswith("@") else _USERNAME
    return kind.fullmatch(plain) is not None


def username_key(username: str) -> str:
    """A follower's username as `plain_entry` writes it."""
    return plain_entry(f"@{username}")


def names_of(listed: tuple[str, ...]) -> frozenset[str]:
    """The entries of a policy's list, ready to compare."""
    return frozenset(plain_entry(name) for name in listed)


def usernames_of(policy: Policy) -> frozenset[str]:
    """The entries of both lists that name somebody by username."""
    return frozenset(name for name in names_of(policy.never_follow + policy.never_hold_back) if not name.isdigit())


def is_named(follower_id: str, username: str | None, names: frozenset[str]) -> bool:
    """Whether a policy list names this follower, by id or by username."""
    return follower_id in names or (username is not None and username_key(username) in names)


def in_force(policy: Policy, holders: Mapping[str, str]) -> Policy:
    """The policy in whose lists every username that has met its follower is that follower's id.

    So a rename doesn't escape a list, and whoever takes the name later isn't on it. An entry that has met nobody names
    whoever comes with that username. For comparing followers only: the policy as configured is the one on record.
    """
    never_follow, never_hold_back = (
        tuple(sorted(holders.get(name, name) for name in names_of(listed)))
        for listed in (policy.never_follow, policy.never_hold_back)
    )
    return replace(policy, never_follow=never_follow, never_hold_back=never_hold_back)
