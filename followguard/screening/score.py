"""Scores what has no score yet: verdicts in chunks, each chunk its own transaction."""

from collections.abc import Sequence
from datetime import datetime
from math import isfinite

from followguard.classifier.scoring import Scorer
from followguard.domain.account import Account
from followguard.domain.policy import Policy, Verdict
from followguard.screening.store import NewScore, Scoring, Unscorable, Unscored
from followguard.store.store import Store

CHUNK = 1000
BAD_ROW = (ValueError, TypeError, ArithmeticError, LookupError)
"""What one odd profile can make a scorer raise. Anything else is no fault of a row and stops the account."""


def score_account(store: Store, account: Account, policy: Policy, scorer: Scorer, now: datetime) -> int:
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
        scores = [NewScore(each, verdict, policy.cutoffs.band_of(verdict.p_spam)) for each, verdict in good]
        with store.begin() as work:
            Scoring(work).add(account.id, scores, policy.hash(), now)
            Scoring(work).park(account.id, bad, now)
        made += len(scores)
    return made


def verdicts_of(chunk: Sequence[Unscored], scorer: Scorer) -> tuple[list[tuple[Unscored, Verdict]], list[Unscorable]]:
    """Verdicts for those that can be scored, errors for the others, found by halving the chunk."""
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
