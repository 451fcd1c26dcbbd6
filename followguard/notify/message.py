"""The night's message: what waits, what needs somebody, what was spent, in our own words alone.

It goes into chats that read markup, mentions and addresses out of a text. So nothing that a follower wrote stands in
it, but usernames where the configuration allows them, and those only in the letters that X gives to usernames.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from followguard.domain.wording import counted
from followguard.drift.result import alarm_lines
from followguard.notify.delivery import LONGEST, Message
from followguard.reports.figures import NEVER, NOT_TONIGHT, UNFINISHED
from followguard.reports.page import SECONDS_A_CARD, AccountPage, NightPage
from followguard.reports.unread import unread_words
from followguard.screening.standing import Standing
from followguard.trust.figures import TrackRecord

MOST_NAMES = 5
REVIEW = "followguard review"
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How a night is told. `seconds`: what a card takes; `profiles`: usernames may be named; `desk`: its address."""

    desk: str = ""
    profiles: bool = False
    seconds: float = float(SECONDS_A_CARD)


def night_message(page: NightPage, telling: Telling) -> Message:
    """Words the night of all accounts, at most `LONGEST` characters; whatever doesn't fit is counted."""
    cards = sum(account.desk.today for account in page.accounts)
    helps = sum(1 for account in page.accounts for _ in _needs(account, telling))
    title = f"followguard: {counted(cards, 'card')} to decide" if cards else "followguard: nothing to decide"
    title += f", {counted(helps, 'thing needs', 'things need')} somebody" if helps else ""
    end = "\n".join(_end(page, telling))
    parts = ["\n".join(_account(account, telling)) for account in page.accounts]
    return Message(title, f"The night of {page.day} (UTC)\n\n{_fitting(parts, LONGEST - len(end) - 80)}\n\n{end}")


def plain_name(username: str | None) -> str:
    """Returns a username as code, which no chat reads as a mention; nothing where it isn't one of X's."""
    return f"`{username}`" if username and _USERNAME.fullmatch(username) else ""


def _fitting(parts: Sequence[str], room: int) -> str:
    kept: list[str] = []
    for part in parts:
        if sum(map(len, kept)) + 2 * len(kept) + len(part) > room:
            break
        kept.append(part)
    left = len(parts) - len(kept)
    return "\n\n".join([*kept, f"And {counted(left, 'more account')}."] if left else kept)


def _account(account: AccountPage, telling: Telling) -> Iterator[str]:
    yield f"{account.handle}: {_cards(account, telling)}"
    yield from (f"- {need}" for need in _needs(account, telling))
    yield f"Spent today: {_usd(account.spent_usd)} of {_usd(account.settings.policy.max_usd_per_night)}"
    if account.trust is not None:
        yield f"Trust: {trust_line(account.trust.figures.machine)}"


def _cards(account: AccountPage, telling: Telling) -> str:
    """Counts what is on the desk. Look-alikes are decided as one card."""
    if not account.desk.today:
        return "nothing to decide"
    batches = account.list.batches
    alike = sum(batch.total for batch in batches)
    looks = account.desk.today - alike + len(batches)
    said = f"{counted(account.desk.today, 'card')}, {minutes_in_words(looks, telling.seconds)}"
    return f"{said}; {alike} of them are look-alikes, in {counted(len(batches), 'batch', 'batches')}" if alike else said


def trust_line(machine: TrackRecord) -> str:
    """Tells in one line how often the machine was wrong in the last 28 days."""
    if not machine.decided:
        return "nothing was decided in 28 days"
    spam, genuine = machine.spam_was_real, machine.genuine_was_spam
    return (
        f"in 28 days people called {spam.wrong:,} of {spam.said:,} real that the machine called spam, "
        f"and {genuine.wrong:,} of {genuine.said:,} spam that it called genuine"
    )


def _needs(account: AccountPage, telling: Telling) -> Iterator[str]:
    for need in NEEDS:
        yield from need(account, telling)


def _night(account: AccountPage, _: Telling) -> Iterator[str]:
    status = account.figures.status
    if status in (NEVER, NOT_TONIGHT, UNFINISHED):
        yield f"the night: {status}"
    codes = dict.fromkeys(error.code for error in account.figures.errors)
    if codes:
        yield f"the night: {status} ({', '.join(codes)})"


def _unread(account: AccountPage, _: Telling) -> Iterator[str]:
    words = unread_words(account.unread)
    if words:
        yield words


def _paused(account: AccountPage, _: Telling) -> Iterator[str]:
    since = account.orders.paused_at
    if since is not None:
        waits = counted(account.orders.due, "follow waits", "follows wait")
        yield f"following is paused since {since:%Y-%m-%d}; {waits}"


def _parked(account: AccountPage, telling: Telling) -> Iterator[str]:
    stuck = account.orders.stuck
    if stuck:
        names = [name for each in stuck[:MOST_NAMES] if (name := plain_name(each.name))] if telling.profiles else []
        yield f"{counted(len(stuck), 'follow needs', 'follows need')} help{': ' if names else ''}{', '.join(names)}"


def _unfollow(account: AccountPage, _: Telling) -> Iterator[str]:
    if account.orders.unfollow:
        yield f"{counted(len(account.orders.unfollow), 'follow is', 'follows are')} to be undone by hand"


def _drift(account: AccountPage, _: Telling) -> Iterator[str]:
    if alarm_lines(account.figures.drift):
        yield "drift alarm: new followers have changed"


def _blind_test(account: AccountPage, _: Telling) -> Iterator[str]:
    standing: Standing = account.standing
    if standing.waits_for_test:
        yield "a blind test is wanted before likely spam is held back"


def _unsettled(account: AccountPage, _: Telling) -> Iterator[str]:
    if account.open_disagreements:
        yield f"{counted(account.open_disagreements, 'disagreement')} between people to be settled"


def _follows(account: AccountPage, _: Telling) -> Iterator[str]:
    due = account.orders.due
    if due and account.orders.paused_at is None:
        yield f"{counted(due, 'approved follow is', 'approved follows are')} due"


NEEDS: Sequence[Callable[[AccountPage, Telling], Iterator[str]]] = (
    _night,
    _unread,
    _paused,
    _parked,
    _unfollow,
    _drift,
    _blind_test,
    _unsettled,
    _follows,
)


def _usd(amount: float) -> str:
    """Writes `$0.25`, with a tenth of a cent only where it is needed."""
    return f"${amount:,.3f}".removesuffix("0")


def _end(page: NightPage, telling: Telling) -> Iterator[str]:
    yield f"This month: {_usd(page.month_spent_usd)} of {_usd(page.month_limit_usd)}"
    yield f"Head of the log: {page.log_head}"
    yield f"Desk: {telling.desk or REVIEW}"


def minutes_in_words(cards: int, seconds: float) -> str:
    """Returns `about 4 minutes`; a minute is the least that is said."""
    return f"about {counted(max(1, round(cards * seconds / 60)), 'minute')}"
