"""Scores a profile file offline: one answer per row, in order, whatever stands in the rows between."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from followguard.domain.policy import Cutoffs, Verdict
from followguard.errors import FAILED, PARTLY
from followguard.files.profile_row import ProfileRow, RowError
from followguard.words.reading import BUILT_IN, TextReader, with_words

if TYPE_CHECKING:
    from followguard.classifier.scoring import Scorer

CHUNK = 5_000
"""Rows scored, and held in memory, at a time."""
MOST_FAULTS = 100


@dataclass(slots=True)
class RowTally:
    """How many rows have come by, and how many of them were bad. Filled while the answers are drawn."""

    rows: int = 0
    failed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Why rows were bad -> how many; faults beyond `MOST_FAULTS` different ones count as `other`."""

    def fail(self, row: RowError) -> None:
        """Counts one more bad row."""
        self.failed += 1
        known = row.kind in self.reasons or len(self.reasons) < MOST_FAULTS
        self.reasons[row.kind if known else "other"] += 1

    def as_json(self) -> dict[str, object]:
        """Returns `{"rows", "failed", "failed_reasons"}`."""
        return {"rows": self.rows, "failed": self.failed, "failed_reasons": dict(self.reasons)}

    @property
    def exit_code(self) -> int:
        """Returns 0 for all scored, 3 for some, 1 for none."""
        if not self.failed:
            return 0
        return FAILED if self.failed == self.rows else PARTLY


def score_file(
    scorer: "Scorer",
    rows: Iterable[ProfileRow | RowError],
    cutoffs: Cutoffs,
    tally: RowTally | None = None,
    words: TextReader = BUILT_IN,
) -> Iterator[dict[str, object]]:
    """Yields `{"id", "p_spam", "band", "reasons", "look", "base_logit", "model"}` for a good row, `{"id", "error"}`.

    Rows are drawn and answered in chunks, so a long file needs no more memory than a short one.
    """
    counted = tally or RowTally()
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        counted.rows += len(chunk)
        for row in chunk:
            if isinstance(row, RowError):
                counted.fail(row)
        yield from _answers(scorer, chunk, cutoffs, words)


def _answers(
    scorer: "Scorer", chunk: list[ProfileRow | RowError], cutoffs: Cutoffs, words: TextReader
) -> Iterator[dict[str, object]]:
    profiles = [row.profile for row in chunk if isinstance(row, ProfileRow)]
    verdicts = iter(scorer.verdicts(profiles) if profiles else [])
    for row in chunk:
        if isinstance(row, RowError):
            yield {"id": row.id, "error": row.error}
        else:
            yield _answer(row.profile.id, with_words(next(verdicts), words.read(row.profile)), cutoffs)


def _answer(follower_id: str, verdict: Verdict, cutoffs: Cutoffs) -> dict[str, object]:
    return {
        "id": follower_id,
        "p_spam": verdict.p_spam,
        "band": cutoffs.band_of(verdict.p_spam, look=bool(verdict.look)).value,
        "reasons": [{"code": r.code, "text": r.text, "weight": r.weight} for r in verdict.reasons],
        "look": [{"code": mark.code, "text": mark.text} for mark in verdict.look],
        "base_logit": verdict.base_logit,
        "model": verdict.model,
    }
