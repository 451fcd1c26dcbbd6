"""Money that may still be spent, from the ledger and the policy."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from followguard.accounts.ledger_store import Runs
from followguard.domain.account import Account
from followguard.domain.installation import Installation
from followguard.domain.policy import AccountSettings, Prices
from followguard.domain.units import Budget, day_of, micro, month_of, usd
from followguard.errors import BudgetUsedUp
from followguard.store.store import Store
from followguard.store.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """The limits and prices that hold for one account. All in micro-dollars."""

    night_limit: int
    month_limit: int
    list_price: int
    lookup_price: int

    @classmethod
    def under(cls, settings: AccountSettings, prices: Prices, max_usd_per_month: float) -> "Spending":
        """Returns limits and prices; list reads are "owned" where the account owns the developer app."""
        owned = settings.owns_developer_app
        return cls(
            night_limit=micro(settings.policy.max_usd_per_night),
            month_limit=micro(max_usd_per_month),
            list_price=micro(prices.owned_read if owned else prices.read),
            lookup_price=micro(prices.read),
        )

    def budget(self, work: Work, account_id: int, now: datetime) -> Budget:
        """Returns what is left tonight for this account and this month for all of them."""
        day = day_of(now)
        return Budget(
            night_left=self.night_limit - Runs(work).spent_micro(account_id, day, day),
            month_left=self.month_limit - Runs(work).spent_micro(None, *month_of(day)),
        )


Clock = Callable[[], datetime]
"""Says what time it is: aware UTC."""


def used_up(handle: str, budget: Budget, limit: str | None = None) -> BudgetUsedUp:
    """Returns the error that says which limit is reached, with how much is left under it.

    `limit` is the name of what stands in the place of the night's limit.
    """
    name = budget.tighter if limit is None or budget.tighter == "max_usd_per_month" else limit
    return BudgetUsedUp(
        f"@{handle}: {usd(budget.left):.3f} USD left under {name} don't pay for one more profile.",
        f"What was read is saved and the next run goes on there; to read more now, raise {name}.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A call that is about to be made: at most `wanted` profiles at `price` micro-dollars each.

    `limit` takes the place of the night's limit (reconcile's `--max-usd`): micro-dollars that this run may still spend.
    """

    call: str
    wanted: int
    price: int
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """How many profiles may be asked for, and the ledger's entry that stands for them until the answer is booked."""

    size: int
    entry: int


def reserve(work: Work, spending: Spending, account: Account, ask: Ask, now: datetime) -> Reservation:
    """Books, before the call, as much of what is wanted as the budget pays for. Raises `BudgetUsedUp`."""
    Runs(work).queue_up()
    budget = spending.budget(work, account.id, now)
    if ask.limit is not None:
        budget = Budget(night_left=ask.limit, month_left=budget.month_left)
    size = min(ask.wanted, budget.affords(ask.price))
    if size < 1:
        raise used_up(account.handle, budget, None if ask.limit is None else "--max-usd")
    return Reservation(size, Runs(work).reserve(account.id, ask.call, size * ask.price, now))


@contextmanager
def released_on_failure(store: Store, reservation: Reservation) -> Iterator[None]:
    """Gives the money back when the call in the block fails or is stopped."""
    try:
        yield
    except BaseException:
        with store.begin() as work:
            Runs(work).release(reservation.entry)
        raise


def spending_of(installation: Installation, settings: AccountSettings) -> Spending:
    """Returns the account's limits and prices."""
    return Spending.under(settings, installation.prices, installation.max_usd_per_month)
