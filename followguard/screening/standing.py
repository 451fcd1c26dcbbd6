"""How an account stands with holding back: what was earned, whether a blind test was passed, and what is missing."""

from dataclasses import dataclass
from datetime import datetime

from followguard.domain.policy import HoldingBack, Policy
from followguard.screening.blind_store import BlindTests
from followguard.screening.blind_test import blind_test_command, is_tested
from followguard.screening.holding_back import FEWEST_DECIDED, Earned, earned, is_allowed
from followguard.screening.plan import starts
from followguard.screening.queue_store import Queue
from followguard.screening.store import Scoring
from followguard.store.work import Work


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the account holds likely spam back, and how far it is. `tested`: a blind test of `model` was passed."""

    mode: HoldingBack
    earned: Earned
    limit: float
    tested: bool = False
    model: str | None = None

    @property
    def active(self) -> bool:
        """Whether likely spam of the current model may be held back."""
        return is_allowed(self.mode, self.earned, self.limit, tested=self.tested)

    @property
    def waits_for_test(self) -> bool:
        """Whether nothing but a blind test is missing."""
        return self.mode is HoldingBack.EARNED and self.earned.allows(self.limit) and not self.tested

    @property
    def missing(self) -> int:
        """Decisions that are still missing at least."""
        return max(0, FEWEST_DECIDED - self.earned.decided)

    @property
    def needed(self) -> int:
        """Decisions it takes at least."""
        return FEWEST_DECIDED


def standing_of(work: Work, account_id: int, policy: Policy, now: datetime) -> Standing:
    """Reads how the account stands under the model of its newest score."""
    model = Scoring(work).newest_model(account_id)
    evidence = Queue(work).evidence(account_id, (model,) if model else ())
    start, slope = starts(Queue(work).undecided(account_id, now)).get(model or "", (None, 1.0))
    return Standing(
        mode=policy.holding_back,
        earned=earned(evidence, policy, model, start, slope),
        limit=policy.max_wrong_hold,
        tested=is_tested(BlindTests(work).of(account_id), policy, model, start),
        model=model,
    )


def waits_words(account: str, standing: Standing) -> str:
    """Tells that nothing but a blind test is missing, and the command; empty where that isn't so."""
    if not standing.waits_for_test:
        return ""
    return f"Likely spam isn't held back: a blind test of {standing.model} is missing: {blind_test_command(account)}"
