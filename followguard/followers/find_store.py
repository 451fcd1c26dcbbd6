"""Finds a recorded follower by what a person typed: an id, a username or a card's number."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, func, select

from followguard.domain.card import FoundFollower
from followguard.domain.wording import safe_text
from followguard.errors import AmbiguousFollower, UnknownFollower, UsageError
from followguard.store.tables import accounts, followers, items, snapshots
from followguard.store.tables.conditions import OF_FOLLOWER
from followguard.store.work import Queries, Work

ITEM_PREFIX = "item:"


_MOST_DIGITS = 18  # more wouldn't fit the key of an item


class RefKind(StrEnum):
    """The three ways to name a follower."""

    ID = "id"
    USERNAME = "username"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class FollowerRef:
    """`value` without its mark; a username in lower case."""

    kind: RefKind
    value: str


def parse_follower(text: str) -> FollowerRef:
    """Reads digits as an id, `item:N` as a review item, and anything else, with or without @, as a username.

    Raises `UsageError` for an empty name or an item without a number.
    """
    name = text.strip()
    if name.isascii() and name.isdigit():
        return FollowerRef(RefKind.ID, name)
    if name.lower().startswith(ITEM_PREFIX):
        number = name[len(ITEM_PREFIX) :]
        if number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS:
            return FollowerRef(RefKind.ITEM, number)
        raise UsageError(f"“{text}” isn't a review item.", "Write item: and its number, as in item:12.")
    name = name.removeprefix("@")
    if not name:
        raise UsageError("A follower has no name there.", "Give an id, a @username or item:N.")
    return FollowerRef(RefKind.USERNAME, name.lower())


def find_follower(work: Work, text: str, account: str | None, configured: Collection[str]) -> FoundFollower:
    """Returns the follower of a configured account (or of `account` alone) that `text` names.

    Raises `UsageError` for a name that is none, `UnknownFollower`, and `AmbiguousFollower` with the choices.
    """
    ref = parse_follower(text)
    found = [each for each in FollowerSearch(work).find(ref, None) if each.account in configured]
    here = [each for each in found if account is None or each.account == account]
    if not here:
        raise _unknown(text, ref, account, found)
    present = [each for each in here if not each.left]
    choices = present if ref.kind is RefKind.USERNAME and present else here
    if len(choices) > 1:
        raise _ambiguous(text, choices)
    return choices[0]


def find_item(work: Work, text: str, account: str | None, configured: Collection[str]) -> int:
    """Returns the number of the follower's card. Raises `UnknownFollower` also while there is no card yet."""
    found = find_follower(work, text, account, configured)
    if found.item is None:
        message = f"Follower {found.follower_id} of @{found.account} has no card yet."
        raise UnknownFollower(message, f"Cards are made at night: followguard nightly --account {found.account}")
    return found.item


def _unknown(text: str, ref: FollowerRef, account: str | None, elsewhere: Sequence[FoundFollower]) -> UnknownFollower:
    shown = safe_text(text, 60)
    if ref.kind is RefKind.ITEM:
        missing = f"There is no review item {ref.value}" + (f" of @{account}." if account else ".")
    else:
        of = f"@{account}" if account else "any of our accounts"
        missing = f"{shown} isn't a recorded follower of {of}."
    if elsewhere:
        return UnknownFollower(missing, f"It belongs to @{elsewhere[0].account}: add --account {elsewhere[0].account}")
    return UnknownFollower(missing, "See who is: followguard review list --all")


def _ambiguous(text: str, choices: Sequence[FoundFollower]) -> AmbiguousFollower:
    shown = safe_text(text, 60)
    if len({each.account for each in choices}) < len(choices):
        ids = ", ".join(sorted({each.follower_id for each in choices}))
        return AmbiguousFollower(f"{shown} was the username of several followers.", f"Give the id, one of: {ids}")
    ways = [f"--account {each.account}" + (f" or item:{each.item}" if each.item else "") for each in choices]
    accounts = ", ".join(f"@{each.account}" for each in choices)
    return AmbiguousFollower(f"{shown} follows several of our accounts: {accounts}.", f"Say which: {'; '.join(ways)}")


class FollowerSearch(Queries):
    """Recorded followers by the names that people give."""

    def find(self, ref: FollowerRef, account_id: int | None) -> list[FoundFollower]:
        """Finds the followers that a name stands for: present ones first, then those who left; by account."""
        query = (
            select(followers, accounts.c.handle, items.c.id.label("item"))
            .select_from(followers)
            .join(accounts, accounts.c.id == followers.c.account_id)
            .outerjoin(items, OF_FOLLOWER)
            .order_by(followers.c.left_at.is_not(None), accounts.c.handle, followers.c.follower_id)
        )
        query = _named(query, ref)
        if account_id is not None:
            query = query.where(followers.c.account_id == account_id)
        return [
            FoundFollower(
                account_id=row.account_id,
                account=row.handle,
                follower_id=row.follower_id,
                item=row.item,
                left=row.left_at is not None,
            )
            for row in self._connection.execute(query)
        ]


def _named(query: Select[Any], ref: FollowerRef) -> Select[Any]:
    if ref.kind is RefKind.ID:
        return query.where(followers.c.follower_id == ref.value)
    if ref.kind is RefKind.ITEM:
        return query.where(items.c.id == int(ref.value))
    # Told by its follower too, so that the index of usernames leads to the followers: they have none of snapshots.
    theirs = and_(snapshots.c.account_id == followers.c.account_id, snapshots.c.follower_id == followers.c.follower_id)
    latest = and_(snapshots.c.id == followers.c.snapshot_id, theirs)
    return query.join(snapshots, latest).where(func.lower(snapshots.c.username) == ref.value)
