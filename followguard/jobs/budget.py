"""What may still be spent, from the ledger and the policy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from followguard.domain.money import Budget, micro, usd
from followguard.domain.pace import day_of
from followguard.domain.policy import AccountSettings, Prices
from followguard.domain.stores.work import Work
from followguard.errors import BudgetUsedUp


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """The limits and prices that hold for one account. All in micro-dollars."""

    night_limit: int
    month_limit: int
    list_price: int
    lookup_price: int

    @classmethod
    def under(cls, settings: AccountSettings, prices: Prices, max_usd_per_month: float) -> "Spending":
        """List reads are "owned" where the account owns the developer app; look-ups never are."""
        owned = settings.owns_developer_app
        return cls(
            night_limit=micro(settings.policy.max_usd_per_night),
            month_limit=micro(max_usd_per_month),
            list_price=micro(prices.owned_read if owned else prices.read),
            lookup_price=micro(prices.read),
        )

    def budget(self, work: Work, account_id: int, now: datetime) -> Budget:
        """What is left tonight for this account and this month for all of them."""
        day = day_of(now)
        return Budget(
            night_left=self.night_limit - work.runs.spent_micro(account_id, day, day),
            month_left=self.month_limit - work.runs.spent_micro(None, day[:8] + "01", day),
        )


Clock = Callable[[], datetime]
"""Says what time it is: aware UTC."""


def used_up(handle: str, budget: Budget) -> BudgetUsedUp:
    """The error that says which limit is reached, with how much is left under it."""
    return BudgetUsedUp(
        f"@{handle}: {usd(budget.left):.3f} USD left under {budget.tighter} don't pay for one more profile.",
        f"What was read is saved and the next run goes on there; to read more now, raise {budget.tighter}.",
    )
