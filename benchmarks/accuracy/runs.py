"""The models of the accuracy bench: each training set is trained on once, each population scored once."""

from dataclasses import dataclass, field, replace
from hashlib import sha256

import numpy as np

from benchmarks.accuracy.material import COUNTS, Case, Material
from followguard.classifier import metrics
from followguard.classifier.columns import Flags, Floats
from followguard.classifier.model import Model, probabilities
from followguard.training.base.fitting import Recipe
from followguard.training.base.reliability import told
from followguard.training.base.samples import Samples
from followguard.training.base.training import PREVALENCE, RECIPE, train, uncalibrated

SEED = 20_150_501
FOLDS = 10
CHOOSING_FOLDS = 3
EVERY_FEATURE = tuple(dict.fromkeys((*RECIPE.with_likes, *RECIPE.without_likes)))
AT_HOME = replace(RECIPE, struck_out=0.0, smooth=0.5, with_likes=EVERY_FEATURE, without_likes=EVERY_FEATURE)
OF_ITS_OWN = (replace(AT_HOME, trees=0), replace(AT_HOME, trees=0, smooth=RECIPE.smooth), replace(RECIPE, trees=0))
"""Protocol (a) chooses among tables: of all features, smoothed less, without striking out; and as they ship.

The newest set, which trees are at home with, isn't there.
"""
FOREST_TREES = 100
FOUR_COUNTS = {
    "likes": COUNTS[:4],
    "lists": (*COUNTS[:3], "listed_count"),
}
"""The fourth count of Hays' forest, beside followers, following and posts; the better of the two is compared with."""
Figures = dict[str, float]


@dataclass(slots=True)
class Trained:
    """The models trained so far, by the content of their training rows."""

    seed: int = SEED
    _models: dict[bytes, Model] = field(default_factory=dict)

    def scored(self, known: Material, case: Case) -> Floats:
        """Computes p_spam of the rows that the case measures, by a model that saw none of them."""
        samples = replace(known.samples, source=case.source)
        kept = samples.where(~case.unseen)
        key = sha256(kept.matrix.tobytes() + "\n".join([*kept.group, *kept.source]).encode()).digest()
        if key not in self._models:
            self._models[key] = train(kept, self.seed)
        return probabilities(self._models[key], samples.where(case.measured).matrix)


def forest_of_counts(known: Material, case: Case, counts: tuple[str, ...], seed: int = SEED) -> Floats:
    """Scores by Hays' forest: raw counts, scikit-learn's defaults, trained on the other sets as they are."""
    from sklearn.ensemble import RandomForestClassifier

    columns = known.counts[:, [COUNTS.index(name) for name in counts]]
    forest = RandomForestClassifier(n_estimators=FOREST_TREES, random_state=seed, n_jobs=1)
    forest.fit(columns[~case.unseen], known.samples.spam[~case.unseen])
    return np.asarray(forest.predict_proba(columns[case.measured])[:, 1])


def ten_folds(rows: Samples, draw: int, seed: int = SEED) -> Figures:
    """Runs one draw of protocol (a): as many fakes as genuine accounts, ten folds; returns means over the folds.

    Each fold's recipe is chosen inside its own training rows. Training and test rows are of one population, so the
    recipe needn't strike out anything for populations that it never saw.
    """
    rng = np.random.default_rng([seed, draw])
    balanced = rows.where(_balanced(rows.spam, rng))
    fold = _folds(balanced.spam, rng)
    found = [_fold_figures(balanced, fold == number, seed + draw) for number in range(FOLDS)]
    return {name: float(np.mean([figures[name] for figures in found])) for name in found[0]}


def chosen_recipe(rows: Samples, seed: int) -> Recipe:
    """Chooses the recipe of `OF_ITS_OWN` that ranks best over random folds of these rows."""
    fold = _folds(rows.spam, np.random.default_rng([seed, 1]), CHOOSING_FOLDS)
    outs = [fold == number for number in range(CHOOSING_FOLDS)]
    return max(OF_ITS_OWN, key=lambda recipe: sum(_inner_auc(rows, out, seed, recipe) for out in outs))


def _inner_auc(rows: Samples, out: Flags, seed: int, recipe: Recipe) -> float:
    model = uncalibrated(rows.where(~out), seed, recipe)
    return metrics.auc(rows.spam[out], probabilities(model, rows.matrix[out])) or 0.0


def _fold_figures(rows: Samples, out: Flags, seed: int) -> Figures:
    known, asked = rows.where(~out), rows.where(out)
    model = train(known, seed, chosen_recipe(known, seed))
    p_spam = probabilities(model, asked.matrix)
    even = told(p_spam, PREVALENCE, 0.5)
    return {
        "accuracy": float(np.mean((p_spam >= 0.5) == asked.spam)),
        "accuracy_even": float(np.mean((even >= 0.5) == asked.spam)),
        "auc": float(metrics.auc(asked.spam, p_spam) or 0.0),
    }


def _balanced(spam: Flags, rng: np.random.Generator) -> np.ndarray:
    """Draws as many spam rows as there are genuine ones; returns the numbers of both."""
    genuine, fakes = np.flatnonzero(~spam), np.flatnonzero(spam)
    drawn = rng.choice(fakes, min(len(genuine), len(fakes)), replace=False)
    return np.sort(np.concatenate([genuine, drawn]))


def _folds(spam: Flags, rng: np.random.Generator, many: int = FOLDS) -> np.ndarray:
    """Deals each row a fold; every fold holds as many of each answer as the others, give or take one."""
    fold = np.empty(len(spam), dtype=np.int64)
    for label in (True, False):
        rows = np.flatnonzero(spam == label)
        fold[rng.permutation(rows)] = np.arange(len(rows)) % many
    return fold
