"""What a night will cost, as far as can be told before it."""

from datetime import datetime

from followguard.accounts.budget import Spending
from followguard.domain.account import Account
from followguard.domain.policy import AccountSettings
from followguard.domain.units import day_of
from followguard.followers.expectation import forecast_reads
from followguard.following.recheck import expected_lookups
from followguard.store.work import Work


def forecast_micro(
    work: Work,
    account: Account,
    settings: AccountSettings,
    spending: Spending,
    now: datetime,
    followers_count: int | None = None,
) -> int:
    """Returns what tonight will cost in micro-dollars as far as can be told, at most what the budget leaves."""
    reads = forecast_reads(work, account.id, settings, now, followers_count)
    lookups = expected_lookups(work, account.id, day_of(now))
    wanted = reads * spending.list_price + lookups * spending.lookup_price
    return min(wanted, spending.budget(work, account.id, now).left)
