"""`followguard review second-look`."""

from typing import TYPE_CHECKING

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Config, Json, Limit, ListAccounts

if TYPE_CHECKING:
    from followguard.training.second_look import Suspect

LIMIT = 50


def command(
    account: ListAccounts = None,
    limit: Limit = LIMIT,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """List decisions that may be slips, and why.

    Approvals that came faster than anybody looks; where two people differ about a follower; where one that looks the
    same was decided the other way; and where all the other decisions speak against one. Nothing is changed: look, and
    leave it, undo it or overrule it.
    """
    from followguard.training.models.serving import training_context
    from followguard.training.second_look import second_look

    with opened(config) as here:
        accounts = here.installation.chosen(account)
        suspects = second_look(training_context(here.installation, here.store), accounts, limit)
    if json:
        output.document([each.as_row() for each in suspects])
    else:
        _print(suspects, limit)


def _print(suspects: "list[Suspect]", limit: int) -> None:
    from followguard.domain.labels import Label
    from followguard.domain.wording import safe_text
    from followguard.training.second_look import HURRY

    if not suspects:
        output.line("No decision looks like a slip.")
        return
    for each in suspects:
        name = f"@{safe_text(each.username, 60)}" if each.username else f"follower {each.follower_id}"
        output.line(
            f"item:{each.item}  {name} of @{each.account}: {each.label.value}, by {each.by}, {each.at:%Y-%m-%d}"
        )
        for why in each.why:
            output.line(f"    {why.text}")
    if limit and len(suspects) == limit:
        output.note(f"The first {limit}; --limit 0 shows all.")
    if any(why.code == HURRY for each in suspects for why in each.why):
        output.advice("A whole session, taken back: followguard review undo --session")
    item = f"item:{suspects[0].item}"
    output.advice(f"Look at one: followguard review show {item}")
    reason = " --reason spam" if suspects[0].label is Label.GENUINE else ""
    output.advice(f"Turn one: followguard review overrule {item}{reason}")
