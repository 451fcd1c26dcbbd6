"""After an upgrade: the champion fitted again from its export, and its scores beside those on record.

Where the features have changed, the export's values mean something else: then the labels of the decisions it learned
from are taken, with values computed anew from the profiles whose text is still there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from followguard.accounts.store import Accounts
from followguard.classifier.columns import Matrix, ProfileColumns
from followguard.classifier.features import extract, schema_hash, unpacked
from followguard.classifier.model import Model, probabilities
from followguard.domain.house_model import HouseModel, Origin, champion_id, model_name
from followguard.errors import CantServe, DamagedModel, FollowguardError
from followguard.screening.rescore_store import Rescorable, RescorableScores
from followguard.store.work import Work
from followguard.training.models.promote import group_lock, put_in_force, rescore_group
from followguard.training.models.serving import TrainingContext, loaded
from followguard.training.retrain.make import Provenance, TrainedModel, make, make_from_export, save
from followguard.training.retrain.refusals import too_few
from followguard.training.store import Models, UsableLabels, labels_at_hand
from followguard.words.reading import moved

COMPARED = 20_000
"""Scores on record that are compared at most, the newest."""
CHUNK = 5_000
WHY = "rebuilt after an upgrade"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreDifference:
    """Old scores on record against new ones of `compared` present followers; `bands_changed` under today's policy."""

    compared: int
    mean: float
    most: float
    bands_changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """`model` serves from now on; `same` when it has the champion's content hash, `left_out` labels that don't fit."""

    group: str
    champion: str
    model: str
    same: bool
    labels: dict[str, int]
    left_out: int
    difference: ScoreDifference
    rescored: int = 0
    busy: tuple[str, ...] = ()


def rebuild(workshop: TrainingContext, group: str) -> Rebuilt:
    """Fits the champion's labels by its recipe in terms of this program, past the gate.

    A champion that can be read, and comes out the same, stays. Raises `CantServe` where the base model is the champion,
    or the champion has to be fitted by `retrain`; `DamagedExport`, `AlreadyRunning`, `StoreFailed`.
    """
    with group_lock(workshop, group):
        with workshop.store.begin() as work:
            champion = _champion(work, group)
        made = _made(workshop, champion)
        ours, theirs = (made.manifest.content_sha256, schema_hash()), (champion.content_sha256, champion.feature_schema)
        same = ours == theirs
        found = Rebuilt(
            group=group,
            champion=champion.name,
            model=made.manifest.name,
            same=same,
            labels=made.manifest.labels,
            left_out=made.export.left_out,
            difference=_difference(workshop, champion, made.model),
        )
        if same and (_is_whole(workshop, champion) or _restored(workshop, champion)):
            workshop.exports.remove(group, made.export.name)
            found = replace(found, model=champion.name)
        else:
            put_in_force(workshop, made, Origin.REBUILD, WHY)
        rescored, busy = rescore_group(workshop, group)
    return replace(found, rescored=rescored, busy=tuple(busy))


def _champion(work: Work, group: str) -> HouseModel:
    champion = champion_id(Models(work).moves(group))
    found = next((model for model in Models(work).all(group) if model.id == champion), None)
    if found is None:
        raise CantServe(
            f"The base model serves the model group {group}: there is nothing to rebuild.",
            "See `followguard model list`.",
        )
    if not found.usable:
        raise CantServe(f"{found.name} may not serve any more.", "Run `followguard retrain`.")
    return found


def _made(workshop: TrainingContext, champion: HouseModel) -> TrainedModel:
    """Makes the model under a new name, with an export of its own: the old ones stay what they are."""
    if champion.feature_schema != schema_hash():
        return make(workshop, champion.group, _earlier_labels(workshop, champion))
    with workshop.store.begin() as work:
        name = model_name(champion.group, Models(work).next_number(champion.group))
    export, rows = workshop.exports.read(champion.group, champion.name, champion.export_sha256)
    parent = workshop.shelf.base_manifest().content_sha256
    workshop.exports.write(replace(export, name=name, created_at=workshop.now.isoformat(), parent=parent), rows)
    try:
        return make_from_export(workshop, champion.group, name)
    except FollowguardError:
        workshop.exports.remove(champion.group, name)
        raise


def _earlier_labels(workshop: TrainingContext, champion: HouseModel) -> UsableLabels:
    """Returns the labels that the champion learned from, as far as they fit today's features."""
    with workshop.store.begin() as work:
        at_hand = labels_at_hand(work, workshop.learners(champion.group))
    earlier = tuple(each for each in at_hand.decisions if each.decision_id <= champion.newest_decision)
    kept = replace(at_hand, decisions=earlier)
    why = too_few(kept, workshop.now)
    if why is not None:
        raise CantServe(f"{champion.name} can't be rebuilt: {why}.", "The base model serves until there are enough.")
    return kept


def _is_whole(workshop: TrainingContext, champion: HouseModel) -> bool:
    try:
        loaded(workshop.shelf, champion)
    except DamagedModel:
        return False
    return True


def _restored(workshop: TrainingContext, champion: HouseModel) -> bool:
    """Tells whether the champion's own folder could be written again, byte for byte."""
    made = make_from_export(workshop, champion.group, champion.name, champion.export_sha256)
    again = save(workshop, made, Provenance(origin=champion.origin, why="its folder was written again from its labels"))
    return again.file_sha256 == champion.file_sha256


def _difference(workshop: TrainingContext, champion: HouseModel, model: Model) -> ScoreDifference:
    changes: list[float] = []
    bands = 0
    for settings in workshop.installation.in_group(champion.group):
        rows, fresh = _scored_again(workshop, settings.handle, champion.name, model)
        fresh = [moved(p_spam, row.reading.shift) for row, p_spam in zip(rows, fresh, strict=True)]
        changes += [abs(row.p_spam - p_spam) for row, p_spam in zip(rows, fresh, strict=True)]
        band_of = settings.policy.cutoffs.band_of
        bands += sum(band_of(row.p_spam) is not band_of(p_spam) for row, p_spam in zip(rows, fresh, strict=True))
    mean = sum(changes) / len(changes) if changes else 0.0
    return ScoreDifference(compared=len(changes), mean=mean, most=max(changes, default=0.0), bands_changed=bands)


def _scored_again(
    workshop: TrainingContext, handle: str, champion: str, model: Model
) -> tuple[list[Rescorable], list[float]]:
    """Returns what the champion scored last, and the new model's scores of it."""
    with workshop.store.begin() as work:
        ids = [row.id for row in Accounts(work).all() if row.handle == handle]
        rows = RescorableScores(work).rescorable(RescorableScores(work).scored_by(ids, champion, COMPARED))
    usable = [row for row in rows if row.whole or row.feature_schema == schema_hash()]
    fresh: list[float] = []
    for start in range(0, len(usable), CHUNK):
        fresh += probabilities(model, _values(usable[start : start + CHUNK])).tolist()
    return usable, fresh


def _values(rows: Sequence[Rescorable]) -> Matrix:
    """Returns feature values of today's table: those on record where they fit, else computed anew."""
    anew = extract(ProfileColumns.from_profiles([row.profile for row in rows]))
    schema = schema_hash()
    for place, row in enumerate(rows):
        if row.feature_schema == schema:
            anew[place] = unpacked(row.features)
    return anew
