"""Scores again what waits, once another model serves; what is decided keeps the score it was decided on."""

from collections.abc import Sequence
from datetime import datetime

from followguard.classifier.features import schema_hash
from followguard.classifier.scoring import Scorer
from followguard.domain.account import Account
from followguard.domain.policy import AccountSettings
from followguard.screening.rescorable_store import Rescorable, RescorableScores
from followguard.screening.store import NewScore, Scoring, Unscored
from followguard.store.store import Store

CHUNK = 5_000


def rescore_waiting(store: Store, account: Account, settings: AccountSettings, scorer: Scorer, now: datetime) -> int:
    """Scores undecided cards anew whose newest score is another model's; returns how many.

    From the feature values on record, so the text may be gone by now; where those are of another table they are
    computed anew from the profile, and a card without either keeps its score.
    """
    with store.begin() as work:
        stale = RescorableScores(work).scored_by_others(account.id, scorer.name)
    made = 0
    for start in range(0, len(stale), CHUNK):
        with store.begin() as work:
            rows = RescorableScores(work).rescorable(stale[start : start + CHUNK])
            scores = _scores(rows, settings, scorer)
            Scoring(work).add(account.id, scores, settings.policy.hash(), now)
        made += len(scores)
    return made


def _scores(rows: Sequence[Rescorable], settings: AccountSettings, scorer: Scorer) -> list[NewScore]:
    """Raises nothing for an odd row: each of them was scored before."""
    cutoffs, schema = settings.policy.cutoffs, schema_hash()
    fitting = [row for row in rows if row.feature_schema == schema]
    anew = [row for row in rows if row.feature_schema != schema and row.whole]
    verdicts = scorer.verdicts([row.profile for row in fitting], [row.features for row in fitting]) if fitting else []
    verdicts += scorer.verdicts([row.profile for row in anew]) if anew else []
    return [
        NewScore(Unscored(row.snapshot_id, row.profile), verdict, cutoffs.band_of(verdict.p_spam))
        for row, verdict in zip([*fitting, *anew], verdicts, strict=True)
    ]
