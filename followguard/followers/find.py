"""From what a person typed to the one recorded follower that is meant."""

from collections.abc import Collection, Sequence

from followguard.domain.card import FoundFollower
from followguard.domain.follower import FollowerRef, RefKind, parse_follower
from followguard.domain.wording import safe_text
from followguard.errors import AmbiguousFollower, UnknownFollower
from followguard.followers.find_store import FollowerSearch
from followguard.store.work import Work


def find_follower(work: Work, text: str, account: str | None, configured: Collection[str]) -> FoundFollower:
    """The follower of a configured account (or of `account` alone) that `text` names.

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
    """The number of the follower's card. Raises `UnknownFollower` also while there is no card yet."""
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
