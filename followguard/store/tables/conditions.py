"""Conditions that the queries of several rooms share."""

from sqlalchemy import and_, exists

from followguard.domain.card import OVER, UNDECIDED
from followguard.domain.labels import Kind
from followguard.store.tables import blind_tests, decisions, distrusts, followers, items

OF_FOLLOWER = and_(followers.c.account_id == items.c.account_id, followers.c.follower_id == items.c.follower_id)
OPEN_STATES = tuple(sorted(UNDECIDED))
UNDOING = decisions.alias("undoing")
STANDS = and_(decisions.c.kind != Kind.UNDO.value, ~exists().where(UNDOING.c.undoes == decisions.c.id))
OVER_STATES = tuple(sorted(OVER))
_DISTRUST, _LIFT = distrusts.alias("distrust"), distrusts.alias("lift")
_IN_FORCE = and_(_DISTRUST.c.lifts.is_(None), ~exists().where(_LIFT.c.lifts == _DISTRUST.c.id))
DISTRUSTED = exists().where(
    _DISTRUST.c.person_id == decisions.c.person_id,
    _DISTRUST.c.since <= decisions.c.at,
    _DISTRUST.c.newest_decision >= decisions.c.id,
    _IN_FORCE,
)
"""An owner said of the person that what they decided in that time isn't to be trusted, and nobody has lifted that."""
COUNTS = and_(STANDS, ~DISTRUSTED)
"""Which decisions teach, are evidence and make figures: those that stand, and whose author was trusted."""
TEST_DISTRUSTED = exists().where(
    _DISTRUST.c.person_id == blind_tests.c.person_id,
    _DISTRUST.c.since <= blind_tests.c.started_at,
    _DISTRUST.c.at >= blind_tests.c.started_at,
    _IN_FORCE,
)
"""The same of a blind test."""
