"""Scores what has no score yet, and again what waits once scores are made otherwise; each chunk is one transaction."""

from collections.abc import Sequence
from datetime import datetime
from math import isfinite

from followguard.accounts.store import Accounts
from followguard.classifier.base_rate import MOST, base_logit_from_scores
from followguard.classifier.features import schema_hash
from followguard.classifier.scoring import Scorer
from followguard.domain.account import Account
from followguard.domain.policy import AccountSettings, Band, Policy, Verdict
from followguard.domain.units import day_of, start_of
from followguard.screening.rescore_store import Rescorable, RescorableScores
from followguard.screening.store import EarlierScore, NewScore, Scoring, Unscorable, Unscored
from followguard.store.store import Store
from followguard.words.reading import BUILT_IN, TextReader, reading_again, with_words

CHUNK = 1000
RESCORED_AT_ONCE = 5_000
BAD_ROW = (ValueError, TypeError, ArithmeticError, LookupError)
"""What one odd profile can make a scorer raise. Anything else is no fault of a row and stops the account."""


def score_account(
    store: Store, account: Account, policy: Policy, scorer: Scorer, now: datetime, words: TextReader = BUILT_IN
) -> int:
    """Scores the latest snapshots of followers who are present; returns how many got a score.

    A profile that can't be scored is parked with its error (`Scoring.parked`), and tried again the next night.
    """
    with store.begin() as work:
        pending = Scoring(work).unscored(account.id)
    made = 0
    for start in range(0, len(pending), CHUNK):
        with store.begin() as work:
            chunk = Scoring(work).snapshots(account.id, pending[start : start + CHUNK])
        good, bad = verdicts_of(chunk, scorer)
        told = [(each, with_words(verdict, words.read(each.profile))) for each, verdict in good]
        scores = [NewScore(each, verdict, _band(policy, verdict), words.signature) for each, verdict in told]
        with store.begin() as work:
            Scoring(work).add(account.id, scores, policy.hash(), now)
            Scoring(work).park(account.id, bad, now)
        made += len(scores)
    return made


def _band(policy: Policy, verdict: Verdict) -> Band:
    return policy.cutoffs.band_of(verdict.p_spam, look=bool(verdict.look))


def verdicts_of(chunk: Sequence[Unscored], scorer: Scorer) -> tuple[list[tuple[Unscored, Verdict]], list[Unscorable]]:
    """Returns verdicts for those that can be scored, errors for the others, found by halving the chunk."""
    if not chunk:
        return [], []
    try:
        verdicts = scorer.verdicts([each.profile for each in chunk])
        for each, verdict in zip(chunk, verdicts, strict=True):
            _check(each, verdict)
    except BAD_ROW as error:
        if len(chunk) == 1:
            return [], [Unscorable(chunk[0].snapshot_id, chunk[0].profile.id, f"{type(error).__name__}: {error}")]
        half = len(chunk) // 2
        left, right = verdicts_of(chunk[:half], scorer), verdicts_of(chunk[half:], scorer)
        return left[0] + right[0], left[1] + right[1]
    return list(zip(chunk, verdicts, strict=True)), []


def _check(each: Unscored, verdict: Verdict) -> None:
    """Raises ValueError for a score that is none."""
    if not (isfinite(verdict.p_spam) and 0.0 <= verdict.p_spam <= 1.0):
        raise ValueError(f"follower {each.profile.id} scored {verdict.p_spam}")


def rescore_waiting(
    store: Store,
    account: Account,
    settings: AccountSettings,
    scorer: Scorer,
    now: datetime,
    words: TextReader = BUILT_IN,
) -> int:
    """Scores undecided cards anew whose newest score is another model's, was made with other words, or before the
    account's random decisions moved this model as far as they do now; returns how many.

    From the feature values on record, so the text may be gone by now; where those are of another table they are
    computed anew from the profile, and a card without either keeps its score. What words said of a text that is gone
    stays.
    """
    with store.begin() as work:
        stale = RescorableScores(work).scored_otherwise(account.id, scorer.name, words.signature, _served_at(scorer))
    made = 0
    for start in range(0, len(stale), RESCORED_AT_ONCE):
        with store.begin() as work:
            rows = RescorableScores(work).rescorable(stale[start : start + RESCORED_AT_ONCE])
            scores = _scores_of(rows, settings, scorer, words)
            Scoring(work).add(account.id, scores, settings.policy.hash(), now)
        made += len(scores)
    return made


def _served_at(scorer: Scorer) -> tuple[float, float] | None:
    """Returns start and slope that every waiting score must have; None where the start is an estimate of its day."""
    return (scorer.base_logit, scorer.slope) if scorer.moved_by_decisions else None


def _scores_of(
    rows: Sequence[Rescorable], settings: AccountSettings, scorer: Scorer, words: TextReader
) -> list[NewScore]:
    """Returns new scores; an odd row raises nothing, since each was scored before."""
    schema = schema_hash()
    fitting = [row for row in rows if row.feature_schema == schema]
    anew = [row for row in rows if row.feature_schema != schema and row.whole]
    verdicts = scorer.verdicts([row.profile for row in fitting], [row.features for row in fitting]) if fitting else []
    verdicts += scorer.verdicts([row.profile for row in anew]) if anew else []
    scored = [*fitting, *anew]
    readings = [words.read(row.profile) if row.whole else reading_again(row.reading, words) for row in scored]
    told = [with_words(verdict, reading) for verdict, reading in zip(verdicts, readings, strict=True)]
    return [
        NewScore(Unscored(row.snapshot_id, row.profile), verdict, _band(settings.policy, verdict), words.signature)
        for row, verdict in zip(scored, told, strict=True)
    ]


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
