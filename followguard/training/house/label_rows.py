"""Exported labels as the arrays that a house model learns from."""

from collections.abc import Collection, Sequence

import numpy as np

from followguard.classifier.columns import Flags, Floats
from followguard.classifier.features import unpacked
from followguard.domain.labels import Label
from followguard.training.house.decisions import DecisionArrays
from followguard.training.house.sampling_weights import Capped, capped_weights, sampling_weights
from followguard.training.retrain.exports import LabelRow


def decided_of(rows: Sequence[LabelRow]) -> tuple[DecisionArrays, Capped]:
    """The rows, oldest first, with weights under the caps, and which shares couldn't be held."""
    spam = np.array([row.label is Label.SPAM for row in rows], dtype=bool)
    drawn = sampling_weights([row.shown_because for row in rows], [row.draw_probability for row in rows])
    night, batch, person, key = (
        np.array([getattr(row, name) for row in rows], dtype=np.str_) for name in ("night", "batch", "person", "key")
    )
    capped = capped_weights(drawn, spam, night, batch, person)
    matrix = np.stack([unpacked(row.features) for row in rows])
    return DecisionArrays(matrix, spam, capped.weights, night, batch, person, key), capped


def not_learned(decided: DecisionArrays, learned: Collection[str]) -> Flags:
    """(n,) whether a decision is about a follower whose label isn't among those learned from (`DecisionArrays.key`)."""
    return ~np.isin(decided.key, np.array(sorted(learned), dtype=np.str_))


def said_of(decided: DecisionArrays, p_spam: Floats, asked: Sequence[tuple[str, bytes]]) -> list[float | None]:
    """What `p_spam` (n,), NaN for nothing, says of each key with its packed feature values.

    None where it says nothing, or the decision was made on other values.
    """
    rows = {str(key): row for row, key in enumerate(decided.key) if not np.isnan(p_spam[row])}
    found: list[float | None] = []
    for key, features in asked:
        row = rows.get(key)
        same = row is not None and np.array_equal(unpacked(features), decided.matrix[row], equal_nan=True)
        found.append(float(p_spam[row]) if same else None)
    return found
