"""Why a group doesn't learn today: each refusal says what is missing, and about when it will be there."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from math import ceil

from followguard.classifier.model import Model
from followguard.domain.labels import Label
from followguard.domain.wording import counted
from followguard.store.proofs import Proofs
from followguard.training.context import TrainingContext
from followguard.training.house.canaries import canaries_on_wrong_side
from followguard.training.house.sampling_weights import Capped, Shortfall
from followguard.training.retrain.labelled_decision import LabelledDecision
from followguard.training.retrain.labels import UsableLabels

LEAST_LABELS = 25
LEAST_OF_EACH = 5
"""A batch of look-alikes counts as one."""
PACE_DAYS = 14
MOST_DAYS = 365
"""Beyond a year a forecast says nothing."""
SHOWN = 3
"""Canaries named in a refusal."""
MOST_OF_A_CLASS = 0.5
"""More than this share of a class's weight, after the caps, from one night, batch or person: that one would decide."""
READ_ON = "as read on 2026-11-22 in X's documentation of 2026-08-22"
RULES = (
    "X's developer agreement forbids training a foundation or frontier model; its developer guidelines say that "
    f"storing X's data to train machine-learning models is prohibited (both {READ_ON})"
)


def basis_refusal(handle: str) -> str:
    """Why nothing is learned under `training_basis = "none"`."""
    return (
        f'@{handle} has training_basis = "none": nothing is learned from its decisions. {RULES}. '
        'Where the company decides otherwise, set "own-decisions" or "written-permission"'
    )


def not_vouched(workshop: TrainingContext, at_hand: UsableLabels) -> str | None:
    """Why nothing is learned from these decisions; None where the log vouches for all of them."""
    with workshop.store.begin() as work:
        odd = Proofs(work).unproved_decisions([each.decision_id for each in at_hand.decisions])
    if not odd:
        return None
    if len(odd) == 1:
        return f"decision {odd[0]} isn't the log's: see `followguard prove`"
    return f"{len(odd):,} decisions aren't the log's, the first is decision {odd[0]}: see `followguard prove`"


def too_few(at_hand: UsableLabels, now: datetime) -> str | None:
    """What is missing of the least that a model can learn from, and about when; None when it is there."""
    found = {label: _counted(at_hand.decisions, (label,)) for label in Label}
    missing = {label: max(0, LEAST_OF_EACH - number) for label, number in found.items()}
    total = max(sum(missing.values()), LEAST_LABELS - sum(found.values()))
    if total <= 0:
        return None
    out = f"; {counted(at_hand.left_out, 'label')} of another feature table left out" if at_hand.left_out else ""
    return (
        f"too few labels: {found[Label.GENUINE]} genuine and {found[Label.SPAM]} spam, a batch counted as one; it "
        f"takes {LEAST_LABELS}, {LEAST_OF_EACH} of each kind at least. Missing: {_wanted(missing, total)}, "
        f"{_when(at_hand, missing, total, now)}{out}"
    )


def _wanted(missing: Mapping[Label, int], total: int) -> str:
    lacking = [f"{number} {label.value}" for label, number in missing.items() if number]
    rest = total - sum(missing.values())
    *first, last = [*lacking, f"{rest} of either kind"] if rest else lacking
    return f"{', '.join(first)} and {last}" if first else last


def _counted(decisions: Iterable[LabelledDecision], labels: Collection[Label]) -> int:
    """How many have one of these labels, a batch of look-alikes counted as one."""
    chosen = [each for each in decisions if each.label in labels]
    batches = {(each.account, each.batch, each.label) for each in chosen if each.batch is not None}
    return sum(each.batch is None for each in chosen) + len(batches)


def _when(at_hand: UsableLabels, missing: Mapping[Label, int], total: int, now: datetime) -> str:
    """About when it will be there, at the pace of the last fortnight."""
    recent = [each for each in at_hand.decisions if now - timedelta(days=PACE_DAYS) <= each.at <= now]
    needs = [(total, _counted(recent, tuple(Label)))]
    needs += [(number, _counted(recent, (label,))) for label, number in missing.items() if number]
    if any(pace == 0 for _, pace in needs):
        return f"of which too little was decided in the last {PACE_DAYS} days to say when"
    days = max(ceil(number * PACE_DAYS / pace) for number, pace in needs)
    if days > MOST_DAYS:
        return f"more than a year away at the pace of the last {PACE_DAYS} days"
    return f"there about {(now + timedelta(days=days)).date().isoformat()} at the pace of the last {PACE_DAYS} days"


def one_sided(capped: Capped) -> str | None:
    """Which night, batch or person would decide a class alone, caps or not; None when nobody does."""
    worst = max(_shortfalls(capped.short_of), key=lambda each: each.share, default=None)
    if worst is None:
        return None
    label = "spam" if worst.spam else "genuine"
    return (
        f"all that is known of {label} comes from one {worst.what}, which would decide alone; "
        f"decide followers of other {_PLURAL[worst.what]} too"
    )


_PLURAL = {"night": "nights", "batch": "batches", "person": "people"}


def _shortfalls(short_of: Iterable[Shortfall]) -> list[Shortfall]:
    return [each for each in short_of if each.share > MOST_OF_A_CLASS]


def moved_canaries(model: Model) -> str | None:
    """Which made-up followers of whom nobody doubts what they are the model mistakes; None where it mistakes none."""
    wrong = canaries_on_wrong_side(model)
    if not wrong:
        return None
    named = f"{', '.join(wrong[:SHOWN])}{' and others' if len(wrong) > SHOWN else ''}"
    return (
        f"{len(wrong)} of the canaries, made-up followers of whom nobody doubts what they are, came out on the wrong "
        f"side ({named}); look through the newest labels for slips, or for somebody who means harm, and overrule them"
    )
