"""`followguard nightly`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from followguard.cli import output
from followguard.cli.opened import Opened, opened
from followguard.cli.options import CONFIG, Accounts, Config, Json
from followguard.domain.drift import alarm_lines
from followguard.domain.money import usd
from followguard.errors import FollowguardError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from followguard.domain.night import Receipt

RECEIPT: tuple[tuple[str, str], ...] = (
    ("read", "{new:new follower} ({returned} came back), {reads:profile} read and {lookups} looked up"),
    ("cost", "{cost} (forecast {forecast}), {requests:request}"),
    (
        "cards",
        "{listed} on the desk ({audit:audit} among them), {waiting} waiting for later days, {held_back} held back",
    ),
    ("look-alikes", "{batches:batch/batches}"),
    ("to follow", "{open} open, {confirmed} confirmed, {sent} sent, {void} void, {parked} in need of help"),
)
"""Where a noun stands behind a count, it is told in the singular for 1."""


def command(
    account: Accounts = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="No call to X, nothing changed: print the forecast.")
    ] = False,
    config: Config = CONFIG,
    json: Json = False,
) -> int:
    """Read new followers, score them, and leave the review list.

    Run it once a day, just after 00:00 UTC: X bills a profile once a day. What a run can't finish, the next one does.
    """
    with opened(config) as here:
        started = here.now
        receipts = _rehearse(here, account) if dry_run else run_night(here, account)
        finished = here.now
        report = None if dry_run or not any(one.began for one in receipts) else write_report(here)
    if json:
        output.document(as_json(receipts, started, finished) | {"report": report})
    else:
        print_receipts(receipts, dry_run=dry_run)
        if report:
            output.line(f"Report: {report}")
    print_errors(receipts)
    return exit_code(receipts)


def run_night(here: Opened, handles: list[str] | None) -> "list[Receipt]":
    """Backs up, then the night of each account, with progress on stderr."""
    from followguard import bootstrap
    from followguard.jobs.database import back_up_before_night
    from followguard.jobs.nightly import run_nightly

    accounts = here.installation.chosen(handles)
    with here.store.begin():  # a database that can't be used is said once, not for each account
        pass
    backed_up = back_up_before_night(here.store.upkeep, here.now, here.installation.backups)
    if backed_up.problem is not None:
        output.failure(backed_up.problem)
    return run_nightly(bootstrap.night_means(here.installation, here.store, output.note), accounts)


def _rehearse(here: Opened, handles: list[str] | None) -> "list[Receipt]":
    from followguard import bootstrap
    from followguard.jobs.nightly import rehearse_nightly

    means = bootstrap.night_means(here.installation, here.store, output.note)
    return rehearse_nightly(means, here.installation.chosen(handles))


def write_report(here: Opened) -> str | None:
    """Where the report of the night is; None, with the reason on stderr, where it couldn't be written."""
    from followguard import bootstrap

    try:
        bootstrap.remove_old_reports(here.installation, here.now)
        return str(bootstrap.write_report(here.installation, here.store, here.now))
    except FollowguardError as error:
        output.failure(error)
    except OSError as error:
        output.warn(f"Old reports can't be removed ({error.strerror}). Check the folder reports.")
    return None


def as_json(receipts: "Sequence[Receipt]", started: "datetime", finished: "datetime") -> dict[str, Any]:
    """The document of `nightly --json`."""
    return {
        "started_at": output.iso(started),
        "finished_at": output.iso(finished),
        "accounts": [receipt.as_json() for receipt in receipts],
        "log_head": receipts[-1].log_head if receipts else "",
    }


def print_receipts(receipts: "Sequence[Receipt]", *, dry_run: bool = False) -> None:
    """A few lines for each account."""
    for receipt in receipts:
        if dry_run:
            output.line(f"@{receipt.account}: tonight will cost about {output.money(usd(receipt.forecast))}")
            continue
        output.line(f"@{receipt.account}: {receipt.status}")
        if not receipt.began:
            continue
        facts = receipt.as_json()
        facts |= facts["follow_back"] | {key: output.money(facts[f"{key}_usd"]) for key in ("cost", "forecast")}
        for name, words in RECEIPT:
            output.line(f"  {name:<12} {words.format_map({key: _Told(fact) for key, fact in facts.items()})}")
        for text in alarm_lines(receipt.drift):
            output.line(f"  DRIFT        {text}")
        if receipt.retrain:
            output.line("  retrain      {outcome}: {why}".format(**receipt.retrain))
        if receipt.not_ours:
            output.line(f"  not ours     followed without an order of ours: {', '.join(receipt.not_ours)}")


class _Told:
    """A fact of a receipt that a format may give a noun: `{new:new follower}`, `{batches:batch/batches}`."""

    def __init__(self, fact: object) -> None:
        self.fact = fact

    def __format__(self, noun: str) -> str:
        return output.counted(self.fact, *noun.split("/")) if isinstance(self.fact, int) and noun else str(self.fact)


def print_errors(receipts: "Sequence[Receipt]") -> None:
    """What went wrong, on stderr: each thing once, with the accounts it befell in front."""
    befell: dict[tuple[str, str], list[str]] = {}
    for receipt in receipts:
        mine = f"@{receipt.account}: "
        for error in receipt.errors:
            handles = befell.setdefault((error.message.removeprefix(mine), error.next_step), [])
            named = f"@{receipt.account}" in error.message and not error.message.startswith(mine)
            if not named and mine not in handles:
                handles.append(mine)
    for (message, next_step), handles in befell.items():
        whose = ", ".join(each.removesuffix(": ") for each in handles)
        output.failure(FollowguardError(f"{whose}: {message}" if whose else message, next_step))


def exit_code(receipts: "Sequence[Receipt]") -> int:
    """0, 1, 2, 3, 4 or 75, by the statuses of the accounts."""
    from followguard.domain.night import exit_code_of

    return exit_code_of(receipts)
