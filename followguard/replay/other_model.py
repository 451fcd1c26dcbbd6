"""The scores that another model would have made of past followers, from the feature values kept with each score."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from followguard.classifier.features import schema_hash
from followguard.classifier.model import Model
from followguard.classifier.scoring import kept_probabilities
from followguard.cli.opened import clock_of
from followguard.domain.installation import Installation
from followguard.domain.policy import AccountSettings
from followguard.replay.past import PastCard, PastScore
from followguard.screening.holding_back import moved
from followguard.store.store import Store
from followguard.training.models.loading import scorer_of
from followguard.training.models.serving import model_folders, training_context
from followguard.words.reading import moved as moved_by_words


@dataclass(frozen=True, slots=True)
class OtherModel:
    """A model to try. `newest_decision` is the id of the newest one it may have learned from, 0 for the base model."""

    name: str
    model: Model
    newest_decision: int = 0
    slope: float = 1.0
    """What the account's random decisions multiply its reasons by."""

    def reads(self, score: PastScore) -> bool:
        """Tells whether the values kept with a score mean what this model takes them for."""
        return score.feature_schema == schema_hash()


def rescored(cards: Sequence[PastCard], other: OtherModel) -> list[PastCard]:
    """Returns the same cards with this model's scores; what can't be read keeps its own."""
    made = [score for card in cards for score in card.scores if other.reads(score)]
    if not made:
        return list(cards)
    found = kept_probabilities(other.model, [score.features for score in made])
    start = other.model.base_logit
    found = [moved(p_spam, start, start, other.slope) for p_spam in found] if other.slope != 1.0 else found
    numbers = dict(zip((score.id for score in made), found, strict=True))

    def anew(score: PastScore) -> PastScore:
        p_spam = numbers.get(score.id)
        if p_spam is None:
            return score
        return replace(
            score, model=other.name, p_spam=moved_by_words(p_spam, score.shift), base_logit=start, slope=other.slope
        )

    return [replace(card, scores=tuple(map(anew, card.scores))) for card in cards]


def scores_of(cards: Sequence[PastCard]) -> dict[int, tuple[float, float]]:
    """Maps the ids of scores to p_spam and base_logit, as these cards have them."""
    return {score.id: (score.p_spam, score.base_logit) for card in cards for score in card.scores}


def model_to_try(installation: "Installation", store: "Store", settings: "AccountSettings", name: str) -> "OtherModel":
    """Returns the base model or one of the account's group. Raises UsageError, DamagedModel, CantServe."""
    from followguard.replay.other_model import OtherModel
    from followguard.screening.recalibrate import as_served
    from followguard.training.models.promote import is_base, known_model
    from followguard.training.models.serving import loaded

    if is_base(training_context(installation, store), name):
        base = scorer_of(model_folders(installation).base(), rate_from_scores=True)
        base = as_served(store, settings, base, clock_of(installation)())
        return OtherModel(base.name, base.model, slope=base.slope)
    with store.begin() as work:
        house = known_model(work, settings.model_group, name)
    return OtherModel(name, scorer_of(loaded(model_folders(installation), house)).model, house.newest_decision)
