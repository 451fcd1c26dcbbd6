"""`followguard person hand-over | distrust`."""

from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, By, Config, Json
from followguard.domain.wording import quoted, safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from followguard.setup.distrust import Distrusted
    from followguard.setup.hand_over import HandedOver
    from followguard.setup.hand_over_store import OpenCard

SHOWN = 50
"""How many cards of a kind are printed; the JSON has all."""


def hand_over_command(
    name: Annotated[str, typer.Argument(metavar="FROM", help="Whose work, also of somebody who was withdrawn.")],
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="The colleague who takes it on.")],
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Pass a person's open work on to a colleague.

    Cards in their hands, cards that they put off, and questions to them. Approvals never pass on: they stay by who gave
    them. Notes stay by their author's name, where everybody sees them. Takes an owner.
    """
    from followguard.setup.hand_over import hand_over

    with opened(config) as here, here.store.begin() as work:
        done = hand_over(work, name, to, by, here.now)
    if json:
        output.document(done.as_json())
    else:
        _say_handed_over(done)


def _say_handed_over(done: "HandedOver") -> None:
    old, new = done.before.name, done.to.name
    if not done.number:
        output.line(f"{old} has nothing open that could pass on to {new}.")
    _say_cards(f"In {new}'s hands now", done.claims)
    _say_cards(f"Put off by {old}, {new}'s now", done.later, days=True)
    own = [each for each in done.questions if each.asked_by == done.to.id]
    _say_cards(f"Asked of {old}, asked of {new} now", [each for each in done.questions if each not in own])
    _say_cards(f"Asked of {old} by {new}, ended", own)
    _say_cards(f"Not passed on, as {new} may decide nothing there", done.left)
    if done.notes:
        output.line(f"{output.counted(done.notes, 'note')} of {old} on undecided cards stay where everybody sees them.")
    if done.number:
        output.line(f"Approvals stay {old}'s.")


def _say_cards(head: str, cards: "Sequence[OpenCard]", *, days: bool = False) -> None:
    if not cards:
        return
    output.line(f"{head}: {output.counted(len(cards), 'card')}")
    for each in cards[:SHOWN]:
        username = f" @{safe_text(each.username, 40)}" if each.username else ""
        output.line(f"  @{each.account}: item:{each.item}{username}" + (f", until {each.due}" if days else ""))
    if len(cards) > SHOWN:
        output.line(f"  and {len(cards) - SHOWN:,} more; --json lists all")


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
        does = "doesn't" if done.decisions == 1 else "don't"
        output.line(f"{made} of {name} since {day} {does} count any more; {labels} went out of training.")
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
    output.step("Whom not to follow, for spam or another reason: followguard review overrule item:N --reason spam")
