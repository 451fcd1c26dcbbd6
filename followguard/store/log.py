"""The log: one way in, and the chain read back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text

from followguard.store.hashchain import GENESIS, SALT_BYTES, Entry, Opening, canonical, commit, link
from followguard.store.tables import log, log_openings, seals, settings
from followguard.store.work import Queries

ROWS = "rows"
"""The kind of an entry that says nothing but which rows were written."""
NOBODY = "followguard"
BEGINNING = "1970-01-01T00:00:00.000000+00:00"
"""Where something was written before the first entry, by who knew no time."""
_WRITERS = 7_041_977_253  # the advisory lock of those who append; any number that nobody else uses


class Log(Queries):
    """The append-only hash chain: nothing in it is changed or taken out."""

    def append(self, now: datetime, kind: str, account: str, actor: str, payload: dict[str, Any]) -> str:
        """Adds an entry and returns the new head.

        `kind` is a stable word (`decision.approve`, `order.handed_off`, `person.add`); `account` a handle, or "" for
        all; `actor` a pseudonym or "followguard"; `payload` JSON that the entry commits to with a salt. Writers queue
        up from here to the end of their transactions: the chain can't fork.
        """
        return self._append(now.astimezone(UTC).isoformat(timespec="microseconds"), kind, account, actor, payload)

    def seal(self) -> None:
        """Adds an entry for what this transaction has written and no other entry names."""
        touched = self._work.touched
        if not touched.rows and not touched.erased:
            return
        if touched.at is not None:
            self.append(touched.at, ROWS, "", NOBODY, {})
        else:
            last = self._last()
            self._append(BEGINNING if last is None else last.at, ROWS, "", NOBODY, {})

    def _append(self, at: str, kind: str, account: str, actor: str, payload: dict[str, Any]) -> str:
        if self._connection.dialect.name == "postgresql":  # SQLite's transactions queue up when they begin
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _WRITERS})
        last = self._last()
        if last is None:
            for name in self._connection.execute(select(settings.c.name)).scalars():  # what the schema began with
                self._work.touched.add(settings.name, name)
        told = payload | ({"erased": self._work.touched.erased} if self._work.touched.erased else {})
        rows = self._work.touched.take(self._connection)
        self._work.touched.erased = {}
        opening = Opening(self._work.token_bytes(SALT_BYTES).hex(), json.loads(canonical(told)), rows)
        entry = link(last, at=at, kind=kind, account=account, actor=actor, commitment=commit(opening))
        self._connection.execute(log.insert(), {field: getattr(entry, field) for field in Entry.__slots__})
        self._connection.execute(
            log_openings.insert(),
            {"seq": entry.seq, "salt": opening.salt, "payload": opening.payload, "rows": opening.rows},
        )
        if rows:
            named = [{"table_name": row[0], "row_key": row[1], "seq": entry.seq} for row in rows]
            self._connection.execute(seals.insert(), named)
        return entry.hash

    def last(self) -> Entry | None:
        """Returns the last entry, with all that was written so far; None where there is none."""
        self.seal()
        return self._last()

    def head(self) -> str:
        """Returns the hash of the last entry, with all that was written so far; 64 zeros when there is none."""
        last = self.last()
        return GENESIS if last is None else last.hash

    def entries(self) -> Iterator[Entry]:
        """Returns the whole chain in order."""
        rows = self._connection.execute(select(log).order_by(log.c.seq).execution_options(yield_per=2000))
        return (Entry(**row._mapping) for row in rows)

    def openings(self) -> dict[int, Opening]:
        """Maps `seq` to salt and payload, for the entries that nobody asked to erase."""
        rows = self._connection.execute(select(log_openings))
        return {row.seq: Opening(row.salt, row.payload, row.rows) for row in rows}

    def _last(self) -> Entry | None:
        row = self._connection.execute(select(log).order_by(log.c.seq.desc()).limit(1)).first()
        return None if row is None else Entry(**row._mapping)
