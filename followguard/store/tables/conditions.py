"""Conditions that the queries of several rooms share."""

from sqlalchemy import and_, exists

from followguard.domain.card import OVER, UNDECIDED
from followguard.domain.labels import Kind
from followguard.store.tables import decisions, followers, items

OF_FOLLOWER = and_(followers.c.account_id == items.c.account_id, followers.c.follower_id == items.c.follower_id)
OPEN_STATES = tuple(sorted(UNDECIDED))
UNDOING = decisions.alias("undoing")
STANDS = and_(decisions.c.kind != Kind.UNDO.value, ~exists().where(UNDOING.c.undoes == decisions.c.id))
OVER_STATES = tuple(sorted(OVER))
