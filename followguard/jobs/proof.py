"""Nothing is done by a row that the log doesn't vouch for."""

from followguard.domain.outbox import Order
from followguard.domain.stores.work import Work
from followguard.errors import NotProved

LOOK = "Nobody was followed by it. See what was changed, and where: followguard prove"


def doubtful(work: Work, order: Order, account: str) -> NotProved | None:
    """Why nobody may be followed by this order; None where all that it rests on is the log's."""
    doubt = work.proofs.doubt(order.id)
    return None if doubt is None else NotProved(f"@{account}, follower {order.follower_id}: {doubt}.", LOOK)
