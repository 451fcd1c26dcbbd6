"""What to do first after a night: a table of questions, and the steps that their answers make."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from followguard.domain.policy import Executor
from followguard.domain.wording import counted
from followguard.drift.result import alarm_lines
from followguard.reports.figures import NEVER, NOT_TONIGHT, UNFINISHED
from followguard.reports.page import AccountPage, NightPage, minutes_for
from followguard.reports.unread import unread_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """One thing to do. `kind`: wrong | help | review | follow; `anchor` is an id on the page."""

    kind: str
    text: str
    command: str = ""
    anchor: str = ""


def steps_of(page: NightPage) -> list[ToDo]:
    """Returns what to do, in the order in which it should be done; empty when there is nothing to do."""
    if not page.accounts or not page.current:
        return []
    ordered = [step for question in QUESTIONS for account in page.accounts for step in question(account)]
    return [*(s for s in ordered if s.kind != "follow"), *_review(page.accounts),
            *(s for s in ordered if s.kind == "follow")]  # fmt: skip


def anchor_of(account: AccountPage, part: str = "") -> str:
    """Returns the id of an account's section, or of a part of it."""
    return f"account-{account.handle}{'-' if part else ''}{part}"


def _errors(account: AccountPage) -> Iterator[ToDo]:
    for error in account.figures.errors:
        message = error.message if account.handle in error.message else f"@{account.handle}: {error.message}"
        yield ToDo(kind="wrong", text=message, anchor=anchor_of(account))


_NIGHTS = {
    NEVER: "@{0}: no night has run yet.",
    NOT_TONIGHT: "@{0}: the night didn't run for this account.",
    UNFINISHED: "@{0}: the night began and has no end on record. If it isn't running now, it was stopped: "
    "what it read is saved, and the next run goes on there.",
}


def _unrun(account: AccountPage) -> Iterator[ToDo]:
    text = _NIGHTS.get(account.figures.status)
    if text:
        command = f"followguard nightly --account {account.handle}"
        yield ToDo(kind="wrong", text=text.format(account.handle), command=command, anchor=anchor_of(account))


def _unread(account: AccountPage) -> Iterator[ToDo]:
    words = unread_words(account.unread)
    if words:
        text = f"@{account.handle}: {words}. Until one is complete, new followers may be missing."
        yield ToDo(kind="wrong", text=text, command="followguard status", anchor=anchor_of(account))


def _stuck(account: AccountPage) -> Iterator[ToDo]:
    number = len(account.orders.stuck)
    if number:
        text = f"@{account.handle}: {counted(number, 'follow needs', 'follows need')} help."
        yield ToDo(kind="help", text=text, anchor=anchor_of(account, "help"))


def _unfollow(account: AccountPage) -> Iterator[ToDo]:
    number = len(account.orders.unfollow)
    if number:
        text = f"@{account.handle}: {counted(number, 'follow was', 'follows were')} overruled; unfollow by hand."
        yield ToDo(kind="help", text=text, anchor=anchor_of(account, "unfollow"))


def _paused(account: AccountPage) -> Iterator[ToDo]:
    since = account.orders.paused_at
    if since is not None and account.orders.due:
        text = f"@{account.handle} has been paused since {since:%Y-%m-%d}; {account.orders.due} to follow wait."
        yield ToDo(kind="follow", text=text, command=f"followguard account resume --account {account.handle} --by NAME")


_FOLLOWS = {
    Executor.HANDOFF: "ready for somebody who is signed in as @{0}",
    Executor.API: "due for @{0}",
    Executor.DRY_RUN: "due for @{0}, whose executor is dry-run: nobody will be followed",
}


def _follows(account: AccountPage) -> Iterator[ToDo]:
    due = account.orders.due
    if due and account.orders.paused_at is None:
        text = f"{counted(due, 'follow')} {_FOLLOWS[account.orders.executor].format(account.handle)}."
        command = f"followguard follow-back --account {account.handle}"
        yield ToDo(kind="follow", text=text, command=command, anchor=anchor_of(account, "orders"))


def _drift(account: AccountPage) -> Iterator[ToDo]:
    if alarm_lines(account.figures.drift):
        text = f"@{account.handle}: new followers have changed. Look at what moved before you trust their scores."
        command = f"followguard model drift --account {account.handle}"
        yield ToDo(kind="help", text=text, command=command, anchor=anchor_of(account, "drift"))


QUESTIONS: Sequence[Callable[[AccountPage], Iterator[ToDo]]] = (
    _errors,
    _unrun,
    _unread,
    _stuck,
    _unfollow,
    _drift,
    _paused,
    _follows,
)


REVIEW = 'followguard review --by "YOUR NAME"'
"""The report is read by anybody."""


def _review(accounts: Sequence[AccountPage]) -> Iterator[ToDo]:
    """Yields one step for all accounts: the desk covers them together."""
    busy = [account for account in accounts if account.desk.today]
    cards = sum(account.desk.today for account in busy)
    if not cards:
        return
    batched = sum(account.desk.batched for account in busy)
    of_accounts = f" of {len(busy)} accounts" if len(busy) > 1 else ""
    alike = f" {counted(batched, 'look-alike')} among them came together." if batched else ""
    text = f"Review {counted(cards, 'card')}{of_accounts}: about {counted(minutes_for(cards), 'minute')}.{alike}"
    yield ToDo(kind="review", text=text, command=REVIEW, anchor=anchor_of(busy[0], "review"))
