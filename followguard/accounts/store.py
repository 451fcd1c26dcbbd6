"""Our accounts and people in the database."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update

from followguard.domain.account import Account
from followguard.domain.person import Grant, Person
from followguard.errors import StoreFailed
from followguard.store.seals import is_proved
from followguard.store.tables import accounts, people, roles
from followguard.store.values import insert_for
from followguard.store.work import Queries, made

_PERSON = [people.c[name] for name in Person.__slots__]
_GRANT = [roles.c[name] for name in Grant.__slots__]


class People(Queries):
    """People who decide: added and withdrawn, never removed, because decisions point at them."""

    def by_name(self, name: str) -> Person | None:
        """Finds a person, withdrawn ones too. The name is case-sensitive; None when nobody has it."""
        row = self._connection.execute(select(*_PERSON).where(people.c.name == name)).first()
        return None if row is None else Person(**row._mapping)

    def all(self) -> list[Person]:
        """Returns everybody in the order they were added."""
        rows = self._connection.execute(select(*_PERSON).order_by(people.c.id))
        return [Person(**row._mapping) for row in rows]

    def add(self, name: str, pseudonym: str, now: datetime) -> Person:
        """Adds a person without a role."""
        insert = people.insert().values(name=name, pseudonym=pseudonym, added_at=now)
        return Person(**made(self._covered.insert(insert, now))._mapping)

    def grant(self, person_id: int, role: str, account_id: int | None, by: int | None, now: datetime) -> None:
        """Gives a role; the same grant twice is one grant. Somebody who was withdrawn is back with the new role."""
        standing = select(roles.c.id).where(
            roles.c.person_id == person_id, roles.c.role == role, _for(account_id), roles.c.withdrawn_at.is_(None)
        )
        if self._connection.execute(standing).first() is not None:
            return
        values = {"role": role, "account_id": account_id, "granted_by": by, "granted_at": now}
        self._covered.insert(roles.insert().values(person_id=person_id, **values), now)
        back = update(people).where(people.c.id == person_id, people.c.withdrawn_at.is_not(None))
        self._covered.update(back.values(withdrawn_at=None), now)

    def grants(self, person_id: int) -> list[Grant]:
        """Returns the roles that stand (not withdrawn) and that the log vouches for, in the order they were given."""
        standing = roles.c.person_id == person_id, roles.c.withdrawn_at.is_(None)
        rows = self._connection.execute(select(roles.c.id, *_GRANT).where(*standing).order_by(roles.c.id)).all()
        values = [dict(row._mapping) for row in rows]
        return [Grant(**each) for each in values if self._proved(each.pop("id"))]

    def owners(self) -> list[Person]:
        """Returns owners of every account. Until the transaction ends nobody else can withdraw one of them."""
        standing = roles.c.role == "owner", roles.c.account_id.is_(None), roles.c.withdrawn_at.is_(None)
        joined = select(*_PERSON, roles.c.id.label("role")).join(roles, roles.c.person_id == people.c.id)
        rows = self._connection.execute(joined.where(*standing).order_by(people.c.id).with_for_update()).all()
        values = [dict(row._mapping) for row in rows]
        return list(dict.fromkeys(Person(**each) for each in values if self._proved(each.pop("role"))))

    def unproved(self, person_id: int) -> int:
        """Counts the roles that stand and that the log doesn't vouch for: they count for nothing."""
        standing = roles.c.person_id == person_id, roles.c.withdrawn_at.is_(None)
        rows = self._connection.execute(select(roles.c.id).where(*standing)).scalars().all()
        return sum(not self._proved(each) for each in rows)

    def _proved(self, role_id: int) -> bool:
        return self._covered.has_written(roles, role_id) or is_proved(self._connection, "roles", role_id)

    def end(self, person_id: int, account_id: int | None, now: datetime) -> None:
        """Ends the role for one account, or the one for every account; other roles and the person stay."""
        standing = roles.c.person_id == person_id, _for(account_id), roles.c.withdrawn_at.is_(None)
        self._covered.update(update(roles).where(*standing).values(withdrawn_at=now), now)

    def withdraw(self, person_id: int, account_id: int | None, now: datetime) -> None:
        """Ends the roles for one account, or all of them and the person when `account_id` is None."""
        standing = update(roles).where(roles.c.person_id == person_id, roles.c.withdrawn_at.is_(None))
        if account_id is not None:
            standing = standing.where(roles.c.account_id == account_id)
        self._covered.update(standing.values(withdrawn_at=now), now)
        if account_id is None:
            self._covered.update(update(people).where(people.c.id == person_id).values(withdrawn_at=now), now)


def _for(account_id: int | None) -> ColumnElement[bool]:
    return roles.c.account_id.is_(None) if account_id is None else roles.c.account_id == account_id


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
