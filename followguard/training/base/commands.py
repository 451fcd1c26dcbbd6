"""`followguard model`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from followguard.cli import output
from followguard.cli.opened import read
from followguard.cli.options import CONFIG, Config, Json

BASE = Path("models/base")


def train_base_command(
    datasets: Annotated[Path, typer.Option("--datasets", metavar="DIR", help="The folder of the public data sets.")],
    hold_out: Annotated[
        str | None,
        typer.Option("--hold-out", metavar="GROUP", help="Leave a group or set out, and measure the model on it."),
    ] = None,
    output_folder: Annotated[
        Path, typer.Option("--output", metavar="DIR", help="Where model, manifest and card go.")
    ] = BASE,
    json: Json = False,
) -> None:
    """Train the base model from the public data sets.

    Every file is checked against training_data/sources.toml first. Without --hold-out every group is held out in turn
    for the figures, and the saved model is then trained on everything.
    """
    from datetime import UTC, datetime

    from followguard.errors import UsageError
    from followguard.training.base.card import summary_line
    from followguard.training.base.card_page import write_card_page
    from followguard.training.base.public_sets import load_public_sets, public_set_hashes
    from followguard.training.base.train_base import TrainBaseOptions, train_base
    from followguard.training.models.loading import registry

    if hold_out and output_folder == BASE:
        raise UsageError("A model with a group held out isn't the one to ship.", "Name its folder: --output DIR.")
    rows = load_public_sets(datasets, output.note)
    hashes = public_set_hashes()
    order = TrainBaseOptions(output=output_folder, now=datetime.now(UTC), hold_out=hold_out, data_files=hashes)
    manifest = train_base(rows, registry(), order, output.note)
    write_card_page(output_folder)
    if json:
        output.document({"output": str(output_folder), **manifest.as_json()})
        return
    output.line(f"Wrote {output_folder}: {manifest.name}")
    _print_groups("held out", manifest.metrics["held_out"])
    output.line(summary_line(manifest.metrics["summary"]))


def evaluate_command(
    labels: Annotated[
        Path,
        typer.Option("--labels", metavar="FILE", help="A profile file with a label column, or a file of a public set."),
    ],
    model: Annotated[
        Path | None, typer.Option("--model", metavar="DIR", help="A model's folder. Default: the base model.")
    ] = None,
    account: Annotated[
        str | None,
        typer.Option("--account", metavar="HANDLE", help="Take this account's model and policy."),
    ] = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Measure a model on a file of labelled profiles.

    Rows without a usable label are skipped, and counted by the reason.
    """
    from datetime import UTC, datetime

    from followguard.domain.policy import Policy
    from followguard.errors import UsageError
    from followguard.training.base.evaluate import evaluate_file
    from followguard.training.base.public_sets import read_labelled_file
    from followguard.training.models.loading import load_model
    from followguard.training.models.serving import load_scorer

    if model and account:
        raise UsageError("--model and --account name two models.", "Give one of them.")
    if model and not model.is_dir():
        raise UsageError(f"There is no folder {model}.", "Name the folder that holds model.joblib and manifest.json.")
    installation = read(config) if account else None
    settings = installation.account(account) if installation else None
    rows, skipped = read_labelled_file(labels, datetime.now(UTC), output.warn)
    scorer = load_model(model) if model else load_scorer(installation, account, tell=output.failure)
    found = evaluate_file(scorer, rows, (settings.policy if settings else Policy()).cutoffs, skipped)
    if json:
        output.document(found)
    else:
        _print(found)


FIGURES = ("rows", "spam", "auc", "brier")
RECALL = "recall at FPR 0.01"
WIDE = 20


def _print_groups(head: str, groups: dict[str, dict[str, Any]]) -> None:
    rows = [
        (name, *(_shown(found[key]) for key in FIGURES), _shown(found["recall_at_fpr"]["0.01"]))
        for name, found in groups.items()
    ]
    output.table((head, *FIGURES, RECALL), rows, numbers=(*FIGURES, RECALL))


def _shown(value: Any) -> str:
    if value is None:
        return "needs both answers"
    return f"{value:.3f}" if isinstance(value, float) else f"{value:,}"


def _print(found: dict[str, Any]) -> None:
    from followguard.files.profile_row import reasons_in_words

    why = f": {reasons_in_words(found['skipped_reasons'])}" if found["skipped"] else ""
    rows = output.counted(found["rows"], "row")
    output.line(f"{found['model']} on {rows} ({found['skipped']:,} skipped{why})")
    for name in ("prevalence", "auc", "average_precision", "brier", "ece"):
        output.line(f"  {name.replace('_', ' '):<{WIDE}} {_shown(found[name])}")
    for rate, recall in found["recall_at_fpr"].items():
        output.line(f"  {f'recall at FPR {rate}':<{WIDE}} {_shown(recall)}")
    for band, counts in found["bands"].items():
        output.line(f"  {f'band {band}':<{WIDE}} {counts['spam']:,} spam, {counts['genuine']:,} genuine")
    if len(found["by_group"]) > 1:
        output.line()
        _print_groups("group", found["by_group"])
