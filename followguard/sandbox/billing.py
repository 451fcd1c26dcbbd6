"""What each night cost: profiles returned, each paid for once per account and UTC day."""

from dataclasses import asdict, dataclass, field
from datetime import date

from followguard.domain.policy import Prices


@dataclass(slots=True, kw_only=True)
class Bill:
    """One night of one account. `list_reads` and `lookups` are profiles, the rest but `usd` are calls."""

    night: int
    requests: int = 0
    me: int = 0
    followers: int = 0
    lookup: int = 0
    follow: int = 0
    refused: int = 0
    list_reads: int = 0
    lookups: int = 0
    billed: int = 0
    usd: float = 0.0


@dataclass(slots=True)
class _Day:
    date: date
    paid: set[str] = field(default_factory=set)


class Bills:
    """The bills of all accounts, kept until the sandbox ends."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        self._bills: dict[str, list[Bill]] = {}
        self._days: dict[str, _Day] = {}

    def count(self, handle: str, night: int, call: str, *, refused: bool) -> None:
        """Notes a call that arrived; `refused` when it got anything but a 200."""
        bill = self._bill(handle, night)
        bill.requests += 1
        bill.refused += refused
        setattr(bill, call, getattr(bill, call) + 1)

    def charge(self, handle: str, night: int, today: date, ids: list[str], *, owned: bool, looked_up: bool) -> None:
        """Charges for the profiles of an answer; one already billed that day is free.

        `ids` may hold duplicates. `owned`: our own followers read with our own app.
        """
        bill, day = self._bill(handle, night), self._days.setdefault(handle, _Day(today))
        if day.date != today:
            day = self._days[handle] = _Day(today)
        fresh = set(ids) - day.paid
        day.paid |= fresh
        bill.billed += len(fresh)
        bill.usd = round(bill.usd + len(fresh) * (self._prices.owned_read if owned else self._prices.read), 6)
        if looked_up:
            bill.lookups += len(ids)
        else:
            bill.list_reads += len(ids)

    def statement(self) -> dict[str, object]:
        """Sums up the bills per account and night, and in all.

        Shape: `{"accounts": {handle: {"nights": [...], "total": {...}}}, "nights": [...], "total": {...}}`.
        """
        rows = {handle: [asdict(bill) for bill in bills] for handle, bills in self._bills.items()}
        everything = [row for bills in rows.values() for row in bills]
        nights = sorted({row["night"] for row in everything})
        return {
            "accounts": {handle: {"nights": bills, "total": _total(bills)} for handle, bills in rows.items()},
            "nights": [
                {"night": night} | _total([row for row in everything if row["night"] == night]) for night in nights
            ],
            "total": _total(everything),
        }

    def _bill(self, handle: str, night: int) -> Bill:
        bills = self._bills.setdefault(handle, [])
        if not bills or bills[-1].night != night:
            bills.append(Bill(night=night))
        return bills[-1]


def _total(bills: list[dict[str, float]]) -> dict[str, float]:
    keys = [key for key in asdict(Bill(night=0)) if key != "night"]
    return {key: round(sum(bill[key] for bill in bills), 6) for key in keys}
