"""The people who decide, and their roles."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from followguard.domain.person import Grant, Person
from followguard.store.covered import made
from followguard.store.seals import is_proved
from followguard.store.tables import people, roles
from followguard.store.work import Queries

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
