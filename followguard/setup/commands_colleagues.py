"""`followguard person hand-over | distrust`."""

from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, By, Config, Json
from followguard.domain.wording import quoted, safe_text

if TYPE_CHECKING:
    from followguard.setup.distrust import Distrusted

SHOWN = 50
"""How many of those who were followed are printed; the JSON has all."""


def distrust_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose decisions.")],
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="From this day on (UTC), until now: 2027-01-31.")
    ] = None,
    lift: Annotated[bool, typer.Option("--lift", help="Let what they decided count again.")] = False,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Take out what a person decided since a day: it teaches nothing, and isn't followed.

    What they approved since then and isn't followed yet is void, links that were handed out too, and the cards wait
    again. Their labels of that time go out of training and of every figure, and a model that learned from them is
    fitted anew without them. Whom we follow already is listed. Nothing is deleted, and --lift ends it. Takes an owner.
    """
    from followguard.domain.units import since_meant
    from followguard.errors import UsageError
    from followguard.setup.distrust import distrust, trust_again
    from followguard.training.models.serving import training_context

    if lift == (since is not None):
        raise UsageError("Say either since when, or that it is lifted.", "Add --since 2027-01-31, or --lift.")
    with opened(config) as here:
        workshop = training_context(here.installation, here.store)
        done = trust_again(workshop, name, by) if since is None else distrust(workshop, name, since_meant(since), by)
    if json:
        output.document(done.as_json())
    elif done.lifted:
        _say_lifted(done)
    else:
        _say(done)


def _say_lifted(done: "Distrusted") -> None:
    name = done.person.name
    if done.already:
        output.line(f"Nothing that {name} decided is distrusted.")
        return
    output.line(f"What {name} decided counts again. What was voided stays void; its cards wait.")
    output.step("Models learn from it again with the next retraining: followguard retrain")


def _say(done: "Distrusted") -> None:
    name, day = done.person.name, f"{done.since:%Y-%m-%d %H:%M} UTC"
    if done.already:
        output.line(f"Nothing that {name} decided since {day} is trusted any more; nothing was done.")
    else:
        made, labels = output.counted(done.decisions, "decision"), output.counted(done.labels, "label")
        output.line(f"{made} of {name} since {day} don't count any more; {labels} went out of training.")
        orders = output.counted(done.voided, "follow order")
        output.line(f"{orders} voided, links that were handed out too; the cards wait again.")
    _say_models(done)
    if done.rejected:
        output.line(f"{output.counted(done.rejected, 'card')} stay rejected by {name}. Look again at them:")
        output.step("  followguard review list --state rejected")
    _say_followed(done)
    if not done.already and done.person.withdrawn_at is None:
        output.step(f"{name} may still decide. To end that: followguard person withdraw {quoted(name)}")


def _say_models(done: "Distrusted") -> None:
    for each in done.refitted:
        serves = each.model or ("the base model" if each.refitted else "the same model as before")
        output.line(f"model group {each.group}: {serves} serves now ({each.why})")
    for group in done.busy:
        output.line(f"model group {group}: another run is busy with it; the next night or retraining fits it anew")
    if not done.retired and not done.already:
        output.line("No model had learned from them.")


def _say_followed(done: "Distrusted") -> None:
    if not done.followed:
        return
    output.line(f"Followed, or perhaps followed, by what {done.person.name} approved since then:")
    for each in done.followed[:SHOWN]:
        sure = "followed" if each.certain else "perhaps followed"
        username = f" @{safe_text(each.username, 40)}" if each.username else ""
        output.line(f"  @{each.account}: item:{each.item}{username}, {sure}: {each.url}")
    if len(done.followed) > SHOWN:
        output.line(f"  and {len(done.followed) - SHOWN:,} more; --json lists all")
    output.step("Whom not to follow: followguard review overrule item:N --reason spam (or another)")
