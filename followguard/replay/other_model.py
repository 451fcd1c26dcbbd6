"""The scores that another model would have made of past followers, from the feature values kept with each score."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from followguard.classifier.features import schema_hash
from followguard.classifier.model import Model
from followguard.classifier.rescoring import kept_probabilities
from followguard.replay.past import PastCard, PastScore


@dataclass(frozen=True, slots=True)
class OtherModel:
    """A model to try. `newest_decision` is the id of the newest one it may have learned from, 0 for the base model."""

    name: str
    model: Model
    newest_decision: int = 0

    def reads(self, score: PastScore) -> bool:
        """Whether the values kept with a score mean what this model takes them for."""
        return score.feature_schema == schema_hash()


def rescored(cards: Sequence[PastCard], other: OtherModel) -> list[PastCard]:
    """The same cards with this model's scores; what can't be read keeps its own."""
    made = [score for card in cards for score in card.scores if other.reads(score)]
    if not made:
        return list(cards)
    found = kept_probabilities(other.model, [score.features for score in made])
    numbers = dict(zip((score.id for score in made), found, strict=True))

    def anew(score: PastScore) -> PastScore:
        p_spam = numbers.get(score.id)
        if p_spam is None:
            return score
        return replace(score, model=other.name, p_spam=p_spam, base_logit=other.model.base_logit)

    return [replace(card, scores=tuple(map(anew, card.scores))) for card in cards]
