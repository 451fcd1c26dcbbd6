"""Versions of guidelines, the one in force, and which people have been told of."""

from datetime import datetime

from sqlalchemy import Select, insert, select, update

from followguard.domain.guidelines import Guidelines
from followguard.store.tables import accounts, guidelines, guidelines_told
from followguard.store.values import insert_for
from followguard.store.work import Queries


class GuidelineVersions(Queries):
    """Each version of an account's guidelines, kept once by its sha256."""

    def put_in_force(self, account_id: int, sha256: str, text: str, now: datetime) -> None:
        """Keeps the version, and notes that it is the one in force from now on, unless it is already."""
        newest = self.in_force(account_id)
        if newest is not None and newest.sha256 == sha256:
            return
        row = {"account_id": account_id, "sha256": sha256}
        known = guidelines.c.account_id == account_id, guidelines.c.sha256 == sha256
        moved = self._connection.execute(update(guidelines).where(*known).values(in_force_since=now)).rowcount
        if not moved:
            values = row | {"text": text, "first_seen_at": now, "in_force_since": now}
            self._connection.execute(insert_for(self._connection, guidelines).on_conflict_do_nothing().values(values))

    def in_force(self, account_id: int) -> Guidelines | None:
        """Returns the version that was read last."""
        newest = _VERSIONS.where(guidelines.c.account_id == account_id).order_by(guidelines.c.in_force_since.desc())
        row = self._connection.execute(newest.limit(1)).one_or_none()
        return None if row is None else Guidelines(**row._mapping)

    def version(self, account_id: int, sha256: str) -> Guidelines | None:
        """Returns a version by its hash."""
        query = _VERSIONS.where(guidelines.c.account_id == account_id, guidelines.c.sha256 == sha256)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else Guidelines(**row._mapping)

    def last_told(self, person_id: int, account_id: int) -> str | None:
        """Returns the sha256 of the version that the person was told of last."""
        query = select(guidelines_told.c.sha256).where(
            guidelines_told.c.person_id == person_id, guidelines_told.c.account_id == account_id
        )
        found: str | None = self._connection.execute(
            query.order_by(guidelines_told.c.id.desc()).limit(1)
        ).scalar_one_or_none()
        return found

    def tell(self, person_id: int, account_id: int, sha256: str, now: datetime) -> None:
        """Notes that the person was told of the version."""
        values = {"person_id": person_id, "account_id": account_id, "sha256": sha256, "at": now}
        self._connection.execute(insert(guidelines_told).values(values))


_VERSIONS: Select[tuple[str, str, str, datetime]] = select(
    accounts.c.handle.label("account"), guidelines.c.sha256, guidelines.c.text, guidelines.c.first_seen_at
).join(accounts, accounts.c.id == guidelines.c.account_id)
