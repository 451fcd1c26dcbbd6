"""Decisions from a review sheet: rejections and put-offs, row by row; never approvals."""

from collections.abc import Sequence
from dataclasses import dataclass

from followguard.domain.decision import Choice, DecisionResult
from followguard.domain.labels import Kind, RejectReason
from followguard.domain.units import day_meant, day_of
from followguard.errors import FollowguardError, UsageError
from followguard.files.written_times import DoubtfulDate, read_written_time
from followguard.followers.find_store import find_item
from followguard.review.decide import Failed, Hand, decide, known_person, locked_card
from followguard.review.rows import check_id, check_username, item_named, standing_as
from followguard.review.sheets.rows import SheetRow
from followguard.review.store import Decisions

YES = frozenset({"yes", "y", "true", "1", "x", "real"})
NO = frozenset({"", "no", "n", "false", "0"})


def import_rows(hand: Hand, rows: Sequence[SheetRow]) -> list[DecisionResult | Failed]:
    """Takes the rows in; returns one outcome for each that holds a decision. Raises `UnknownPerson` before any.

    Where the card stands as the row says, nothing is done, and the outcome is the decision that stands.
    """
    with hand.store.begin() as work:
        known_person(work, hand)
    asked = [_asked(row, hand.today) for row in rows if row.wrong or row.cell("decision")]
    by_name: dict[str, list[_Asked]] = {}
    for each in asked:
        by_name.setdefault(each.name, []).append(each)
    return [_outcome(hand, each, by_name[each.name]) for each in asked]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The wish of a row: a choice about an item, or why it can't be told."""

    row: SheetRow
    name: str = ""
    choice: Choice | None = None
    error: FollowguardError | None = None


def _asked(row: SheetRow, today: str) -> _Asked:
    try:
        if row.wrong:
            raise UsageError(f"Its cells don't stand under their columns: {row.wrong}.", "Mend the row.")
        return _Asked(row, item_named(row), _choice(row, today))
    except FollowguardError as error:
        return _Asked(row, error=error)


def _outcome(hand: Hand, asked: _Asked, alike: Sequence[_Asked]) -> DecisionResult | Failed:
    """Decides one row. `alike`: the rows about the same item."""
    try:
        if asked.error or asked.choice is None:
            raise asked.error or UsageError("The row asks for nothing.", "Fill the column decision.")
        _check_alone(asked, alike)
        return _decided(hand, asked.row, asked.name, asked.choice)
    except FollowguardError as error:
        return Failed(asked.row.cell("item"), error, asked.row.line)


def _check_alone(asked: _Asked, alike: Sequence[_Asked]) -> None:
    """Raises `UsageError` where another row asks for something else about the same item."""
    for other in alike:
        if other.choice != asked.choice:
            message = f"Line {other.row.line} asks for something else about {asked.name}."
            raise UsageError(message, "Leave one of the two rows.")


def _decided(hand: Hand, row: SheetRow, name: str, choice: Choice) -> DecisionResult:
    with hand.store.begin() as work:
        card = locked_card(work, hand, find_item(work, name, hand.account, hand.accounts))
        history = Decisions(work).history(card.item)
    check_id(row, card)
    standing = standing_as(choice, card, history)
    if standing and row.cell("follower_id") == card.follower_id:  # whatever they are called by now
        return standing
    check_username(row, card)
    if standing:
        return standing
    if choice.kind is Kind.APPROVE:
        message = "Approvals aren't taken from a file: a column filled down by mistake would follow everybody."
        raise UsageError(message, f"Run: followguard review approve {name}")
    return decide(hand, name, choice)


def _choice(row: SheetRow, today: str) -> Choice:
    word = row.cell("decision").lower()
    if word in (Kind.APPROVE, "approved"):
        return Choice(kind=Kind.APPROVE)
    if word in (Kind.LATER, "put off"):
        return Choice(kind=Kind.LATER, until=_day(row.cell("until"), today))
    if word not in (Kind.REJECT, "rejected"):
        raise UsageError(f"{word[:30]!a} isn't a decision.", "Write reject or later, or leave the cell empty.")
    return Choice(kind=Kind.REJECT, reason=_reason(row.cell("reason")), real=_yes(row.cell("real")))


def _day(cell: str, today: str) -> str:
    """Returns the ISO day in a cell that a spreadsheet may have written anew; what is no day as it is."""
    try:
        moment = read_written_time(day_meant(cell, today))
    except DoubtfulDate as doubt:
        message = f"The date {cell[:30]!a} under until {str(doubt).partition(';')[0]}."
        raise UsageError(message, "Write it as in 2027-01-31, +7 or tomorrow.") from doubt
    return day_of(moment) if moment else day_meant(cell, today)


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
