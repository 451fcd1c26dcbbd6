"""Our accounts."""

from datetime import datetime

from sqlalchemy import or_, select, update

from followguard.domain.account import Account
from followguard.errors import StoreFailed
from followguard.store.inserts import insert_for
from followguard.store.tables import accounts
from followguard.store.work import Queries

_COLUMNS = [accounts.c[name] for name in Account.__slots__]


class Accounts(Queries):
    """Our accounts: each gets a row when it is first used."""

    def ensure(self, handle: str, now: datetime) -> Account:
        """Returns the account's row, made when there is none. `handle` is lower case, without @.

        Two runs that make the same row at once both get it.
        """
        found = self._by_handle(handle)
        if found is not None:
            return found
        insert = insert_for(self._connection, accounts)
        self._covered.insert(insert.values(handle=handle, created_at=now).on_conflict_do_nothing(), now)
        return self.ensure(handle, now)

    def all(self) -> list[Account]:
        """Returns every account that has a row, by handle."""
        rows = self._connection.execute(select(*_COLUMNS).order_by(accounts.c.handle))
        return [Account(**row._mapping) for row in rows]

    def set_x_id(self, account_id: int, x_id: str) -> None:
        """Stores the account's id on its first night.

        Raises `StoreFailed` when another id is on record: an account never becomes another one.
        """
        stored = self._connection.execute(select(accounts.c.x_id).where(accounts.c.id == account_id)).scalar()
        if stored not in (None, x_id):
            message = f"The account's id on record is {stored}, not {x_id}."
            raise StoreFailed(
                message, "Check whose credentials these are; an account that was replaced needs a new database."
            )
        self._set(account_id, x_id=x_id)

    def set_followers_count(self, account_id: int, count: int | None) -> None:
        """Stores how many followers X says the account has."""
        self._set(account_id, followers_count=count)

    def set_paused(self, account_id: int, paused_at: datetime | None) -> None:
        """Pauses the account; None resumes it."""
        self._set(account_id, paused_at=paused_at)

    def set_handoff_since(self, account_id: int, since: datetime | None) -> None:
        """Switches the account to hand-off, after a plan-level 403; None switches back."""
        self._set(account_id, handoff_since=since)

    def _set(self, account_id: int, **values: object) -> None:
        """Writes only what isn't so already: the log needn't hear of it again."""
        other = or_(*(accounts.c[name].is_distinct_from(value) for name, value in values.items()))
        self._covered.update(update(accounts).where(accounts.c.id == account_id, other).values(**values))

    def _by_handle(self, handle: str) -> Account | None:
        row = self._connection.execute(select(*_COLUMNS).where(accounts.c.handle == handle)).first()
        return None if row is None else Account(**row._mapping)
