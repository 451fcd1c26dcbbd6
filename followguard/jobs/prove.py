"""Re-checks the whole history, from the database alone."""

from followguard.domain.proof.proof import Against, Proof
from followguard.domain.proof.proof import prove as prove_stored
from followguard.domain.stores.work import Store


def prove(store: Store, against: Against) -> Proof:
    """Reads everything in one transaction, then holds it against the log and the rules. Changes nothing."""
    with store.begin() as work:
        stored = work.proving.read()
    return prove_stored(stored, against)
