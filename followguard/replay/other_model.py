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
from followguard.store.store import Store
from followguard.training.models.loading import scorer_of
from followguard.training.models.serving import model_folders, training_context
from followguard.words.reading import moved


@dataclass(frozen=True, slots=True)
class OtherModel:
    """A model to try. `newest_decision` is the id of the newest one it may have learned from, 0 for the base model."""

    name: str
    model: Model
    newest_decision: int = 0

    def reads(self, score: PastScore) -> bool:
        """Tells whether the values kept with a score mean what this model takes them for."""
        return score.feature_schema == schema_hash()


def rescored(cards: Sequence[PastCard], other: OtherModel) -> list[PastCard]:
    """Returns the same cards with this model's scores; what can't be read keeps its own."""
    made = [score for card in cards for score in card.scores if other.reads(score)]
    if not made:
        return list(cards)
    found = kept_probabilities(other.model, [score.features for score in made])
    numbers = dict(zip((score.id for score in made), found, strict=True))

    def anew(score: PastScore) -> PastScore:
        p_spam = numbers.get(score.id)
        if p_spam is None:
            return score
        return replace(score, model=other.name, p_spam=moved(p_spam, score.shift), base_logit=other.model.base_logit)

    return [replace(card, scores=tuple(map(anew, card.scores))) for card in cards]


def model_to_try(installation: "Installation", store: "Store", settings: "AccountSettings", name: str) -> "OtherModel":
    """Returns the base model or one of the account's group. Raises UsageError, DamagedModel, CantServe."""
    from followguard.replay.other_model import OtherModel
    from followguard.screening.score import at_own_rate
    from followguard.training.models.promote import is_base, known_model
    from followguard.training.models.serving import loaded

    if is_base(training_context(installation, store), name):
        base = scorer_of(model_folders(installation).base(), rate_from_scores=True)
        base = at_own_rate(store, settings.handle, base, clock_of(installation)())
        return OtherModel(base.name, base.model)
    with store.begin() as work:
        house = known_model(work, settings.model_group, name)
    return OtherModel(name, scorer_of(loaded(model_folders(installation), house)).model, house.newest_decision)
