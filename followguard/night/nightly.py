"""The nightly job: the night of each account, one after the other, and what is learned afterwards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from followguard.accounts.budget import spending_of
from followguard.accounts.store import Accounts
from followguard.domain.account import Account
from followguard.domain.policy import AccountSettings
from followguard.errors import BackupFailed, DamagedDatabase, FollowguardError, StoreFailed
from followguard.following.forecast import forecast_micro
from followguard.night.account_night import AccountNight
from followguard.night.context import NightContext
from followguard.night.retrain import RetrainStep
from followguard.reports.receipt import Receipt, damage_in, refuse
from followguard.reports.status import note_standing
from followguard.store.log import Log
from followguard.store.upkeep import NIGHT_SECONDS, Upkeep, require_whole


def before_night(upkeep: Upkeep, now: datetime, keep: int) -> tuple[tuple[str, ...], BackupFailed | None]:
    """Looks the database over, then backs it up. Raises `DamagedDatabase`: there is no night on a damaged one.

    Returns the parts of the database that time didn't suffice to look at, and why there is no backup.
    """
    unchecked = require_whole(upkeep, NIGHT_SECONDS)
    return unchecked, back_up_before_night(upkeep, now, keep).problem


@dataclass(frozen=True, slots=True)
class BackedUp:
    """One of the two: where the backup is, or why there is none."""

    path: Path | None
    problem: BackupFailed | None = None


def back_up_before_night(upkeep: Upkeep, now: datetime, keep: int) -> BackedUp:
    """Backs up, or returns the problem: a night without a backup is better than no night. `keep` 0 makes none.

    Raises `DamagedDatabase` where the copy shows that the database itself isn't whole.
    """
    if keep == 0:
        return BackedUp(None)
    try:
        return BackedUp(upkeep.back_up(now, keep))
    except DamagedDatabase:
        raise
    except StoreFailed as problem:
        message = f"No backup was made before this night: {problem.message}"
        return BackedUp(None, BackupFailed(message, problem.next_step))


def run_nightly(
    means: NightContext, accounts: Sequence[AccountSettings], problems: Sequence[FollowguardError] = ()
) -> list[Receipt]:
    """Runs each account's night; one that fails doesn't stop the next. Then learns what is due.

    `problems` of the night as a whole stand in each receipt. A database that proves damaged ends it for all.
    """
    nights = [AccountNight(means=means, settings=one, receipt=_blank(one, problems)) for one in accounts]
    for night in nights:
        if (damage := damage_in(each.receipt for each in nights)) is None:
            night.run()
        else:
            refuse(night.receipt, damage)
    receipts = [night.receipt for night in nights]
    if damage_in(receipts) is not None:
        return receipts
    stage = RetrainStep(installation=means.installation, store=means.store, retrain=means.retrain, say=means.say)
    touched = stage.run(receipts)
    for night in nights:
        if any(receipt is night.receipt for receipt in touched):
            night.amend()
    return receipts


def rehearse_nightly(means: NightContext, accounts: Sequence[AccountSettings]) -> list[Receipt]:
    """Tells what tonight would cost, without a call to X or a change."""
    receipts = [_blank(settings) for settings in accounts]
    with means.store.begin() as work:
        rows = {account.handle: account for account in Accounts(work).all()}
        for settings, receipt in zip(accounts, receipts, strict=True):
            account = rows.get(settings.handle, Account(id=0, handle=settings.handle))
            spending = spending_of(means.installation, settings)
            receipt.forecast = forecast_micro(work, account, settings, spending, means.clock())
            receipt.log_head = Log(work).head()
            note_standing(work, settings, receipt, means.clock())
    return receipts


def refused_nightly(accounts: Sequence[AccountSettings], error: FollowguardError) -> list[Receipt]:
    """Returns the receipts of a night that couldn't begin."""
    return [refuse(_blank(settings), error) for settings in accounts]


def _blank(settings: AccountSettings, problems: Iterable[FollowguardError] = ()) -> Receipt:
    return Receipt(account=settings.handle, policy_hash=settings.policy.hash(), errors=list(problems))
