"""What the audit says about those held back."""

from followguard.screening.audit import NOTHING_AUDITED, HeldBackShare, audit_draws
from followguard.screening.queue_store import Queue
from followguard.store.work import Work


def share_held_back(work: Work, account_id: int) -> HeldBackShare:
    """Estimates the share of real people among those held back, from every audit draw that was decided."""
    draws = audit_draws(Queue(work).evidence(account_id))
    if not draws:
        return NOTHING_AUDITED
    from followguard.screening.audit_interval import held_back_share

    return held_back_share(draws)
