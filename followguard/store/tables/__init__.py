"""The tables. Invariants of the design that a database can hold are held here, by keys, checks and partial indexes.

Days are ISO dates in UTC; money is whole micro-dollars (1 USD = 1,000,000); X's ids are text, as X sends them.
"""

from followguard.store.tables.accounts import (
    accounts,
    distrusts,
    ledger,
    paid_profiles,
    passes,
    people,
    roles,
    runs,
    settings,
)
from followguard.store.tables.common import metadata
from followguard.store.tables.desk import LINK_KINDS, sessions, sign_in_links
from followguard.store.tables.followers import (
    PROFILE,
    batches,
    followers,
    listed_names,
    score_failures,
    scores,
    snapshots,
)
from followguard.store.tables.guidelines import guidelines, guidelines_told
from followguard.store.tables.log import forgetting, log, log_openings, seals, tombstones
from followguard.store.tables.models import early_predictions, model_moves, models, retrainings
from followguard.store.tables.notes import notes, routings
from followguard.store.tables.review import (
    LIVE_ORDER_STATES,
    attempts,
    decision_evidence,
    decisions,
    items,
    orders,
    unfollows,
)
from followguard.store.tables.trust import BLIND_ANSWERS, blind_answers, blind_cards, blind_tests

__all__ = [
    "BLIND_ANSWERS",
    "LINK_KINDS",
    "LIVE_ORDER_STATES",
    "PROFILE",
    "accounts",
    "attempts",
    "batches",
    "blind_answers",
    "blind_cards",
    "blind_tests",
    "decision_evidence",
    "decisions",
    "distrusts",
    "early_predictions",
    "followers",
    "forgetting",
    "guidelines",
    "guidelines_told",
    "items",
    "ledger",
    "listed_names",
    "log",
    "log_openings",
    "metadata",
    "model_moves",
    "models",
    "notes",
    "orders",
    "paid_profiles",
    "passes",
    "people",
    "retrainings",
    "roles",
    "routings",
    "runs",
    "score_failures",
    "scores",
    "seals",
    "sessions",
    "settings",
    "sign_in_links",
    "snapshots",
    "tombstones",
    "unfollows",
]
