"""The log: one way in, and the chain read back."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select, text

from followguard.adapters.store.covered import Touched
from followguard.adapters.store.tables import log, log_openings, seals, settings
from followguard.domain.hashchain import GENESIS, SALT_BYTES, Entry, Opening, canonical, commit, link

ROWS = "rows"
"""The kind of an entry that says nothing but which rows were written."""
NOBODY = "followguard"
BEGINNING = "1970-01-01T00:00:00.000000+00:00"
"""Where something was written before the first entry, by who knew no time."""
_WRITERS = 7_041_977_253  # the advisory lock of those who append; any number that nobody else uses


class LogTables:
    """`domain.stores.log.Log`."""

    def __init__(
        self, connection: Connection, token_bytes: Callable[[int], bytes], touched: Touched | None = None
    ) -> None:
        self._connection = connection
        self._token_bytes = token_bytes
        self._touched = touched or Touched()

    def append(self, now: datetime, kind: str, account: str, actor: str, payload: dict[str, Any]) -> str:
        """Writers queue up from here to the end of their transactions: the chain can't fork."""
        return self._append(now.astimezone(UTC).isoformat(timespec="microseconds"), kind, account, actor, payload)

    def seal(self) -> None:
        """An entry of its own for what this transaction has written and no other entry names."""
        touched = self._touched
        if not touched.rows and not touched.erased:
            return
        if touched.at is not None:
            self.append(touched.at, ROWS, "", NOBODY, {})
        else:
            last = self._last()
            self._append(BEGINNING if last is None else last.at, ROWS, "", NOBODY, {})

    def _append(self, at: str, kind: str, account: str, actor: str, payload: dict[str, Any]) -> str:
        self._queue_up()
        last = self._last()
        if last is None:
            self._take_what_was_there()
        told = payload | ({"erased": self._touched.erased} if self._touched.erased else {})
        rows = self._touched.take(self._connection)
        self._touched.erased = {}
        opening = Opening(self._token_bytes(SALT_BYTES).hex(), json.loads(canonical(told)), rows)
        entry = link(
            last,
            at=at,
            kind=kind,
            account=account,
            actor=actor,
            commitment=commit(opening),
        )
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
        """The last entry, with all that was written so far."""
        self.seal()
        return self._last()

    def head(self) -> str:
        """The hash of the last entry, with all that was written so far."""
        last = self.last()
        return GENESIS if last is None else last.hash

    def entries(self) -> Iterator[Entry]:
        """The whole chain in order."""
        rows = self._connection.execute(select(log).order_by(log.c.seq).execution_options(yield_per=2000))
        return (Entry(**row._mapping) for row in rows)

    def openings(self) -> dict[int, Opening]:
        """Salt and payload of the entries that nobody asked to erase, by `seq`."""
        rows = self._connection.execute(select(log_openings))
        return {row.seq: Opening(row.salt, row.payload, row.rows) for row in rows}

    def _take_what_was_there(self) -> None:
        """The first entry of all also names what the schema began with: the seed."""
        for name in self._connection.execute(select(settings.c.name)).scalars():
            self._touched.add(settings.name, name)

    def _last(self) -> Entry | None:
        row = self._connection.execute(select(log).order_by(log.c.seq.desc()).limit(1)).first()
        return None if row is None else Entry(**row._mapping)

    def _queue_up(self) -> None:
        """SQLite's transactions queue up by themselves, when they begin."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _WRITERS})
