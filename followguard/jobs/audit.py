"""What the audit says about those held back."""

from followguard.adapters.store.queue_rows import Queue
from followguard.adapters.store.work import Work
from followguard.domain.audit_estimate import NOTHING_AUDITED, HeldBackShare, audit_draws


def share_held_back(work: Work, account_id: int) -> HeldBackShare:
    """Real people among all whom an account has held back, by every audit draw that was decided."""
    draws = audit_draws(Queue(work).evidence(account_id))
    if not draws:
        return NOTHING_AUDITED
    from followguard.learning.audit_estimate import held_back_share

    return held_back_share(draws)
