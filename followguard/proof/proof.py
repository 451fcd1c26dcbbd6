"""Nothing is done by a row that the log doesn't vouch for, and nobody is followed while the log isn't whole."""

from collections.abc import Sequence

from followguard.errors import NotProved, Tell
from followguard.proof.head import Head
from followguard.proof.quick import QuickProof, prove_skeleton
from followguard.proof.store import Proving
from followguard.reports.receipt import Receipt
from followguard.store.log import Log
from followguard.store.store import Store


def whole_log(store: Store, heads: Sequence[Head], receipt: Receipt, tell: Tell) -> bool:
    """Tells whether the night may follow: what the quick part of a proof found is in the receipt, and told."""
    proof = prove_quickly(store, heads)
    receipt.proof = proof.as_json()
    if not proof.ok:
        tell(_not_whole(proof, receipt.account))
    return proof.ok


def prove_quickly(store: Store, heads: Sequence[Head]) -> QuickProof:
    """Proves the chain without its payloads, rows beside its index, and the heads of earlier nights."""
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
    """Returns the last entry, for the folder of heads; None where there is none yet."""
    with store.begin() as work:
        last = Log(work).last()
    return None if last is None else Head(seq=last.seq, hash=last.hash, at=last.at, day=day)
