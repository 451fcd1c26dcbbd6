"""Re-checks the whole history, from the database alone."""

from followguard.adapters.store.proving import Proving
from followguard.adapters.store.work import Store
from followguard.domain.proof.proof import Against, Proof
from followguard.domain.proof.proof import prove as prove_stored


def prove(store: Store, against: Against) -> Proof:
    """Reads everything in one transaction, then holds it against the log and the rules. Changes nothing."""
    with store.begin() as work:
        stored = Proving(work).read()
    return prove_stored(stored, against)
