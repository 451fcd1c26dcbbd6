"""Sign-in links and sessions in the database. Tokens never reach it, only their sha256."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, func, select, update

from followguard.domain.person import Person
from followguard.store.seals import is_proved
from followguard.store.tables import log, people, seals, sessions, sign_in_links
from followguard.store.work import Queries, made

_PERSON = [people.c[name].label(f"of_{name}") for name in Person.__slots__]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLink:
    """A personal sign-in link. `ended_at`: when it was taken back before anybody used it."""

    id: int
    person_id: int
    kind: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sign-in of a person in one browser. `started_at` is when they signed in."""

    id: int
    person_id: int
    started_at: datetime
    expires_at: datetime
    ended_at: datetime | None


_LINK = [sign_in_links.c[name] for name in SignInLink.__slots__]
_SESSION = [sessions.c[name] for name in Session.__slots__]


def hash_of(token: str) -> str:
    """Returns the sha256 (hex) under which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


class Links(Queries):
    """Personal sign-in links."""

    def add(self, person_id: int, token: str, kind: str, now: datetime, expires_at: datetime) -> None:
        """Adds a link that is good until `expires_at`."""
        values = {"person_id": person_id, "kind": kind, "made_at": now, "expires_at": expires_at}
        made(self._covered.insert(sign_in_links.insert().values(token_hash=hash_of(token), **values), now))

    def by_token(self, token: str) -> SignInLink | None:
        """Finds a link that the log vouches for; None for any other."""
        row = self._connection.execute(select(*_LINK).where(sign_in_links.c.token_hash == hash_of(token))).first()
        return SignInLink(**row._mapping) if row is not None and self._proved(sign_in_links, row.id) else None

    def use(self, link_id: int, now: datetime) -> bool:
        """Marks the link used; False when another request was faster, or it was taken back meanwhile."""
        unused = sign_in_links.c.used_at.is_(None), sign_in_links.c.ended_at.is_(None)
        spent = update(sign_in_links).where(sign_in_links.c.id == link_id, *unused).values(used_at=now)
        return self._covered.update(spent, now) == 1

    def end_all(self, person_id: int, now: datetime) -> int:
        """Takes back the person's links that are unused and not too old; returns how many."""
        unused = sign_in_links.c.used_at.is_(None), sign_in_links.c.ended_at.is_(None)
        standing = *unused, sign_in_links.c.person_id == person_id, sign_in_links.c.expires_at > now
        return self._covered.update(update(sign_in_links).where(*standing).values(ended_at=now), now)

    def latest_since(self, link_id: int) -> str:
        """Tells the latest time (ISO, UTC) in the log since the link was made, empty where nothing came after it."""
        said = seals.c.table_name == sign_in_links.name, seals.c.row_key == str(link_id)
        began = select(func.min(seals.c.seq)).where(*said).scalar_subquery()
        return self._connection.execute(select(func.max(log.c.at)).where(log.c.seq > began)).scalar() or ""

    def _proved(self, table: Table, key: int) -> bool:
        return self._covered.has_written(table, key) or is_proved(self._connection, table.name, key)


class Sessions(Queries):
    """Sessions of the web desk."""

    def add(self, link: SignInLink, token: str, now: datetime, expires_at: datetime) -> Session:
        """Adds the session that the link opens."""
        values = {"person_id": link.person_id, "link_id": link.id, "started_at": now, "expires_at": expires_at}
        row = made(self._covered.insert(sessions.insert().values(token_hash=hash_of(token), **values), now))
        return Session(**{name: getattr(row, name) for name in Session.__slots__})

    def by_token(self, token: str) -> tuple[Session, Person] | None:
        """Finds a session that the log vouches for, with its person; None for any other."""
        joined = select(*_SESSION, *_PERSON).join(people, people.c.id == sessions.c.person_id)
        row = self._connection.execute(joined.where(sessions.c.token_hash == hash_of(token))).first()
        if row is None or not is_proved(self._connection, sessions.name, row.id):
            return None
        person = Person(**{name: getattr(row, f"of_{name}") for name in Person.__slots__})
        return Session(**{name: getattr(row, name) for name in Session.__slots__}), person

    def end(self, session_id: int, now: datetime) -> int:
        """Ends one session; returns 0 where it had ended already."""
        standing = sessions.c.id == session_id, sessions.c.ended_at.is_(None)
        return self._covered.update(update(sessions).where(*standing).values(ended_at=now), now)

    def end_all(self, person_id: int, now: datetime) -> int:
        """Ends the person's sessions; returns how many stood."""
        standing = sessions.c.person_id == person_id, sessions.c.ended_at.is_(None)
        return self._covered.update(update(sessions).where(*standing).values(ended_at=now), now)
