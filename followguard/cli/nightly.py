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

RECEIPT = (
    ("read", "{new} new followers ({returned} came back), {reads} profiles read and {lookups} looked up"),
    ("cost", "{cost} (forecast {forecast}), {requests} requests"),
    ("cards", "{listed} on the desk ({audit} of them audits), {waiting} waiting for later days, {held_back} held back"),
    ("look-alikes", "{batches} batches"),
    ("to follow", "{open} open, {confirmed} confirmed, {sent} sent, {void} void, {parked} need help"),
)


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
    receipts = run_nightly(bootstrap.night_means(here.installation, here.store, output.note), accounts)
    keep_head(here)
    return receipts


def keep_head(here: Opened) -> None:
    """The head of the log in a file of its own: a copy kept elsewhere proves the past."""
    from followguard import bootstrap

    try:
        bootstrap.keep_head(here.installation, here.store, here.now)
    except OSError as error:
        output.warn(f"The head of the log can't be written ({error.strerror}). Check the folder heads.")


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
    """A few lines for each account; its errors go to stderr."""
    for receipt in receipts:
        if dry_run:
            output.line(f"@{receipt.account}: tonight will cost about {output.money(usd(receipt.forecast))}")
            continue
        output.line(f"@{receipt.account}: {receipt.status}")
        if not receipt.began:
            _print_errors(receipt)
            continue
        facts = receipt.as_json()
        facts |= facts["follow_back"] | {key: output.money(facts[f"{key}_usd"]) for key in ("cost", "forecast")}
        for name, words in RECEIPT:
            output.line(f"  {name:<12} {words.format(**facts)}")
        for text in alarm_lines(receipt.drift):
            output.line(f"  DRIFT        {text}")
        _print_proof(receipt)
        if receipt.retrain:
            output.line("  retrain      {outcome}: {why}".format(**receipt.retrain))
        if receipt.not_ours:
            output.line(f"  not ours     followed without an order of ours: {', '.join(receipt.not_ours)}")
        _print_errors(receipt)


def _print_proof(receipt: "Receipt") -> None:
    """What was found is among the errors."""
    if receipt.proof and receipt.proof["ok"]:
        output.line("  proof        the log is whole, {entries} entries".format(**receipt.proof))


def _print_errors(receipt: "Receipt") -> None:
    for error in receipt.errors:
        output.failure(error)


def exit_code(receipts: "Sequence[Receipt]") -> int:
    """0, 1, 2, 3, 4 or 75, by the statuses of the accounts."""
    from followguard.domain.night import exit_code_of

    return exit_code_of(receipts)
