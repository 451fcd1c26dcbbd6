"""`followguard retrain`."""

from typing import TYPE_CHECKING, Any

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Account, Config, Json

if TYPE_CHECKING:
    from followguard.training.retrain.retrain import Retrained


def command(account: Account = None, config: Config = CONFIG, json: Json = False) -> int:
    """Learn from the decisions; the better model is kept.

    The decisions of all accounts in the model group make a challenger, and it replaces the champion only where it is
    surely better on decisions that it hadn't learned from. What waits is then scored again. Without --account the one
    model group there is. Exit code 1 when it is refused, and why; 4 while another run learns for the group.
    """
    from followguard.training.models.serving import training_context
    from followguard.training.retrain.retrain import retrain

    with opened(config) as here:
        done = retrain(training_context(here.installation, here.store), account, output.failure)
    if json:
        output.document(done)
    else:
        _print(done)
    return done.exit_code


def _print(done: "Retrained") -> None:
    labels = f"{done.labels['genuine']:,} genuine and {done.labels['spam']:,} spam"
    output.line(f"Model group {done.group}: {done.outcome.value}. {output.sentence(_capital(done.why))}")
    output.line(f"  labels      {labels}")
    if done.left_out:
        output.line(f"  left out    {output.counted(done.left_out, 'label')} of another feature table")
    if done.challenger:
        output.line(f"  challenger  {done.challenger['model']}, judged against {done.champion['model']}")
        print_gate(done.challenger["gate"])
    output.line(f"  in force    {done.model}")
    print_rescored(done.rescored, done.busy)


def print_gate(gate: dict[str, Any]) -> None:
    """Prints the gate's table: cards newly right and wrong, and cards that changed band; the JSON has the nats."""
    if "judged" not in gate:
        output.line(f"  gate        {gate.get('why', '')}")
        return
    clusters = output.counted(gate["clusters"], "night or batch", "nights and batches")
    output.line(f"  judged on   {output.counted(gate['judged'], 'decision')} in {clusters}")
    output.line(f"  sides       {gate.get('righted', 0):,} newly right, {gate.get('wronged', 0):,} newly wrong (by .5)")
    output.line(
        f"  bands       {gate['towards_spam']:,} decided cards nearer to spam, "
        f"{gate['towards_genuine']:,} nearer to genuine"
    )


def print_rescored(rescored: int, busy: tuple[str, ...]) -> None:
    """Prints how many waiting cards were scored again."""
    if rescored:
        output.line(f"  rescored    {output.counted(rescored, 'waiting card')}")
    for handle in busy:
        output.line(
            f"  busy        @{handle}: another run has it; its waiting cards are scored again by the next night"
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
