"""Everything that is held about one follower, in all accounts of ours: for the person who asks, and for an auditor."""

import re
from array import array
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from followguard.classifier.features import FEATURES, schema_hash
from followguard.errors import DamagedExport
from followguard.privacy.disclose_store import Disclosing
from followguard.privacy.forget import named
from followguard.privacy.store import Forgetting
from followguard.store.work import Work
from followguard.training.models.serving import TrainingContext
from followguard.training.retrain.exports import pseudonym
from followguard.training.store import Models

SECTIONS = {
    "followers": "follower",
    "snapshots": "snapshots",
    "scores": "scores",
    "score_failures": "unscored",
    "batches": "batches",
    "items": "cards",
    "decisions": "decisions",
    "decision_evidence": "evidence",
    "orders": "orders",
    "attempts": "attempts",
    "unfollows": "unfollow",
    "paid_profiles": "paid_for",
}
"""Table -> its name in what is disclosed; a table without a row here goes by its own."""
NOTES = frozenset({"note"})
"""Where our own people write, or are named."""
WRITTEN = {"notes": "text"}
"""Table -> the column in which they write."""


def disclose(workshop: TrainingContext, follower: str) -> dict[str, Any]:
    """Returns all of it as JSON. Raises `UnknownFollower`, `AmbiguousFollower`.

    Our people appear under pseudonyms. `models` are the house models that learned from this follower's label, by the
    exports they were trained from; of an export that can't be read it says so.
    """
    with workshop.store.begin() as work:
        follower_id = named(work, follower)
        usernames = Forgetting(work).usernames(follower_id)
        disclosing = Disclosing(work)
        people = disclosing.names_of_people()
        rows = disclosing.rows(follower_id)
        found: dict[str, Any] = {"follower_id": follower_id, "usernames": list(usernames), "as_of": workshop.now}
        found["accounts"] = list(Forgetting(work).accounts(follower_id))
        for table, each in rows.items():
            found[SECTIONS.get(table, table)] = [_readable(row, people, WRITTEN.get(table)) for row in each]
        found["log"] = [asdict(each) for each in disclosing.log(follower_id)]
        found["receipts"] = [asdict(each) for each in disclosing.receipts(follower_id, usernames)]
        found["models"] = _learned(workshop, work, found["accounts"], follower_id)
    return found


def _readable(row: Mapping[str, Any], people: Mapping[str, str], written: str | None) -> dict[str, Any]:
    plain = dict(row)
    if written is not None:
        plain[written] = _masked(plain[written], people, "note")
    if isinstance(plain.get("features"), bytes):
        plain["features"] = _values(plain["features"], plain.get("feature_schema"))
    masked: dict[str, Any] = _masked(plain, people)
    return masked


def _values(features: bytes, schema: str | None) -> dict[str, float | None] | list[float | None]:
    """Names the values where they are of today's table; a value that is missing is null."""
    numbers = array("f", features)
    plain = [None if number != number else round(number, 6) for number in numbers]  # noqa: PLR0124  NaN isn't itself
    if schema != schema_hash() or len(plain) != len(FEATURES):
        return plain
    return {feature.name: value for feature, value in zip(FEATURES, plain, strict=True)}


def _masked(value: Any, people: Mapping[str, str], name: str = "") -> Any:
    """Notes with pseudonyms in the place of our people's names."""
    if isinstance(value, dict):
        return {key: _masked(each, people, key) for key, each in value.items()}
    if name in NOTES and isinstance(value, str):
        for known in sorted(people, key=len, reverse=True):
            value = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", people[known], value)
    return value


def _learned(workshop: TrainingContext, work: Work, accounts: list[str], follower_id: str) -> list[dict[str, Any]]:
    keys = {pseudonym(workshop.secret, account, follower_id) for account in accounts}
    learned = []
    for model in Models(work).all():
        if not model.usable:
            continue
        try:
            rows = workshop.exports.read(model.group, model.name)[1]
        except DamagedExport as error:
            learned.append({"model": model.name, "group": model.group, "label": None, "why": error.message})
            continue
        learned += [
            {"model": model.name, "group": model.group, "label": row.label.value} for row in rows if row.key in keys
        ]
    return learned
