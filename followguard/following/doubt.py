"""Orders that the log doesn't vouch for: they are left for a person to look at."""

from typing import Protocol

from followguard.domain.order import Order
from followguard.errors import NotProved
from followguard.followers.observation import Observation
from followguard.following.rows import OrderRow, row_of
from followguard.store.proofs import Proofs
from followguard.store.work import Work

LOOK = "Nobody was followed by it. See what was changed, and where: followguard prove"


class Leaving(Protocol):
    """What a job tells of its orders, as far as it concerns those that are left."""

    skipped: list[OrderRow]
    unproved: list[NotProved]


def left_in_doubt(work: Work, order: Order, sight: Observation, account: str, done: Leaving) -> bool:
    """Whether the order is left as it is, for a person to look at: a move would be one by a row nobody vouches for."""
    doubt = doubtful(work, order, account)
    if doubt is not None:
        done.unproved.append(doubt)
        done.skipped.append(row_of(order, sight, str(doubt), failed=True))
    return doubt is not None


def doubtful(work: Work, order: Order, account: str) -> NotProved | None:
    """Why nobody may be followed by this order; None where all that it rests on is the log's."""
    doubt = Proofs(work).doubt(order.id)
    return None if doubt is None else NotProved(f"@{account}, follower {order.follower_id}: {doubt}.", LOOK)
