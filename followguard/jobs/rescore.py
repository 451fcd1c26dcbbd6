"""Scores again what waits, once another model serves; what is decided keeps the score it was decided on."""

from collections.abc import Sequence
from datetime import datetime

from followguard.adapters.store.accounts import Accounts
from followguard.adapters.store.learning import Learning, Rescorable
from followguard.adapters.store.scoring import NewScore, Scoring, Unscored
from followguard.adapters.store.work import Store
from followguard.domain.account import Account
from followguard.domain.policy import AccountSettings
from followguard.errors import AlreadyRunning
from followguard.jobs.queue import plan_account
from followguard.jobs.workshop import TrainingContext
from followguard.learning.features import schema_hash
from followguard.learning.scoring import Scorer

CHUNK = 5_000


def rescore_waiting(store: Store, account: Account, settings: AccountSettings, scorer: Scorer, now: datetime) -> int:
    """New scores for undecided cards whose newest one is another model's; returns how many got one.

    From the feature values on record, so the text may be gone by now; where those are of another table they are
    computed anew from the profile, and a card without either keeps its score.
    """
    with store.begin() as work:
        stale = Learning(work).scored_by_others(account.id, scorer.name)
    made = 0
    for start in range(0, len(stale), CHUNK):
        with store.begin() as work:
            rows = Learning(work).rescorable(stale[start : start + CHUNK])
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


def rescore_group(workshop: TrainingContext, group: str) -> tuple[int, list[str]]:
    """The waiting cards of all the group's accounts, scored by what serves each, and placed again.

    Returns how many were scored, and the accounts that another run is busy with: their night does it.
    """
    made, busy = 0, []
    for settings in workshop.installation.in_group(group):
        try:
            with workshop.store.lock(settings.handle):
                made += rescore_account(workshop, settings)
        except AlreadyRunning:
            busy.append(settings.handle)
    return made, busy


def rescore_account(workshop: TrainingContext, settings: AccountSettings) -> int:
    """One account, whose lock the caller holds; nothing where it has had no night yet."""
    with workshop.store.begin() as work:
        account = next((each for each in Accounts(work).all() if each.handle == settings.handle), None)
    if account is None:
        return 0
    scorer = workshop.load_scorer(settings.handle, lambda _: None)
    made = rescore_waiting(workshop.store, account, settings, scorer, workshop.now)
    if made:
        plan_account(workshop.store, account, settings.policy, workshop.now, workshop.seed)
    return made
