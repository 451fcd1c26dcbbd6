"""What the audit says about those held back."""

from followguard.domain.audit_estimate import NOTHING_AUDITED, HeldBackShare, audit_draws
from followguard.domain.stores.work import Work


def share_held_back(work: Work, account_id: int) -> HeldBackShare:
    """Real people among all whom an account has held back, by every audit draw that was decided."""
    draws = audit_draws(work.review.evidence(account_id))
    if not draws:
        return NOTHING_AUDITED
    from followguard.learning.audit_estimate import held_back_share

    return held_back_share(draws)
