"""The share of spam that the base model assumes of an account, from the account's own scores without a label."""

from datetime import datetime

from followguard.accounts.store import Accounts
from followguard.classifier.base_rate import MOST, base_logit_from_scores
from followguard.classifier.scoring import Scorer
from followguard.domain.units import day_of, start_of
from followguard.screening.store import EarlierScore, Scoring
from followguard.store.store import Store


def at_own_rate(store: Store, handle: str, scorer: Scorer, now: datetime) -> Scorer:
    """Returns the scorer at this account's share of spam, as estimated from scores of earlier days.

    Today's scores don't count, so that a run resumed after a crash gives the scores that the first would have given. No
    decision enters. A house model has its share from decisions and stays as it is.
    """
    if not scorer.rate_from_scores:
        return scorer
    earlier = _earlier(store, handle, scorer.name, now)
    start = base_logit_from_scores(
        [each.p_spam for each in earlier], [each.base_logit for each in earlier], scorer.base_logit
    )
    return scorer if start == scorer.base_logit else scorer.starting_at(start)


def _earlier(store: Store, handle: str, model: str, now: datetime) -> list[EarlierScore]:
    with store.begin() as work:
        accounts = [account for account in Accounts(work).all() if account.handle == handle]
        found = [Scoring(work).earlier(each.id, model, start_of(day_of(now)), MOST) for each in accounts]
    return [score for scores in found for score in scores]
