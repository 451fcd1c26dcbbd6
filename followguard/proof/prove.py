"""Re-checks the whole history, from the database alone."""

from followguard.proof.rules import Against, Proof
from followguard.proof.rules import prove as prove_stored
from followguard.proof.store import Proving
from followguard.store.store import Store


def prove(store: Store, against: Against) -> Proof:
    """Reads everything in one transaction, then holds it against the log and the rules. Changes nothing."""
    with store.begin() as work:
        stored = Proving(work).read()
    return prove_stored(stored, against)
