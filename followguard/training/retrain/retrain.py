"""Retraining: a model group's decisions make a challenger, and the gate says whether it replaces the champion."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from followguard.domain.house_model import HouseModel, MoveKind, NewMove, Origin, Retraining, RetrainOutcome
from followguard.domain.labels import Label
from followguard.domain.policy import AccountSettings
from followguard.errors import FAILED, DamagedExport, PartlyDone, Tell
from followguard.training.house.decisions import decided_of, not_learned
from followguard.training.house.gate import GateVerdict, Trial, judge
from followguard.training.models.promote import (
    group_lock,
    predictions_before_labels,
    put_on_record,
    rescore_group,
    serve,
)
from followguard.training.models.serving import LEARNS_NOTHING, InForce, TrainingContext, champion_of, model_of
from followguard.training.retrain.exports import pseudonym
from followguard.training.retrain.make import Provenance, TrainedModel, clear_old_challengers, make, save
from followguard.training.retrain.refit_after_forget import refit_champion
from followguard.training.retrain.refusals import basis_refusal, moved_canaries, not_vouched, one_sided, too_few
from followguard.training.store import Learning, Models, UsableLabels, labels_at_hand

CLOCKS_APART = timedelta(hours=1)
"""The clocks of two machines of one office are closer."""
NOTHING_NEW = "the same model as the champion: nothing was decided since that it hadn't learned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrained:
    """The outcome of a retraining. `model` scores the group from now on; `challenger` is empty where none was trained.

    `rescored` cards that wait have a new score; `busy` accounts get theirs from the run that is busy with them.
    """

    account: str
    group: str
    outcome: RetrainOutcome
    why: str
    labels: dict[str, int]
    left_out: int
    champion: dict[str, Any]
    challenger: dict[str, Any]
    model: str
    rescored: int = 0
    busy: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """Returns 1 when it was refused."""
        return FAILED if self.outcome is RetrainOutcome.REFUSED else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """One retraining under way."""

    workshop: TrainingContext
    settings: AccountSettings
    champion: InForce
    at_hand: UsableLabels
    tell: Tell

    @property
    def group(self) -> str:
        return self.settings.model_group

    def ended(self, outcome: RetrainOutcome, why: str, challenger: dict[str, Any] | None = None) -> Retrained:
        return Retrained(
            account=self.settings.handle,
            group=self.group,
            outcome=outcome,
            why=why,
            labels={label.value: self.at_hand.number(label) for label in Label},
            left_out=self.at_hand.left_out,
            champion=_summary(self.champion),
            challenger=challenger or {},
            model=self.champion.name,
        )

    def noted(self, outcome: RetrainOutcome, why: str, model_id: int | None = None) -> Retraining:
        genuine, spam = (self.at_hand.number(label) for label in (Label.GENUINE, Label.SPAM))
        return Retraining(
            group=self.group,
            at=self.workshop.now,
            outcome=outcome,
            why=why,
            genuine=genuine,
            spam=spam,
            newest_decision=self.at_hand.newest,
            model_id=model_id,
        )


def retrain(workshop: TrainingContext, handle: str | None, tell: Tell) -> Retrained:
    """Learns for the model group of the account named, or of the only group there is.

    A refusal leaves the champion as it is. Raises `AlreadyRunning` while another run learns for the group,
    `StoreFailed` where the disk is full, `UsageError` where there are several groups and none is named.
    """
    settings = _account(workshop, handle)
    if settings.training_basis == LEARNS_NOTHING:
        champion = InForce(shelved=workshop.shelf.base(), house=None)
        at_hand = UsableLabels(decisions=(), left_out=0)
        attempt = _Attempt(workshop=workshop, settings=settings, champion=champion, at_hand=at_hand, tell=tell)
        return attempt.ended(RetrainOutcome.REFUSED, basis_refusal(settings.handle))
    with workshop.store.begin() as work:
        forgotten = any(model.retired_at for model in Models(work).all(settings.model_group))
    if forgotten:  # the machine may have died before it was refitted
        refit_champion(workshop, settings.model_group)
    with group_lock(workshop, settings.model_group):
        champion = champion_of(workshop.store, workshop.shelf, settings.model_group, tell)
        with workshop.store.begin() as work:
            at_hand = labels_at_hand(work, workshop.learners(settings.model_group))
        return _learned(_Attempt(workshop=workshop, settings=settings, champion=champion, at_hand=at_hand, tell=tell))


def _account(workshop: TrainingContext, handle: str | None) -> AccountSettings:
    """Returns the account named; without one the group's first that may be learned from, or its first."""
    if handle is not None:
        return workshop.installation.account(handle)
    group = workshop.group(None)
    return next(iter(workshop.learners(group)), workshop.installation.in_group(group)[0])


