"""Pace and anchoring of people, read from their decisions: for the report, and for both desks."""

from collections.abc import Collection
from datetime import datetime, timedelta

from followguard.review.measures.anchoring import Anchoring, anchoring_of
from followguard.review.measures.pace import Pace, pace_from
from followguard.review.measures.pace_store import Measured
from followguard.store.work import Work

USUAL = timedelta(days=30)
"""How far back a pace is looked for."""
ANCHORED = timedelta(days=90)
"""How far back the anchoring meter looks: blind cards are few."""


def pace_of(work: Work, account_ids: Collection[int], since: datetime) -> Pace:
    """Returns how long a card of these accounts has taken people since then; `Pace.minutes_for` says the rest."""
    return pace_from(Measured(work).gaps(account_ids, since))


def anchored(work: Work, account_id: int, since: datetime) -> Anchoring:
    """Returns how far people agree with the machine where it is shown, and where it isn't."""
    return anchoring_of(Measured(work).seen(account_id, since))
