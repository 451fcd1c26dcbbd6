"""A card that nobody has decided, as the plan of the desk reads it."""

from followguard.domain.card import ItemState
from followguard.screening.plan import Undecided

CARD = Undecided(
    item=1,
    follower_id="1",
    username="ada",
    state=ItemState.WAITING,
    first_seen_day="2026-01-04",
    score_id=1,
    earlier_score_id=None,
    p_spam=0.02,
    earlier_p_spam=None,
    model="m",
    connection=frozenset({"followed_by"}),
    left=False,
    thin=False,
    touched=False,
    claimed=False,
    batch=None,
    due=None,
    held_back=False,
    audit=False,
    audit_probability=None,
    audit_day=None,
    note=None,
)
