"""How the base model is judged: one spam group held out at a time, with half of the genuine accounts."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import joblib
import numpy as np

from followguard.classifier import metrics
from followguard.classifier.columns import Flags, Floats, Matrix
from followguard.classifier.features import FEATURES
from followguard.classifier.model import Model, probabilities
from followguard.training.base.fitting import Recipe
from followguard.training.base.samples import Samples, weights_at
from followguard.training.base.training import PREVALENCE, RECIPE, train

CRESCI = "cresci-2017"
GENUINE = "genuine"
OTHER_SETS = ("caverlee-2011", "human-bots-2020")
UNSURE, SURE = 0.5, 0.95
"""Cutoffs that the figures tell the reach of; above the second, likely spam may be held back by default."""
Figures = dict[str, Any]
Fold = Callable[[list[float]], float]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A group or set that training doesn't see, and the rows that the model is then measured on."""

    name: str
    unseen: Flags
    measured: Flags


def held_out(samples: Samples, name: str) -> HeldOut:
    """Leaves out the group or the whole set of that name, and half of Cresci's genuine accounts.

    A spam group is measured against that half, a whole set on its own rows.
    """
    half = measuring_half(samples)
    group, whole = samples.group == name, samples.source == name
    own = group | whole
    measured = own if len(np.unique(samples.spam[own])) == 2 else own | half
    return HeldOut(name, own | half, measured)


def measuring_half(samples: Samples) -> Flags:
    """Returns the genuine accounts of Cresci 2017 whose id has an odd sha256: the same half in every run, anywhere."""
    odd = [hashlib.sha256(str(row).encode()).digest()[-1] % 2 == 1 for row in samples.id]
    return np.asarray((samples.group == GENUINE) & np.array(odd, dtype=bool))


def cases(samples: Samples) -> Iterator[HeldOut]:
    """Yields each spam group of Cresci 2017, then each of the other sets as a whole."""
    groups = np.unique(samples.group[(samples.source == CRESCI) & samples.spam])
    for name in [str(group) for group in groups] + [name for name in OTHER_SETS if name in samples.source]:
        yield held_out(samples, name)


def figures(samples: Samples, seed: int, say: Callable[[str], None], recipe: Recipe = RECIPE) -> dict[str, Figures]:
    """Maps what was held out to the figures of a model that never saw it. Tells one line of progress each.

    The models are trained side by side, one a processor.
    """
    listed = list(cases(samples))
    jobs = joblib.Parallel(n_jobs=-1, return_as="generator")
    found = {}
    asked = (joblib.delayed(_figures_of)(samples, case, seed, recipe) for case in listed)
    for case, figure in zip(listed, jobs(asked), strict=True):
        found[case.name] = figure
        say(f"held out {case.name}: AUC {figure['auc']:.3f}")
    return found


def _figures_of(samples: Samples, case: HeldOut, seed: int, recipe: Recipe) -> Figures:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        model = train(samples.where(~case.unseen), seed, recipe)
        return measured(model, samples.where(case.measured))


def measured(model: Model, rows: Samples) -> Figures:
    """Measures the ranking as it is; probabilities at the assumed prevalence, every group weighing the same."""
    p_spam = probabilities(model, rows.matrix)
    weights = weights_at(PREVALENCE, rows)
    return {
        "rows": len(rows),
        "spam": int(rows.spam.sum()),
        "auc": metrics.auc(rows.spam, p_spam),
        "auc_without_likes_and_lists": metrics.auc(rows.spam, probabilities(model, _without_likes_and_lists(rows))),
        "recall_at_fpr": metrics.recalls(rows.spam, p_spam),
        "reached": {
            str(cutoff): {"spam": _share(p_spam[rows.spam] >= cutoff), "genuine": _share(p_spam[~rows.spam] >= cutoff)}
            for cutoff in (UNSURE, SURE)
        },
        "brier": metrics.brier(rows.spam, p_spam, weights),
        "ece": metrics.ece(rows.spam, p_spam, weights),
    }


def _without_likes_and_lists(rows: Samples) -> Matrix:
    """Returns the values as they are when X leaves out two counts that it may leave out."""
    left_out = [feature.name.startswith(("likes_", "listed_")) for feature in FEATURES]
    return np.where(left_out, np.float32(np.nan), rows.matrix)


def summary(found: Mapping[str, Figures]) -> Figures:
    """Returns means over Cresci's groups, and the worst; mean and worst AUC are what a base model must reach."""
    cresci = [figure for name, figure in found.items() if name not in OTHER_SETS]
    return _over(cresci, _mean, _mean) | {"worst": _over(cresci, min, max)} if cresci else {}


def _over(found: Sequence[Figures], of_good: Fold, of_bad: Fold) -> Figures:
    """Returns one value of each figure: high is good for the first three, low for the last two."""
    return {
        "auc": of_good([figure["auc"] for figure in found]),
        "auc_without_likes_and_lists": of_good([figure["auc_without_likes_and_lists"] for figure in found]),
        "recall_at_fpr": {"0.01": of_good([figure["recall_at_fpr"]["0.01"] for figure in found])},
        "brier": of_bad([figure["brier"] for figure in found]),
        "ece": of_bad([figure["ece"] for figure in found]),
    }


def _mean(values: list[float]) -> float:
    return float(np.mean(values))


def _share(flags: Flags | Floats) -> float | None:
    return float(np.mean(flags)) if len(flags) else None
