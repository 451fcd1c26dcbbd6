"""The rows of a profile file whose answer is known."""

from collections import Counter
from collections.abc import Iterable

from followguard.domain.labels import LabelledProfile
from followguard.files.profile_row import ProfileRow, RowError

NO_GROUP = "all"
NO_LABEL = "no label"
SPAM = "spam"


def labelled_rows(rows: Iterable[ProfileRow | RowError], source: str) -> tuple[list[LabelledProfile], Counter[str]]:
    """Collects the good rows that carry a label, and counts the others by reason.

    A row without a group is in the group `all`.
    """
    found: list[LabelledProfile] = []
    skipped: Counter[str] = Counter()
    for row in rows:
        if isinstance(row, RowError) or row.label is None:
            skipped[row.kind if isinstance(row, RowError) else NO_LABEL] += 1
            continue
        group = row.group or NO_GROUP
        found.append(LabelledProfile(profile=row.profile, spam=row.label == SPAM, group=group, source=source))
    return found, skipped
