"""The log: one way in, and the chain read back."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select, text

from followguard.adapters.store.tables import log, log_openings
from followguard.domain.hashchain import GENESIS, SALT_BYTES, Entry, Opening, canonical, commit, link

_WRITERS = 7_041_977_253  # the advisory lock of those who append; any number that nobody else uses


class LogTables:
    """`domain.stores.log.Log`."""

    def __init__(self, connection: Connection, token_bytes: Callable[[int], bytes]) -> None:
        self._connection = connection
        self._token_bytes = token_bytes

    def append(self, now: datetime, kind: str, account: str, actor: str, payload: dict[str, Any]) -> str:
        """Writers queue up from here to the end of their transactions: the chain can't fork."""
        self._queue_up()
        opening = Opening(self._token_bytes(SALT_BYTES).hex(), json.loads(canonical(payload)))
        entry = link(
            self._last(),
            at=now.astimezone(UTC).isoformat(timespec="microseconds"),
            kind=kind,
            account=account,
            actor=actor,
            commitment=commit(opening),
        )
        self._connection.execute(log.insert(), {field: getattr(entry, field) for field in Entry.__slots__})
        self._connection.execute(
            log_openings.insert(), {"seq": entry.seq, "salt": opening.salt, "payload": opening.payload}
        )
        return entry.hash

    def head(self) -> str:
        """The hash of the last entry."""
        last = self._last()
        return GENESIS if last is None else last.hash

    def entries(self) -> Iterator[Entry]:
        """The whole chain in order."""
        rows = self._connection.execute(select(log).order_by(log.c.seq).execution_options(yield_per=2000))
        return (Entry(**row._mapping) for row in rows)

    def openings(self) -> dict[int, Opening]:
        """Salt and payload of the entries that nobody asked to erase, by `seq`."""
        rows = self._connection.execute(select(log_openings))
        return {row.seq: Opening(row.salt, row.payload) for row in rows}

    def _last(self) -> Entry | None:
        row = self._connection.execute(select(log).order_by(log.c.seq.desc()).limit(1)).first()
        return None if row is None else Entry(**row._mapping)

    def _queue_up(self) -> None:
        """SQLite's transactions queue up by themselves, when they begin."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _WRITERS})
