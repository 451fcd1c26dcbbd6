"""Cards of the simulated desks."""

from dataclasses import replace

from followguard.domain.card import ItemState
from followguard.screening.plan import Undecided

NEW = Undecided(
    item=0,
    follower_id="",
    username=None,
    state=ItemState.WAITING,
    first_seen_day="",
    score_id=1,
    earlier_score_id=1,
    p_spam=0.0,
    earlier_p_spam=0.0,
    model=None,
    connection=None,
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


def new_card(item: int, today: str, *, batch: int | None = None, thin: bool = False) -> Undecided:
    """Makes the card of a follower first seen today, whom no model has scored."""
    return replace(NEW, item=item, follower_id=str(item), first_seen_day=today, batch=batch, thin=thin)


def scored(card: Undecided, p_spam: float, model: str) -> Undecided:
    """Gives a card its first and only score."""
    return replace(card, p_spam=p_spam, earlier_p_spam=p_spam, model=model)
