"""`followguard model list`, `show`, `promote`, `rollback`, `rebuild`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Account, By, Config, Json
from followguard.training.retrain.commands import print_gate, print_rescored

if TYPE_CHECKING:
    from followguard.training.models.listing import ModelRow
    from followguard.training.models.promote import ChampionChange
    from followguard.training.models.serving import TrainingContext

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="As `followguard model list` shows it; base for the base model.")
]


@contextmanager
def _training(config: str) -> "Iterator[TrainingContext]":
    """Opens the installation with what training needs."""
    from followguard.training.models.serving import training_context

    with opened(config) as here:
        yield training_context(here.installation, here.store)


def list_command(account: Account = None, config: Config = CONFIG, json: Json = False) -> None:
    """List the models of a group, and which of them serves."""
    from followguard.training.models.listing import list_models

    with _training(config) as workshop:
        rows = list_models(workshop, workshop.group(account), output.failure)
    if json:
        output.document(rows)
        return
    heads = ("model", "state", "made by", "made", "genuine", "spam", "gate")
    output.table(heads, [_cells(row) for row in rows], numbers=("genuine", "spam"))


def _cells(row: "ModelRow") -> tuple[object, ...]:
    labels: dict[str, Any] = row.labels or {}
    made = row.created_at if isinstance(row.created_at, str) else output.iso(row.created_at)
    return (
        row.model,
        row.state,
        row.origin,
        made[:10],
        labels.get("genuine", ""),
        labels.get("spam", ""),
        row.why or row.gate.get("outcome", ""),
    )


def show_command(name: Name, account: Account = None, config: Config = CONFIG, json: Json = False) -> None:
    """Show one model: its labels, what the gate found, when it served."""
    from followguard.training.models.listing import show_model

    with _training(config) as workshop:
        shown = show_model(workshop, workshop.group(account), name, output.failure)
    if json:
        output.document(shown)
        return
    row = shown.row
    output.line(f"{row.model}: {row.state}, of the model group {row.group}, made by {row.origin}")
    output.line(f"  content     sha256 {row.content_sha256}")
    if row.labels:
        output.line(f"  labels      {row.labels['genuine']:,} genuine and {row.labels['spam']:,} spam")
        print_gate(row.gate)
    for move in shown.moves:
        by = f" by {move.person}" if move.person else ""
        output.line(f"  {move.kind.value:<11} {output.iso(move.at)}{by}: {move.why}")
    if shown.problem:
        output.line(f"  problem     {shown.problem}")


def promote_command(
    name: Name, by: By = None, account: Account = None, config: Config = CONFIG, json: Json = False
) -> None:
    """Make a model the champion, past the gate: an owner's named act.

    It is logged, takes effect on the next score, and what waits is scored again.
    """
    from followguard.training.models.promote import promote

    with _training(config) as workshop:
        moved = promote(workshop, workshop.group(account), name, by)
    _print_moved(moved, json=json)


def rollback_command(by: By = None, account: Account = None, config: Config = CONFIG, json: Json = False) -> None:
    """Go back to the champion before; the base model at the end.

    Takes effect on the next score, and what waits is scored again. Without --by it is done all the same, and the log
    names nobody: a brake must work at once.
    """
    from followguard.training.models.promote import roll_back

    with _training(config) as workshop:
        moved = roll_back(workshop, workshop.group(account), by, output.failure)
    _print_moved(moved, json=json)


def rebuild_command(account: Account = None, config: Config = CONFIG, json: Json = False) -> None:
    """Fit the champion again after an upgrade, and compare scores.

    From the export of its labels; after a change of features from the decisions on record, as far as profiles are still
    there. Goes past the gate: what it learned stays what it was.
    """
    from followguard.training.retrain.refit_after_upgrade import rebuild

    with _training(config) as workshop:
        done = rebuild(workshop, workshop.group(account))
    if json:
        output.document(done)
        return
    what = "comes out the same and stays" if done.same else f"was fitted again as {done.model}, which serves now"
    output.line(f"Model group {done.group}: {done.champion} {what}.")
    if done.left_out:
        output.line(f"  left out    {output.counted(done.left_out, 'label')} that can't be told in today's features")
    change = done.difference
    output.line(
        f"  scores      {output.counted(change.compared, 'follower')} compared: mean difference {change.mean:.4f}, "
        f"greatest {change.most:.4f}, {change.bands_changed:,} in another band"
    )
    print_rescored(done.rescored, done.busy)


def _print_moved(moved: "ChampionChange", *, json: bool) -> None:
    if json:
        output.document(moved)
        return
    if not moved.changed:
        output.line(f"{moved.model} serves the model group {moved.group} already.")
        return
    output.line(f"{moved.model} serves the model group {moved.group} from now on, {moved.before} did before.")
    print_rescored(moved.rescored, moved.busy)
