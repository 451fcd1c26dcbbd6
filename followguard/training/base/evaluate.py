"""How good a model is on labelled profiles: the figures of `model evaluate`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from followguard.classifier import metrics
from followguard.classifier.columns import Flags, Floats, ProfileColumns
from followguard.classifier.scoring import Scorer
from followguard.domain.labels import LabelledProfile
from followguard.domain.policy import Band, Cutoffs
from followguard.errors import UsageError
from followguard.files.profile_row import reasons_in_words

ROWS_AT_ONCE = 20_000


def evaluate(scorer: Scorer, rows: Sequence[LabelledProfile], cutoffs: Cutoffs, skipped: int = 0) -> dict[str, object]:
    """Returns the JSON of `model evaluate`. `skipped` counts rows of the file that have no usable label or profile.

    With one answer only, what compares the two (AUC, average precision, recall) is None; Brier and ECE are given.
    Raises `UsageError` when there is no labelled row at all.
    """
    if not rows:
        raise UsageError(
            f"No labelled row to evaluate on ({skipped} skipped).", "Fill the column label: spam, genuine."
        )
    spam = np.array([row.spam for row in rows], dtype=bool)
    p_spam = _scored(scorer, rows)
    even = np.ones(len(rows))
    return {
        "model": scorer.name,
        "rows": len(rows),
        "skipped": skipped,
        "prevalence": float(spam.mean()),
        "auc": metrics.auc(spam, p_spam),
        "average_precision": metrics.average_precision(spam, p_spam),
        "brier": metrics.brier(spam, p_spam, even),
        "ece": metrics.ece(spam, p_spam, even),
        "recall_at_fpr": metrics.recalls(spam, p_spam),
        "bands": _bands(spam, p_spam, cutoffs),
        "by_group": _by_group(rows, spam, p_spam, cutoffs),
    }


def evaluate_file(
    scorer: Scorer, rows: Sequence[LabelledProfile], cutoffs: Cutoffs, reasons: Mapping[str, int]
) -> dict[str, object]:
    """Evaluates with `skipped_reasons`: why rows were skipped -> how many. Raises `UsageError`, with the reasons."""
    skipped = sum(reasons.values())
    if skipped and not rows:
        message = f"No labelled row to evaluate on ({skipped} skipped: {reasons_in_words(reasons)})."
        raise UsageError(message, "Fill the column label: spam, genuine.")
    found = evaluate(scorer, rows, cutoffs, skipped)
    return {**found, "skipped_reasons": dict(reasons)}


def _scored(scorer: Scorer, rows: Sequence[LabelledProfile]) -> Floats:
    profiles = [row.profile for row in rows]
    blocks = [profiles[start : start + ROWS_AT_ONCE] for start in range(0, len(profiles), ROWS_AT_ONCE)]
    return np.concatenate([scorer.score(ProfileColumns.from_profiles(block)).p_spam for block in blocks])


def _bands(spam: Flags, p_spam: Floats, cutoffs: Cutoffs) -> dict[str, dict[str, int]]:
    """Maps a band to how many spam and genuine rows fall into it."""
    found = Counter((cutoffs.band_of(float(p)), bool(answer)) for p, answer in zip(p_spam, spam, strict=True))
    return {band.value: {"spam": found[band, True], "genuine": found[band, False]} for band in Band}


def _by_group(
    rows: Sequence[LabelledProfile], spam: Flags, p_spam: Floats, cutoffs: Cutoffs
) -> dict[str, dict[str, Any]]:
    """Measures each group by itself; a group with one answer is compared with all rows of the other."""
    groups = np.array([row.group for row in rows], dtype=np.str_)
    found = {}
    for group in np.unique(groups):
        own = groups == group
        compared = own if len(np.unique(spam[own])) == 2 else own | (spam != spam[own][0])
        found[str(group)] = {
            "rows": int(own.sum()),
            "spam": int(spam[own].sum()),
            "auc": metrics.auc(spam[compared], p_spam[compared]),
            "recall_at_fpr": metrics.recalls(spam[compared], p_spam[compared]),
            "brier": metrics.brier(spam[own], p_spam[own], np.ones(int(own.sum()))),
            "bands": _bands(spam[own], p_spam[own], cutoffs),
        }
    return found
