"""`followguard nightly`."""

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from followguard.cli import output
from followguard.cli.app import as_known, say_traceback
from followguard.cli.opened import Opened, opened
from followguard.cli.options import CONFIG, Config, Json, TheseAccounts
from followguard.cli.output import say_unchecked
from followguard.domain.units import usd
from followguard.drift.result import alarm_lines
from followguard.errors import PARTLY, FollowguardError, ReportFailed, Unexpected
from followguard.night.commands_telling import say_failure, say_morning, watched
from followguard.reports.receipt import SPENT, STANDING_CARDS, STANDING_ORDERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from followguard.reports.receipt import Receipt

RECEIPT: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("read", "{new:new follower} ({returned} came back), {reads:profile} read", frozenset()),
    ("cost", "{cost} (forecast {forecast}), {requests:request}, {lookups:profile} looked up", frozenset(SPENT)),
    (
        "cards",
        "{listed} on the desk ({audit:audit} among them), {waiting} waiting for later days, {held_back} held back",
        frozenset(STANDING_CARDS),
    ),
    ("look-alikes", "{batches:batch/batches}", frozenset(STANDING_CARDS)),
    (
        "to follow",
        "{open} open, {confirmed} confirmed, {sent} sent, {void} void, {parked} in need of help",
        frozenset(STANDING_ORDERS),
    ),
)
"""Name of the line, its words, and the counts that must be known for it.

Where a noun stands behind a count, it is told in the singular for 1.
"""
UNKNOWN = "unknown: the database didn't answer"


def command(
    account: TheseAccounts = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="No call to X, nothing changed: print the forecast.")
    ] = False,
    config: Config = CONFIG,
    json: Json = False,
) -> int:
    """Read new followers, score them, and leave the review list.

    Run it once a day, just after 00:00 UTC: X bills a profile once a day. What a run can't finish, the next one does.
    """
    with opened(config) as here, watched(here, rehearsed=dry_run) as heart:
        started = here.now
        try:
            night = NightSummary(_rehearse(here, account)) if dry_run else run_night(here, account)
        except FollowguardError as error:
            if not dry_run:
                say_failure(here, error)
            if json:
                refused = refused_night(here, account, error)
                output.document(as_json(refused, started, here.now) | output.failed(error))
            raise
        if not dry_run and any(one.began for one in night.receipts):
            night = write_report(here, night)
            say_morning(here, night.receipts)
        code, finished = exit_code(night), here.now
        heart.end(code)
    if json:
        output.document(as_json(night, started, finished) | {"heartbeat": heart.as_json()})
    else:
        print_receipts(night.receipts, dry_run=dry_run)
        if night.report:
            output.line(f"Report: {night.report}")
    print_errors(night.receipts)
    return code


class NightSummary(NamedTuple):
    """What there is to tell of a night. `problems` came after the receipts were written: a report that is missing."""

    receipts: "Sequence[Receipt]"
    unchecked: tuple[str, ...] = ()
    report: str | None = None
    problems: tuple[FollowguardError, ...] = ()


def run_night(here: Opened, handles: list[str] | None) -> NightSummary:
    """Looks the database over and backs up, then the night of each account, with progress on stderr."""
    from followguard.night.context import night_context
    from followguard.night.nightly import before_night, run_nightly

    accounts = here.installation.chosen(handles)
    with here.store.begin():  # a database that can't be used is said once, not for each account
        pass
    unchecked, problem = before_night(here.store.upkeep, here.now, here.installation.backups)
    problems = [problem] if problem else []
    if problem:
        output.failure(problem)
    say_unchecked(unchecked)
    means = night_context(here.installation, here.store, output.note)
    receipts = run_nightly(means, accounts, problems)
    return NightSummary(receipts, unchecked, problems=keep_head(here))


def keep_head(here: Opened) -> tuple[FollowguardError, ...]:
    """Writes the head of the log to a file of its own, of which a copy elsewhere proves the past."""
    from followguard.proof.heads_file import keep_head

    try:
        keep_head(here.installation, here.store, here.now)
    except OSError as error:
        said = f"The head of the log can't be written ({error.strerror})."
        problem: FollowguardError = ReportFailed(said, "Check the folder heads beside the configuration.")
    except Exception as error:  # noqa: BLE001 - whatever it is, the night's own receipts are still to be told
        problem = as_known(error)
    else:
        return ()
    output.failure(problem)
    return (problem,)


def refused_night(here: Opened, handles: list[str] | None, error: FollowguardError) -> NightSummary:
    """Returns the summary of a night that couldn't begin."""
    from followguard.night.nightly import refused_nightly

    return NightSummary(refused_nightly(here.installation.chosen(handles), error), problems=(error,))


