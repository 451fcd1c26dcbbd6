"""Whether a row of a review sheet is about the card that its item names, and whether it was carried out already."""

import re
from collections.abc import Sequence

from followguard.domain.card import PROFILE_ADDRESS, UNDECIDED, Card, profile_url
from followguard.domain.decision import Choice, Decision, DecisionResult, last_standing
from followguard.domain.labels import Kind
from followguard.domain.wording import safe_text
from followguard.errors import UsageError
from followguard.followers.find_store import ITEM_PREFIX
from followguard.review.sheets.rows import LONGEST, SheetRow

FIRST_DIGITS = 15
"""How many digits of a long number a spreadsheet keeps; it fills the rest with zeros."""
_WHOLE = re.compile(r"([0-9]+)(?:[.,]0*)?")
_FRESH = "The row shows somebody else, or an earlier look: export a fresh sheet."


def item_named(row: SheetRow) -> str:
    """Returns `item:N`, also where a spreadsheet made 1.0 of the number. Raises `UsageError` for an empty cell."""
    text = row.cell("item").lower().removeprefix(ITEM_PREFIX)
    if not text:
        raise UsageError("The row names no item.", "Fill the column item, or export a fresh sheet.")
    whole = _WHOLE.fullmatch(text)
    return f"{ITEM_PREFIX}{(whole[1].lstrip('0') or '0') if whole else text}"


def check_id(row: SheetRow, card: Card) -> None:
    """Raises `UsageError` where id or account of the row aren't those of the card. Empty cells say nothing."""
    name = f"{ITEM_PREFIX}{card.item}"
    stated = row.cell("follower_id")
    if stated and not same_id(stated, card.follower_id):
        raise UsageError(f"{name} is follower {card.follower_id}, but the row says {safe_text(stated, 30)}.", _FRESH)
    account = _plain(row.cell("account"))
    if account and account != card.account.lower():
        raise UsageError(f"{name} is of @{card.account}, but the row says @{safe_text(account, 60)}.", _FRESH)


def check_username(row: SheetRow, card: Card) -> None:
    """Raises `UsageError` where the row shows another username, or another address, than the card has by now."""
    name = f"{ITEM_PREFIX}{card.item}"
    username, theirs = _plain(row.cell("username")), _plain(safe_text(card.profile.username, LONGEST))
    if username and username != theirs:
        shown = f"@{theirs}" if theirs else f"follower {card.follower_id}, who has no username on record"
        raise UsageError(f"{name} is {shown}, but the row says @{safe_text(username, 60)}.", _FRESH)
    address, theirs = _address(row.cell("profile_url")), _address(profile_url(card.profile))
    if address.startswith(_address(PROFILE_ADDRESS)) and address != theirs:
        raise UsageError(f"{name} is {theirs}, but the row says {safe_text(address, 60)}.", _FRESH)


def standing_as(choice: Choice, card: Card, history: Sequence[Decision]) -> DecisionResult | None:
    """Returns the decision that stands, where it is the one that the row asks for; else None."""
    last = last_standing(history)
    if last is None or (last.kind, last.reason, last.real) != (choice.kind, choice.reason, choice.real):
        return None
    if choice.kind is Kind.LATER and last.until != choice.until:
        return None
    if choice.kind is not Kind.LATER and card.state in UNDECIDED:
        return None
    return DecisionResult(
        item=card.item,
        account=card.account,
        follower_id=card.follower_id,
        state=card.state,
        decision=choice.kind,
        decision_id=last.id,
        username=card.profile.username,
        until=choice.until,
        already=True,
    )


def _address(text: str) -> str:
    return text.strip().lower().rstrip("/").removeprefix("https://")


def _plain(text: str) -> str:
    return text.strip().removeprefix("@").lower()


def same_id(stated: str, follower_id: str) -> bool:
    """Tells whether a cell can be this id: spreadsheets write long numbers as 1.23457E+18, or with zeros at the end."""
    whole = _WHOLE.fullmatch(stated)
    if whole and whole[1] == follower_id:
        return True
    if "e" in stated.lower():
        mantissa, _, exponent = stated.lower().replace(",", ".").partition("e+")
        digits = mantissa.replace(".", "")
        if not (digits.isdigit() and exponent.isdigit()) or int(exponent) != len(follower_id) - 1:
            return False
        shown = len(digits.rstrip("0")) or 1
        rounded = f"{float(follower_id):.{max(shown - 1, 0)}e}".partition("e")[0].replace(".", "")
        return rounded.rstrip("0") == digits.rstrip("0")
    same_length = len(stated) == len(follower_id) > FIRST_DIGITS
    return same_length and stated[:FIRST_DIGITS] == follower_id[:FIRST_DIGITS] and set(stated[FIRST_DIGITS:]) == {"0"}
