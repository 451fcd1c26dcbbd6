"""Updates of the base model by random decisions: each one on record is made again from the decisions that it names."""

from collections.abc import Iterator, Mapping
from typing import Any

from followguard.domain.labels import Label, label_of
from followguard.proof.finding import ProofFinding, Row, Rows
from followguard.proof.vouching import Vouched
from followguard.screening.recalibrate import UPDATE_ENTRY

FALSE = frozenset({"0", "false", "f"})
"""How the databases spell a flag that isn't set."""


def check_calibrations(rows: Rows, vouched: Vouched) -> Iterator[ProofFinding]:
    """Finds updates that aren't what their decisions come to, and decisions that didn't say what an update took.

    A decision of somebody who was forgotten since isn't there any more: its answer is the log's.
    """
    for seq, entry in sorted(vouched.entries.items()):
        told = vouched.openings.get(seq)
        if entry.kind == UPDATE_ENTRY and told is not None and told.payload:
            yield from _checked(f"log {seq}", told.payload, rows)


def _checked(row: str, told: Mapping[str, Any], rows: Rows) -> Iterator[ProofFinding]:
    from followguard.classifier.recalibration import Recalibration, fitted

    for decision, _, spam in told["answers"]:
        made = rows["decisions"].get(str(decision))
        if made is not None and not _says(made, spam):
            text = f"this update took decision {decision} of the random sample for another answer than it gave"
            yield ProofFinding(rule="calibration", row=row, text=text)
    sums, spam = [each[1] for each in told["answers"]], [each[2] for each in told["answers"]]
    if fitted(sums, spam, told["base_logit"]) != Recalibration(told["intercept"], told["slope"]):
        text = "this update of the probabilities isn't what its decisions come to"
        yield ProofFinding(rule="calibration", row=row, text=text)


def _says(made: Row, spam: bool) -> bool:
    real = (made["real_account"] or "").lower() not in FALSE
    label = label_of(made["kind"] or "", made["reason"], real)
    return made["shown_because"] == "sample" and label is (Label.SPAM if spam else Label.GENUINE)