def _rehearse(here: Opened, handles: list[str] | None) -> "list[Receipt]":
    from followguard.night.context import night_context
    from followguard.night.nightly import rehearse_nightly

    means = night_context(here.installation, here.store, output.note)
    return rehearse_nightly(means, here.installation.chosen(handles))


def write_report(here: Opened, night: NightSummary) -> NightSummary:
    """Writes the report; returns the night with it, or with what kept it from being written."""
    from followguard.reports.gather import write_report
    from followguard.reports.html import render_report
    from followguard.reports.old import remove_old_reports

    try:
        remove_old_reports(here.installation, here.now)
        return night._replace(report=str(write_report(here.store, here.installation, None, here.now, render_report)))
    except OSError as error:
        problem: FollowguardError = ReportFailed(
            f"Old reports can't be removed ({error.strerror}).", "Check the folder reports."
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, the night's own receipts are still to be told
        problem = as_known(error)
    output.failure(problem)
    return night._replace(problems=(*night.problems, problem))


def as_json(night: NightSummary, started: "datetime", finished: "datetime") -> dict[str, Any]:
    """Returns the document of `nightly --json`."""
    return {
        "started_at": output.iso(started),
        "finished_at": output.iso(finished),
        "accounts": [receipt.as_json() for receipt in night.receipts],
        "log_head": night.receipts[-1].log_head if night.receipts else "",
        "report": night.report,
        "unchecked": list(night.unchecked),
        **output.failed(*night.problems),
    }


def print_receipts(receipts: "Sequence[Receipt]", *, dry_run: bool = False) -> None:
    """Prints a few lines for each account."""
    for receipt in receipts:
        if dry_run:
            output.line(f"@{receipt.account}: tonight will cost about {output.money(usd(receipt.forecast))}")
            continue
        output.line(f"@{receipt.account}: {receipt.status}")
        if not receipt.began:
            continue
        facts = receipt.as_json()
        facts |= facts["follow_back"] | {key: output.money(facts[f"{key}_usd"]) for key in ("cost", "forecast")}
        told = {key: _Told(fact) for key, fact in facts.items()}
        for name, words, needed in RECEIPT:
            unknown = needed.intersection(receipt.unknown)
            output.line(f"  {name:<12} {UNKNOWN if unknown else words.format_map(told)}")
        for text in alarm_lines(receipt.drift):
            output.line(f"  DRIFT        {text}")
        _print_proof(receipt)
        if receipt.retrain:
            output.line("  retrain      {outcome}: {why}".format(**receipt.retrain))
        _print_told(receipt)
        if receipt.not_ours:
            output.line(f"  not ours     followed without an order of ours: {', '.join(receipt.not_ours)}")


def _print_proof(receipt: "Receipt") -> None:
    """Prints that a proof was made; what it found is among the errors."""
    if receipt.proof and receipt.proof["ok"]:
        entries = output.counted(receipt.proof["entries"], "entry", "entries")
        output.line(f"  proof        the log is whole, {entries}")


def _print_told(receipt: "Receipt") -> None:
    took = [str(each["target"]) for each in receipt.notified if each["ok"]]
    if took:
        output.line(f"  told         {', '.join(took)}")


class _Told:
    """A fact of a receipt that a format may give a noun: `{new:new follower}`, `{batches:batch/batches}`."""

    def __init__(self, fact: object) -> None:
        self.fact = fact

    def __format__(self, noun: str) -> str:
        return output.counted(self.fact, *noun.split("/")) if isinstance(self.fact, int) and noun else str(self.fact)


def print_errors(receipts: "Sequence[Receipt]") -> None:
    """Prints on stderr what went wrong: each thing once, with the accounts it befell in front."""
    befell: dict[tuple[str, str], list[str]] = {}
    for receipt in receipts:
        mine = f"@{receipt.account}: "
        for error in receipt.errors:
            if isinstance(error, Unexpected):
                say_traceback(error)
            handles = befell.setdefault((error.message.removeprefix(mine), error.next_step), [])
            named = f"@{receipt.account}" in error.message and not error.message.startswith(mine)
            if not named and mine not in handles:
                handles.append(mine)
    for (message, next_step), handles in befell.items():
        whose = ", ".join(each.removesuffix(": ") for each in handles)
        output.failure(FollowguardError(f"{whose}: {message}" if whose else message, next_step))


def exit_code(night: NightSummary) -> int:
    """Returns 0, 1, 2, 3, 4 or 75 by the statuses of the accounts; 3 also where the report is missing."""
    from followguard.reports.receipt import exit_code_of

    return exit_code_of(night.receipts) or (PARTLY if night.problems else 0)
