"""`followguard status`."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.next_steps import to_run
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Config, Json
from followguard.drift.result import alarm_lines
from followguard.errors import FAILED, UsageError
from followguard.screening.sample import provisional_words

if TYPE_CHECKING:
    from followguard.reports.status import AccountStatus, Status

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
LONGEST_DAYS = 3650


def command(
    config: Config = CONFIG,
    max_age: Annotated[
        str | None,
        typer.Option("--max-age", metavar="AGE", help="Exit 1 when a last complete night is older: 26h, 2d."),
    ] = None,
    json: Json = False,
) -> int | None:
    """One screen: last night, what waits, what was spent.

    With --max-age the exit code is 1 when an account has no complete night within that age; it is 1 too when the
    database is damaged.
    """
    from followguard.reports.status import backup_state, look
    from followguard.store.upkeep import STATUS_SECONDS, damaged, health_of

    age = age_of(max_age) if max_age is not None else None
    with opened(config) as here:
        with here.store.begin() as work:
            status = look(work, here.installation, here.now, age)
        health = health_of(here.store.upkeep, STATUS_SECONDS)
        backup = backup_state(status, here.store.upkeep.newest_backup())
    status = replace(status, database=health, backup=backup)
    if json:
        output.document(status)
    else:
        _print(status)
    for handle in status.late:
        run = to_run("nightly", "--account", handle)
        output.warn(f"@{handle}: no complete night within {max_age}{_unread(status, handle)}. Run: {run}")
    if health.findings:
        output.failure(damaged(health.findings))
    return FAILED if status.late or health.findings else None


def age_of(text: str) -> timedelta:
    """`26h`, `90m`, `2d`. Raises UsageError."""
    found = re.fullmatch(r"([0-9]{1,6})([mhd])", text.strip())
    age = timedelta(**{UNITS[found[2]]: int(found[1])}) if found else None
    if age is None or age > timedelta(days=LONGEST_DAYS):
        raise UsageError(f"{text!r} isn't an age.", "Write a number and m, h or d, such as 26h.")
    return age


def _print(status: "Status") -> None:
    for account in status.accounts:
        paused = f", paused since {output.iso(account.paused_at)}" if account.paused_at else ""
        output.line(f"@{account.account} ({account.executor}{paused})")
        for name, words in _rows(account):
            output.step(f"  {name:<12} {words}")
    spent = f"{output.money(status.spent_this_month_usd)} of {output.money(status.max_usd_per_month)}"
    output.line(f"This month     {spent}, all accounts together")
    output.line(f"Head of log    {status.log_head}")
    if status.backup and status.backup.problem:
        made = output.iso(status.backup.newest) if status.backup.newest else "none"
        output.line(f"BACKUP         {status.backup.problem} The newest: {made}")
    if status.unfinished_erasures:
        number = output.counted(status.unfinished_erasures, "erasure")
        output.step(f"Broken off     {number}; to finish, run the same command again: followguard forget FOLLOWER")


def _unread(status: "Status", handle: str) -> str:
    from followguard.reports.unread import unread_words

    words = next(unread_words(each.nights_without_reading) for each in status.accounts if each.account == handle)
    return f"; {words}" if words else ""


def _rows(account: "AccountStatus") -> list[tuple[str, str]]:
    night = account.last_night
    last = f"{night['status']}, begun {output.iso(night['started_at'])}" if night else "none yet"
    complete = output.iso(account.last_complete) if account.last_complete else "none yet"
    waiting = account.waiting
    orders = ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in account.orders.items())
    spent = f"{output.money(account.spent_tonight_usd)} of {output.money(account.max_usd_per_night)} tonight"
    rows = [
        ("last night", last),
        ("complete", complete),
        ("to decide", f"{waiting.today} today, {waiting.later} on later days, {waiting.held_back} held back"),
        ("to follow", orders or "nothing"),
        ("spent", spent),
    ]
    if account.nights_without_reading:
        rows.insert(2, ("reading", f"none was complete for {output.counted(account.nights_without_reading, 'night')}"))
    if account.unfollow:
        rows.insert(
            -1, ("to unfollow", f"{account.unfollow} by hand: followguard follow-back --account {account.account}")
        )
    held = account.real_people_held_back
    if held.share is not None:
        known = f"about {held.share:.1%} real people, surely at most {held.bound:.1%} ({held.drawn} audited)"
        rows.insert(3, ("held back", known))
    if account.blind_test_missing:
        rows.insert(3, ("blind test", account.blind_test_missing))
    if account.sample.provisional:
        rows.insert(3, ("sample", provisional_words(account.sample)))
    rows[1:1] = [("why", f"{error['code']}: {error['message']}") for error in (night["errors"] if night else ())]
    untold = [each for each in (night["notified"] if night else ()) if not each["ok"]]
    rows[-1:-1] = [("not told", f"{each['target']}: {each['why']}") for each in untold]
    rows[-1:-1] = [("DRIFT", text) for text in alarm_lines(account.drift)]
    return rows
