"""`followguard reconcile`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from followguard.cli import output
from followguard.cli.opened import Opened, opened
from followguard.cli.options import CONFIG, Account, Config, Json
from followguard.domain.units import usd
from followguard.errors import UsageError

if TYPE_CHECKING:
    from followguard.followers.reconcile import Forecast, Reconcile, Reconciled


def command(
    account: Account = None,
    max_usd: Annotated[
        float | None,
        typer.Option("--max-usd", min=0.0, metavar="USD", help="Spend at most so much in this run, without asking."),
    ] = None,
    config: Config = CONFIG,
    json: Json = False,
) -> int:
    """Read an account's whole follower list: who left, who was missed.

    First prints what it will cost, and asks unless --max-usd is given. An unfinished reading goes on where it stopped.
    The month's budget holds in any case; the night's doesn't.
    """
    with opened(config) as here:
        job = _job(here, account)
        forecast = job.forecast()
        _announce(job, forecast)
        if max_usd is None:
            otherwise = UsageError("Nobody is here to agree to the price.", "Say how much it may cost: --max-usd 5.")
            output.require_yes("Read the whole list now?", otherwise)
        result = job.run(max_usd)
    if json:
        output.document(_as_json(job, forecast, result))
    else:
        _print(job, result)
    if result.later is not None:
        output.failure(result.later)
        return result.later.exit_code
    return max((error.exit_code for error in result.tally.errors), default=0)


def _job(here: Opened, account: str | None) -> "Reconcile":
    from followguard.accounts.budget import spending_of
    from followguard.cli.opened import open_reader
    from followguard.followers.reconcile import Reconcile

    settings = here.installation.account(account)
    return Reconcile(
        store=here.store,
        reader=open_reader(here.installation, settings.handle, here.clock),
        settings=settings,
        spending=spending_of(here.installation, settings),
        clock=here.clock,
        say=output.note,
    )


def _announce(job: "Reconcile", forecast: "Forecast") -> None:
    handle = job.settings.handle
    if forecast.unseen is not None and forecast.usd is not None:
        who = f"{forecast.unseen:,} who weren't in the list are still to be looked up"
        output.note(f"@{handle}: the list was read; {who}, for about {output.money(forecast.usd)}.")
        return
    if forecast.followers is None or forecast.usd is None:
        output.note(f"@{handle}: X doesn't say how many followers there are; each costs {_price(job)}.")
        return
    done = f", {forecast.already_read:,} of them read before" if forecast.already_read else ""
    followers = output.counted(forecast.followers, "follower")
    output.note(
        f"@{handle} has {followers}{done}: reading them costs about {output.money(forecast.usd)}, "
        f"and each who isn't in the list {output.money(usd(job.spending.lookup_price))} more."
    )


def _price(job: "Reconcile") -> str:
    return output.money(usd(job.spending.list_price))


def _as_json(job: "Reconcile", forecast: "Forecast", result: "Reconciled") -> dict[str, Any]:
    tally = result.tally
    return {
        "account": job.settings.handle,
        "finished": result.finished,
        "new": tally.new,
        "returned": tally.returned,
        "left": result.left,
        "still_following": result.still_following,
        "untold": result.untold,
        "unseen": result.unseen,
        "reads": tally.reads,
        "lookups": result.lookups,
        "requests": tally.requests + result.lookup_requests,
        "cost_usd": usd(result.cost),
        "forecast_usd": forecast.usd,
        "errors": [error.as_json() for error in [*tally.errors, *([result.later] if result.later else [])]],
    }


def _print(job: "Reconcile", result: "Reconciled") -> None:
    tally = result.tally
    state = "read to its end" if result.read_to_end else "not read to its end"
    output.line(f"@{job.settings.handle}: the follower list is {state}.")
    cost = output.money(usd(result.cost))
    output.line(f"  {output.counted(tally.reads, 'profile')} read, {result.lookups:,} looked up, for {cost}")
    output.line(f"  {tally.new:,} whom the nights had not recorded, {tally.returned:,} back, {result.left:,} left")
    if result.unseen:
        output.line(f"  {result.unseen:,} who weren't in the list are still to be looked up: run reconcile again")
    if tally.new:
        output.step(f"  They are scored and listed by: followguard nightly --account {job.settings.handle}")
    for error in tally.errors:
        output.failure(error)
