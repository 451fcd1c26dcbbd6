"""`followguard model drift`."""

from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Config, Json, TheseAccounts
from followguard.errors import FAILED

if TYPE_CHECKING:
    from followguard.drift.result import Drift


def command(
    account: TheseAccounts = None,
    check: Annotated[bool, typer.Option("--check", help="Exit 1 when an alarm stands, for cron.")] = False,
    config: Config = CONFIG,
    json: Json = False,
) -> int | None:
    """Tell whether new followers have changed: features, scores, base rate.

    The last nights (3 to 14) are compared with up to 90 of the account's own nights before them. All that is watched
    together gives at most one false alarm a quarter. Nothing is changed, and X isn't asked. Without --check an alarm
    is a result like any other, and the exit code is 0.
    """
    from followguard.accounts.store import Accounts
    from followguard.drift.result import DriftState
    from followguard.drift.watch import account_drift
    from followguard.training.models.serving import load_scorer

    with opened(config) as here:
        with here.store.begin() as work:
            rows = {row.handle: row for row in Accounts(work).all()}
        chosen = [one.handle for one in here.installation.chosen(account)]
        found = {
            handle: account_drift(
                here.store, rows.get(handle), load_scorer(here.installation, handle, store=here.store)
            )
            for handle in chosen
        }
    if json:
        output.document({"accounts": [{"account": handle} | one.as_json(handle) for handle, one in found.items()]})
    else:
        for handle, one in found.items():
            _print(handle, one)
    return FAILED if check and any(one.state is DriftState.ALARM for one in found.values()) else None


def _print(handle: str, found: "Drift") -> None:
    output.line(f"@{handle}: {WORDS[found.state.value].format(found=found)}")
    for each in found.moved:
        output.line(f"  since {each.since}  {each.text}")
    if found.recent:
        output.line(f"  compared     {found.recent} last nights with {found.reference} before them")
        output.line(f"  false alarms at most {found.alarms_a_quarter:g} in 91 nights, all that is watched together")
    output.step(f"  next         {found.next_step(handle)}")


WORDS = {
    "quiet": "no alarm",
    "alarm": "ALARM, new followers have changed since {found.since}",
    "too_little_history": "too little history ({found.nights} nights with new followers)",
}
