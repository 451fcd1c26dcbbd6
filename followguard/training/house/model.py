"""The house model: the base model, and beside it what a model group's own decisions taught."""

from dataclasses import replace

import numpy as np

from followguard.classifier.columns import Floats
from followguard.classifier.house import HousePart
from followguard.classifier.model import Model
from followguard.classifier.pairs import FeaturePair
from followguard.classifier.trees import Trees
from followguard.training.house.decisions import DecisionArrays
from followguard.training.house.fitting import HouseRecipe
from followguard.training.house.mixture import Members, Weights, fit_members, weights_of

DECIMALS = 6
TREE_DECIMALS = 8
RECIPE = HouseRecipe()


def train_house(base: Model, decided: DecisionArrays, seed: int, recipe: HouseRecipe = RECIPE) -> Model:
    """Moves the base model by the decisions; the same base, decisions and seed give the same content hash.

    Decisions of weight 0 leave no trace. Without both labels the base model comes back as it is.
    """
    decided = _counted(decided)
    if not decided.both_labels():
        return base
    weights = weights_of(base, decided, recipe, seed)
    return _mixed(base, fit_members(base, decided, recipe, recipe.trees, seed), weights)


def _counted(decided: DecisionArrays) -> DecisionArrays:
    """Keeps decisions that weigh something, their weights together as much as equal ones that would tell as much.

    Caps take weight away, audits add it; neither says how many decisions there are. Kish's effective number does:
    (sum w)^2 / sum w^2. The shares stay as they are.
    """
    kept = decided.where(decided.weight > 0.0)
    if not len(kept):
        return kept
    return replace(kept, weight=kept.weight * kept.weight.sum() / np.square(kept.weight).sum())


def _mixed(base: Model, members: Members, weights: Weights) -> Model:
    """Puts the members together: each adds to the log-odds as much as it weighs."""
    tables = weights.tables
    follow = weights.base * (1.0 + members.stretch[0]) + tables * members.moves.follow
    constant = weights.base * members.stretch[1] + tables * members.moves.constant
    votes = weights.trees * (1.0 + weights.vote[0])
    start = (1.0 - weights.trees) * members.base_logit + votes * members.trees.expected
    own = HousePart(
        follow=np.round(np.broadcast_to(follow, members.moves.follow.shape), DECIMALS),
        regain=np.round(weights.trees * members.told_by, DECIMALS),
        tables=members.moves.tables(tables, constant),
        pairs=tuple(_lighter(pair, tables) for pair in members.moves.pairs) if tables else (),
        trees=_counting(members.trees, votes) if votes > 0.0 else None,
    )
    base_logit = round(start + weights.trees * float(weights.vote[1]), DECIMALS)
    return replace(base, base_logit=base_logit, own=own)


def _lighter(pair: FeaturePair, share: float) -> FeaturePair:
    steps: Floats = np.round(pair.steps * share, DECIMALS)
    return replace(pair, steps=steps)


def _counting(trees: Trees, votes: float) -> Trees:
    return replace(trees, value=np.round(trees.value * votes, TREE_DECIMALS).astype(np.float32))
