"""Nothing is done by a row that the log doesn't vouch for, and nobody is followed while the log isn't whole."""

from collections.abc import Sequence
from typing import Protocol

from followguard.adapters.store.log import Log
from followguard.adapters.store.proofs import Proofs
from followguard.adapters.store.proving import Proving
from followguard.adapters.store.work import Store, Work
from followguard.domain.night import Receipt
from followguard.domain.outbox import Order
from followguard.domain.proof.heads import Head
from followguard.domain.proof.quick import QuickProof, prove_skeleton
from followguard.domain.sight import Observation
from followguard.errors import NotProved
from followguard.jobs.order_rows import OrderRow, row_of
from followguard.jobs.workshop import Tell

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


def whole_log(store: Store, heads: Sequence[Head], receipt: Receipt, tell: Tell) -> bool:
    """Whether the night may follow: what the quick part of a proof found is in the receipt, and told."""
    proof = prove_quickly(store, heads)
    receipt.proof = proof.as_json()
    if not proof.ok:
        tell(_not_whole(proof, receipt.account))
    return proof.ok


def prove_quickly(store: Store, heads: Sequence[Head]) -> QuickProof:
    """The chain without its payloads, rows beside its index, and the heads of earlier nights."""
    with store.begin() as work:
        skeleton = Proving(work).skeleton()
    return prove_skeleton(skeleton, heads)


def _not_whole(proof: QuickProof, account: str) -> NotProved:
    more = len(proof.findings) - 1
    said = proof.findings[0].sentence + (f"; {more} more" if more else "")
    return NotProved(
        f"@{account} follows nobody tonight: the log isn't whole ({said}).",
        "See what was changed, and where: followguard prove",
    )


def head_now(store: Store, day: str) -> Head | None:
    """The last entry, for the folder of heads; None where there is none yet."""
    with store.begin() as work:
        last = Log(work).last()
    return None if last is None else Head(seq=last.seq, hash=last.hash, at=last.at, day=day)
