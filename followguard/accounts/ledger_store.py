"""Runs, and the ledger of what they cost."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text, update

from followguard.domain.run import Booked, Call, Run
from followguard.domain.units import day_of
from followguard.store.tables import ledger, paid_profiles, runs
from followguard.store.values import insert_for
from followguard.store.work import Queries, made

KEEP_PAID_DAYS = 3
_SPENDERS = 7_041_977_254  # the advisory lock of those who look at the budget
_RUN = [runs.c[name] for name in Run.__slots__]


class Runs(Queries):
    """The history of runs, and the ledger of calls."""

    def start(self, account_id: int, kind: str, now: datetime) -> int:
        """Begins a run and returns its id.

        Profiles that were paid for days ago can't be billed again and are dropped on the way.
        """
        self._connection.execute(
            delete(paid_profiles).where(paid_profiles.c.day < day_of(now - timedelta(days=KEEP_PAID_DAYS)))
        )
        values = {"account_id": account_id, "kind": kind, "day": day_of(now), "started_at": now}
        return int(self._connection.execute(runs.insert().values(**values).returning(runs.c.id)).scalar_one())

    def finish(self, run_id: int, status: str, receipt: dict[str, Any], now: datetime) -> None:
        """Ends a run, with its receipt."""
        ended = {"status": status, "receipt": receipt, "finished_at": now}
        self._connection.execute(update(runs).where(runs.c.id == run_id).values(**ended))

    def add_to_receipt(self, account_id: int, kind: str, **more: Any) -> None:
        """Puts more into the receipt of the newest run, if that has ended."""
        newest = next(iter(self.latest(account_id, kind)), None)
        if newest is not None and newest.receipt is not None:
            receipt = newest.receipt | more
            self._connection.execute(update(runs).where(runs.c.id == newest.id).values(receipt=receipt))

    def latest(self, account_id: int, kind: str, limit: int = 1) -> list[Run]:
        """Returns the newest runs, newest first."""
        wanted = select(*_RUN).where(runs.c.account_id == account_id, runs.c.kind == kind)
        return [Run(**row._mapping) for row in self._connection.execute(wanted.order_by(runs.c.id.desc()).limit(limit))]

    def charge(self, account_id: int, call: Call, price_micro: int, now: datetime) -> int:
        """Books one call and returns what it cost in micro-dollars.

        A profile already paid for on `now`'s UTC day costs nothing again.
        """
        return self.settle(self.reserve(account_id, call.name, 0, now), call, price_micro, now)

    def reserve(self, account_id: int, call: str, cost_micro: int, now: datetime) -> int:
        """Books what a call may cost at most, before it is made; returns the entry. Others see it as spent."""
        row = {"account_id": account_id, "day": day_of(now), "at": now, "call": call, "cost_micro": cost_micro}
        return int(made(self._covered.insert(ledger.insert().values(requests=0, returned=0, **row), now)).id)

    def settle(self, entry: int, call: Call, price_micro: int, now: datetime) -> int:
        """Puts what the call did cost in the place of its reservation, and returns it.

        Only profiles that are new on this UTC day cost anything.
        """
        account_id = self._connection.execute(select(ledger.c.account_id).where(ledger.c.id == entry)).scalar_one()
        cost = price_micro * self._newly_paid(account_id, call.ids, day_of(now))
        booked: dict[str, Any] = {"cost_micro": cost, "requests": call.requests, "returned": call.returned}
        booked |= {"day": day_of(now), "at": now}
        self._covered.update(update(ledger).where(ledger.c.id == entry).values(**booked), now)
        return cost

    def release(self, entry: int) -> None:
        """Removes the entry of a call that failed: nothing was spent on it."""
        self._covered.delete(delete(ledger).where(ledger.c.id == entry))

    def release_all(self, account_id: int) -> None:
        """Removes reservations that a run left behind which was killed."""
        self._covered.delete(delete(ledger).where(ledger.c.account_id == account_id, ledger.c.requests == 0))

    def queue_up(self) -> None:
        """Lets whoever looks at the budget next wait until this transaction ends, on whatever machine.

        SQLite's transactions queue up by themselves.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _SPENDERS})

    def spent_micro(self, account_id: int | None, day_from: str, day_to: str) -> int:
        """Sums what was spent on the ISO days from..to (both included), for one account or for all."""
        total = select(func.coalesce(func.sum(ledger.c.cost_micro), 0)).where(ledger.c.day.between(day_from, day_to))
        if account_id is not None:
            total = total.where(ledger.c.account_id == account_id)
        return int(self._connection.execute(total).scalar_one())

    def last_entry(self, account_id: int) -> int:
        """Marks a place in the account's ledger: its newest entry, 0 without one."""
        newest = select(func.coalesce(func.max(ledger.c.id), 0)).where(ledger.c.account_id == account_id)
        return int(self._connection.execute(newest).scalar_one())

    def booked_after(self, account_id: int, entry: int) -> dict[str, Booked]:
        """Sums what was booked since that place, by the name of the call."""
        sums = [func.sum(ledger.c[name]).label(name) for name in ("requests", "returned", "cost_micro")]
        mine = (ledger.c.account_id == account_id, ledger.c.id > entry, ledger.c.requests > 0)
        rows = self._connection.execute(select(ledger.c.call, *sums).where(*mine).group_by(ledger.c.call))
        return {row.call: Booked(int(row.requests), int(row.returned), int(row.cost_micro)) for row in rows}

    def _newly_paid(self, account_id: int, ids: tuple[str, ...], day: str) -> int:
        """Notes the profiles as paid for; returns how many weren't yet."""
        rows = [{"day": day, "account_id": account_id, "follower_id": each} for each in dict.fromkeys(ids)]
        if not rows:
            return 0
        insert = insert_for(self._connection, paid_profiles)
        added = self._connection.execute(insert.on_conflict_do_nothing().returning(paid_profiles.c.follower_id), rows)
        return len(added.all())
