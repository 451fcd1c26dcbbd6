"""Fits the tables: a penalised logistic regression on binned values, made blind to where a row comes from.

Two things keep a set from giving its rows away. Each family of sets holds as much spam as genuine weight, so that
knowing the set says nothing about the answer. And in every round known values are struck out at random: an unknown
value has no bin and adds nothing, so a value that a whole set lacks is no evidence, and no feature is leaned on alone,
for X may leave out likes and lists. Struck-out values did better on held-out groups than values drawn from other rows,
and the sum of tables as well as forests of whole trees (`docs/experiments.md`).
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve

from followguard.classifier.columns import Flags, Floats, Matrix
from followguard.classifier.features import FEATURES
from followguard.classifier.tables import Tables, bins_of, edges_of
from followguard.training.base.samples import Names, Samples, capped, weights_at

FAMILIES = {"cresci-2017": "cresci", "cresci-2015": "cresci", "caverlee-2011": "caverlee", "human-bots-2020": "2020"}
"""Sets by the same people on the same years are one family: neither of Cresci's holds both answers in all kinds."""
NEWEST = "2020"
NEWTON_STEPS = 6
CLOSE = 1e-3
DECIMALS = 6
"""Steps are rounded, so that another order of sums on another machine gives the same model."""


PROFILE = ("bio_empty", "default_picture", "has_link")
BOTH = (
    "listed_per_follower", "following_per_follower", "tweets_per_following", "username_in_name", "username_generated",
    "bio_links", "bio_exclamations", *PROFILE,
)  # fmt: skip
WITH_LIKES = (*BOTH, "likes_pace", "likes_rate", "likes_per_list", "likes_per_tweet")
WITHOUT_LIKES = (*BOTH, "following_rate", "following_pace", "tweets_rate")
"""Fewer features carry further: one that helps on known spam and hurts on unknown spam is left to the other part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a model is fitted, and which features each part of it looks at.

    Weights of families are relative; one that isn't named weighs as much as Caverlee's. `newest_weight` is that of the
    2020 set, `newest_without` in the part without likes.

    `smooth` draws neighbouring bins together, `ridge` draws all of them to 0; both count per 1,000 rows.

    Trees: `trees` of `leaves` leaves at most, each split among `feature_share` of the features, with `fewest_rows` rows
    a leaf at least, at the learning rate `rate`; `shrink` draws leaves to 0. Each row is taken `redrawn` times.
    """

    with_likes: tuple[str, ...] = WITH_LIKES
    without_likes: tuple[str, ...] = WITHOUT_LIKES
    bins: int = 20
    struck_out: float = 0.3
    rounds: int = 2
    smooth: float = 3.0
    ridge: float = 0.1
    most_rows_a_group: int = 3500
    cresci_weight: float = 3.0
    newest_weight: float = 3.0
    newest_without: float = 1.0
    other_weight: float = 1.0
    trees: int = 200
    leaves: int = 31
    rate: float = 0.05
    fewest_rows: int = 40
    shrink: float = 5.0
    feature_share: float = 0.7
    redrawn: int = 2
    least_weight: float = 0.10
    more_weight: float = 0.65

    def weight_of(self, family: str) -> float:
        """Returns what a family of sets weighs."""
        return {"cresci": self.cresci_weight, NEWEST: self.newest_weight}.get(family, self.other_weight)


def fit(samples: Samples, recipe: Recipe, seed: int) -> Tables:
    """Fits tables whose sum is the log-odds at even odds. The same input gives the same tables."""
    rng = np.random.default_rng(seed)
    kept = capped(two_sided(samples), recipe.most_rows_a_group, rng)
    weights = family_weights(kept, recipe)
    edges = edges_for(kept.matrix, weights, recipe)
    rounds = [_struck_out(kept.matrix, recipe.struck_out, rng) for _ in range(recipe.rounds)]
    design = sparse.vstack([indicators(matrix, edges) for matrix in rounds]).tocsr()
    answers = np.tile(kept.spam.astype(np.float64), recipe.rounds)
    steps = solved(
        design, answers, np.tile(weights / recipe.rounds, recipe.rounds), penalty_of(edges, recipe) * len(kept)
    )
    return bounded(
        Tables(edges, _centred(np.split(steps, ends_of(edges)[:-1]), edges, kept.matrix, weights)), kept.matrix
    )


def looking_at(samples: Samples, names: tuple[str, ...]) -> Samples:
    """Returns the samples with every other feature unknown."""
    others = np.array([feature.name not in names for feature in FEATURES], dtype=bool)
    return replace(samples, matrix=np.where(others, np.float32(np.nan), samples.matrix))


def families_of(samples: Samples) -> Names:
    """Returns the family of sets that each row comes from."""
    return np.array([FAMILIES.get(str(source), str(source)) for source in samples.source], dtype=np.str_)


