"""Decisions from a review sheet: rejections and put-offs, row by row; never approvals."""

from collections.abc import Sequence

from followguard.domain.decision import Choice, Decided
from followguard.domain.follower_ref import ITEM_PREFIX
from followguard.domain.labels import Kind, RejectReason
from followguard.domain.review_sheet import SheetRow
from followguard.domain.utc_day import day_meant
from followguard.errors import FollowguardError, UsageError
from followguard.jobs.decide import Failed, Hand, check_choice, decide, known_person
from followguard.jobs.find_follower import find_follower

YES = frozenset({"yes", "y", "true", "1", "x", "real"})
NO = frozenset({"", "no", "n", "false", "0"})
FIRST_DIGITS = 15
"""How many digits of a long number a spreadsheet keeps; it fills the rest with zeros."""


def import_rows(hand: Hand, rows: Sequence[SheetRow]) -> list[Decided | Failed]:
    """One outcome for each row that holds a decision, in order. Raises `UnknownPerson` before any of it."""
    with hand.store.begin() as work:
        known_person(work, hand)
    outcomes: list[Decided | Failed] = []
    for row in rows:
        if not row.cell("decision"):
            continue
        try:
            outcomes.append(_decide(hand, row))
        except FollowguardError as error:
            outcomes.append(Failed(row.cell("item"), error, row.line))
    return outcomes


def _decide(hand: Hand, row: SheetRow) -> Decided:
    choice = _choice(row, hand.today)
    check_choice(choice, hand.today)
    item = row.cell("item").lower().removeprefix(ITEM_PREFIX)
    name = f"{ITEM_PREFIX}{item}"
    with hand.store.begin() as work:
        found = find_follower(work, name, hand.account, hand.accounts)
    stated = row.cell("follower_id")
    if stated and not _same_id(stated, found.follower_id):
        message = f"{name} is follower {found.follower_id}, but the row says {stated[:30]}."
        raise UsageError(message, "The rows were mixed up: export a fresh sheet.")
    return decide(hand, name, choice)


def _choice(row: SheetRow, today: str) -> Choice:
    word = row.cell("decision").lower()
    if word in (Kind.APPROVE, "approved"):
        message = "Approvals aren't taken from a file: a column filled down by mistake would follow everybody."
        raise UsageError(message, f"Run: followguard review approve {ITEM_PREFIX}{row.cell('item')}")
    if word in (Kind.LATER, "put off"):
        return Choice(kind=Kind.LATER, until=day_meant(row.cell("until"), today))
    if word not in (Kind.REJECT, "rejected"):
        raise UsageError(f"{word[:30]!a} isn't a decision.", "Write reject or later, or leave the cell empty.")
    return Choice(kind=Kind.REJECT, reason=_reason(row.cell("reason")), real=_yes(row.cell("real")))


def _reason(cell: str) -> RejectReason:
    try:
        return RejectReason(cell.lower().replace(" ", "_").replace("-", "_"))
    except ValueError as error:
        what = f"{cell[:30]!a} isn't a reason." if cell else "A rejection needs a reason."
        raise UsageError(what, f"Use one of: {', '.join(RejectReason)}.") from error


def _yes(cell: str) -> bool:
    if cell.lower() in YES:
        return True
    if cell.lower() in NO:
        return False
    raise UsageError(f"{cell[:30]!a} under real is neither yes nor no.", "Write yes, or leave the cell empty.")


def _same_id(stated: str, follower_id: str) -> bool:
    """Whether a cell can be this id: spreadsheets write long numbers as 1.23457E+18, or with zeros at the end."""
    if stated == follower_id:
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
