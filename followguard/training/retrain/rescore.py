"""Scores a group's waiting cards again and places them anew."""

from followguard.accounts.store import Accounts
from followguard.domain.policy import AccountSettings
from followguard.errors import AlreadyRunning
from followguard.screening.queue import plan_account
from followguard.screening.rescore import rescore_waiting
from followguard.training.context import TrainingContext


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