def two_sided(samples: Samples) -> Samples:
    """Leaves out families that hold one answer only: they would teach nothing but their own name."""
    families = families_of(samples)
    spam, genuine = set(families[samples.spam]), set(families[~samples.spam])
    return samples.where(np.isin(families, sorted(spam & genuine)))


def family_weights(samples: Samples, recipe: Recipe) -> Floats:
    """Returns weights with mean 1: spam and genuine weigh the same in a family, and groups the same in a label."""
    families = families_of(samples)
    weights = np.zeros(len(samples))
    for family in np.unique(families):
        rows = families == family
        weights[rows] = recipe.weight_of(str(family)) * weights_at(0.5, samples.where(rows)) / rows.sum()
    return np.asarray(weights * len(samples) / weights.sum())


def edges_for(matrix: Matrix, weights: Floats, recipe: Recipe) -> tuple[Matrix, ...]:
    """Returns the edges of each feature's bins."""
    return tuple(edges_of(column, weights, recipe.bins) for column in matrix.T)


def _struck_out(matrix: Matrix, share: float, rng: np.random.Generator) -> Matrix:
    return np.where(rng.random(matrix.shape) < share, np.float32(np.nan), matrix)


def ends_of(edges: tuple[Matrix, ...]) -> list[int]:
    """Returns where the bins of each feature end among all bins."""
    return [int(end) for end in np.cumsum([len(own) + 1 for own in edges])]


def indicators(matrix: Matrix, edges: tuple[Matrix, ...]) -> sparse.csr_matrix:
    """Returns (n, bins) with a 1 for the bin that each known value is in."""
    starts = [0, *ends_of(edges)[:-1]]
    bins = np.stack(
        [start + bins_of(column, own) for start, column, own in zip(starts, matrix.T, edges, strict=True)], axis=1
    )
    known: Flags = ~np.isnan(matrix)
    pointers = np.concatenate([[0], np.cumsum(known.sum(axis=1))])
    return sparse.csr_matrix((np.ones(pointers[-1]), bins[known], pointers), shape=(len(matrix), ends_of(edges)[-1]))


def penalty_of(edges: tuple[Matrix, ...], recipe: Recipe) -> Floats:
    """Returns the penalty on one row's worth of weight: neighbours apart, and steps away from 0."""
    blocks = []
    for own in edges:
        bins = len(own) + 1
        apart = np.diff(np.eye(bins), axis=0)
        blocks.append(recipe.smooth * bins / recipe.bins * apart.T @ apart + recipe.ridge * np.eye(bins))
    return np.asarray(sparse.block_diag(blocks).toarray() / 1000.0)


def solved(design: sparse.csr_matrix, answers: Floats, weights: Floats, penalty: Floats) -> Floats:
    """Finds the likeliest steps under the penalty by Newton's method; the intercept is free."""
    whole = sparse.hstack([design, np.ones((design.shape[0], 1))]).tocsr()
    bent = np.pad(penalty, (0, 1))
    found = np.zeros(whole.shape[1])
    for _ in range(NEWTON_STEPS):
        p_spam = 1.0 / (1.0 + np.exp(-(whole @ found)))
        climb = whole.T @ (weights * (answers - p_spam)) - bent @ found
        curve = (whole.T @ whole.multiply((weights * p_spam * (1.0 - p_spam))[:, None])).toarray() + bent
        step = cho_solve(cho_factor(curve + 1e-9 * np.eye(len(curve))), climb)
        found += step
        if np.abs(step).max() < CLOSE:
            break
    return np.asarray(found[:-1])


def _centred(steps: list[Floats], edges: tuple[Matrix, ...], matrix: Matrix, weights: Floats) -> tuple[Floats, ...]:
    """Takes from each table its mean over the known training values, so that 0 is what an unknown value is worth."""
    found = []
    for own, cuts, column in zip(steps, edges, matrix.T, strict=True):
        known = ~np.isnan(column)
        mean = np.average(own[bins_of(column[known], cuts)], weights=weights[known]) if known.any() else 0.0
        found.append(np.round(own - mean, DECIMALS))
    return tuple(found)


def bounded(tables: Tables, matrix: Matrix) -> Tables:
    """Adds a bin of step 0 below the least and above the greatest known value, where nothing was learned."""
    pairs = []
    for edges, steps, column in zip(tables.edges, tables.steps, matrix.T, strict=True):
        known = column[~np.isnan(column)]
        pairs.append(_bounded(edges, steps, known) if len(known) else (edges, steps))
    return Tables(tuple(edges for edges, _ in pairs), tuple(steps for _, steps in pairs))


def _bounded(edges: Matrix, steps: Floats, known: Matrix) -> tuple[Matrix, Floats]:
    outer = np.nextafter(known.min(), np.float32(-np.inf)), known.max()
    return np.concatenate([outer[:1], edges, outer[1:]]).astype(np.float32), np.concatenate([[0.0], steps, [0.0]])
