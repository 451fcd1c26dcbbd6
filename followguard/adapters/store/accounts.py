"""Our accounts."""

from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from followguard.adapters.store.covered import Covered
from followguard.adapters.store.inserts import insert_for
from followguard.adapters.store.tables import accounts
from followguard.domain.account import Account
from followguard.errors import StoreFailed

_COLUMNS = [accounts.c[name] for name in Account.__slots__]


class AccountTables:
    """`domain.stores.accounts.Accounts`."""

    def __init__(self, connection: Connection, covered: Covered) -> None:
        self._connection = connection
        self._covered = covered

    def ensure(self, handle: str, now: datetime) -> Account:
        """Two runs that make the same row at once both get it."""
        found = self._by_handle(handle)
        if found is not None:
            return found
        insert = insert_for(self._connection, accounts)
        self._covered.insert(insert.values(handle=handle, created_at=now).on_conflict_do_nothing(), now)
        return self.ensure(handle, now)

    def all(self) -> list[Account]:
        """Every account that has a row, by handle."""
        rows = self._connection.execute(select(*_COLUMNS).order_by(accounts.c.handle))
        return [Account(**row._mapping) for row in rows]

    def set_x_id(self, account_id: int, x_id: str) -> None:
        """Raises `StoreFailed` when another id is on record: an account never becomes another one."""
        stored = self._connection.execute(select(accounts.c.x_id).where(accounts.c.id == account_id)).scalar()
        if stored not in (None, x_id):
            message = f"The account's id on record is {stored}, not {x_id}."
            raise StoreFailed(
                message, "Check whose credentials these are; an account that was replaced needs a new database."
            )
        self._set(account_id, x_id=x_id)

    def set_followers_count(self, account_id: int, count: int | None) -> None:
        """How many followers X says the account has."""
        self._set(account_id, followers_count=count)

    def set_paused(self, account_id: int, paused_at: datetime | None) -> None:
        """None resumes."""
        self._set(account_id, paused_at=paused_at)

    def set_handoff_since(self, account_id: int, since: datetime | None) -> None:
        """None switches back."""
        self._set(account_id, handoff_since=since)

    def _set(self, account_id: int, **values: object) -> None:
        """Writes only what isn't so already: the log needn't hear of it again."""
        other = or_(*(accounts.c[name].is_distinct_from(value) for name, value in values.items()))
        self._covered.update(update(accounts).where(accounts.c.id == account_id, other).values(**values))

    def _by_handle(self, handle: str) -> Account | None:
        row = self._connection.execute(select(*_COLUMNS).where(accounts.c.handle == handle)).first()
        return None if row is None else Account(**row._mapping)
