"""What the queue reads and writes: items opened, reopened, placed; and what holding back rests on."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import aliased

from followguard.adapters.store.cards import OF_FOLLOWER, OPEN_STATES
from followguard.adapters.store.rows import profile_of
from followguard.adapters.store.tables import (
    batches,
    decision_evidence,
    decisions,
    followers,
    items,
    score_failures,
    scores,
    snapshots,
)
from followguard.domain.holding_back import Evidence, only_lacks_data
from followguard.domain.labels import Kind
from followguard.domain.queueing import Placement, Undecided
from followguard.domain.review import LEFT, NEVER_FOLLOW, ItemState, is_named

UNDOING = decisions.alias("undoing")
STANDS = and_(decisions.c.kind != Kind.UNDO.value, ~exists().where(UNDOING.c.undoes == decisions.c.id))
DECIDED_STATES = (ItemState.APPROVED.value, ItemState.REJECTED.value, ItemState.CLOSED.value)
_BACK = "Left and follows again."