def _learned(attempt: _Attempt) -> Retrained:
    workshop, at_hand = attempt.workshop, attempt.at_hand
    _tell_of_the_clock(attempt)
    why = (
        not_vouched(workshop, at_hand)
        or too_few(at_hand, workshop.now)
        or one_sided(decided_of(at_hand.rows(workshop.secret))[1])
    )
    if why is not None:
        return _refused(attempt, why)
    made = make(workshop, attempt.group, at_hand)
    why = moved_canaries(made.model)
    if why is not None:
        workshop.exports.remove(attempt.group, made.export.name)
        return _refused(attempt, why)
    if made.manifest.content_sha256 == attempt.champion.shelved.manifest.content_sha256:
        workshop.exports.remove(attempt.group, made.export.name)
        _mend_export(attempt, made)
        with workshop.store.begin() as work:
            Learning(work).note(attempt.noted(RetrainOutcome.KEPT, NOTHING_NEW))
        return attempt.ended(RetrainOutcome.KEPT, NOTHING_NEW)
    return _judged(attempt, made)


def _tell_of_the_clock(attempt: _Attempt) -> None:
    """Tells of a wrong clock: learning goes by the order of decisions, but people read dates."""
    now = attempt.workshop.now
    latest = max((each.at for each in attempt.at_hand.decisions), default=now)
    if latest - now > CLOCKS_APART:
        what = f"The clock says {now:%Y-%m-%d %H:%M} UTC, but a decision was made on {latest:%Y-%m-%d %H:%M}."
        attempt.tell(PartlyDone(what, "Set this machine's clock; `followguard doctor` checks it."))


def _mend_export(attempt: _Attempt, made: TrainedModel) -> None:
    """Writes the champion's export anew where these labels are the ones that it holds: it may have been damaged."""
    house = attempt.champion.house
    if house is not None and house.export_sha256 == made.export.file_sha256:
        attempt.workshop.exports.write(
            replace(made.export, name=house.name), attempt.at_hand.rows(attempt.workshop.secret)
        )


def _refused(attempt: _Attempt, why: str) -> Retrained:
    with attempt.workshop.store.begin() as work:
        Learning(work).note(attempt.noted(RetrainOutcome.REFUSED, why))
    return attempt.ended(RetrainOutcome.REFUSED, why)


def _judged(attempt: _Attempt, made: TrainedModel) -> Retrained:
    fresh = not_learned(made.decided, _learned_keys(attempt))
    champion, cutoffs = model_of(attempt.champion.shelved), attempt.settings.policy.cutoffs
    verdict = judge(Trial(model_of(made.base), champion, made.decided, made.export.seed, fresh, cutoffs))
    model = _on_record(attempt, made, verdict)
    clear_old_challengers(attempt.workshop, attempt.group, attempt.tell)
    challenger = {"model": model.name, "content_sha256": model.content_sha256, "gate": verdict.as_json()}
    ended = attempt.ended(RetrainOutcome.PROMOTED if verdict.promoted else RetrainOutcome.KEPT, verdict.why, challenger)
    if not verdict.promoted:
        return ended
    rescored, busy = rescore_group(attempt.workshop, attempt.group)
    return replace(ended, model=model.name, rescored=rescored, busy=tuple(busy))


def _on_record(attempt: _Attempt, made: TrainedModel, verdict: GateVerdict) -> HouseModel:
    new = save(attempt.workshop, made, Provenance(origin=Origin.RETRAIN, verdict=verdict))
    now, group = attempt.workshop.now, attempt.group
    with attempt.workshop.store.begin() as work:
        model = Models(work).add(new)
        outcome = RetrainOutcome.PROMOTED if verdict.promoted else RetrainOutcome.KEPT
        Learning(work).note(attempt.noted(outcome, verdict.why, model.id))
        if verdict.promoted:
            move = NewMove(group=group, kind=MoveKind.PROMOTE, model_id=model.id, at=now, why=verdict.why)
            serve(work, move, model)
            put_on_record(attempt.workshop, work, model, predictions_before_labels(made, verdict.beforehand))
    return model


def _learned_keys(attempt: _Attempt) -> set[str]:
    """Returns the keys that the champion learned from, by its export; by decision number without one."""
    house = attempt.champion.house
    if house is None:
        return set()
    try:
        return {row.key for row in attempt.workshop.exports.read(house.group, house.name, house.export_sha256)[1]}
    except DamagedExport as error:
        attempt.tell(error)
    earlier = (each for each in attempt.at_hand.decisions if each.decision_id <= house.newest_decision)
    return {pseudonym(attempt.workshop.secret, each.account, each.follower_id) for each in earlier}


def _summary(champion: InForce) -> dict[str, Any]:
    house = champion.house
    labels = None if house is None else {"genuine": house.genuine, "spam": house.spam}
    return {"model": champion.name, "content_sha256": champion.shelved.manifest.content_sha256, "labels": labels}
