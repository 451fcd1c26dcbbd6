"""The whole history as it is stored, for `followguard prove`."""

from collections.abc import Mapping

from sqlalchemy import func, select, text

from followguard.proof.finding import Row
from followguard.proof.log_store import read_whole_log
from followguard.proof.quick import Skeleton
from followguard.proof.schema_store import schema_findings
from followguard.proof.skeleton_store import read_skeleton
from followguard.proof.stored import Stored
from followguard.store.seals import COVERED, Raw, all_rows, spelt
from followguard.store.tables import items, metadata, runs, scores
from followguard.store.work import Queries

STRANGERS = (
    "SELECT o.id FROM orders o LEFT JOIN followers f ON f.account_id = o.account_id AND f.follower_id = o.follower_id"
    " WHERE f.follower_id IS NULL"
)


class Proving(Queries):
    """The whole history as it is stored."""

    def read(self) -> Stored:
        """Reads everything as it is stored, once."""
        connection = self._connection
        log = read_whole_log(connection)
        raw: dict[tuple[str, str], Mapping[str, Raw]] = {}
        rows: dict[str, dict[str, Row]] = {table: {} for table in COVERED}
        for table, key in COVERED.items():
            for row in all_rows(connection, metadata.tables[table]):
                name = spelt(row[key])
                raw[table, name] = row
                rows[table][name] = {column: None if row[column] is None else spelt(row[column]) for column in row}
        return Stored(
            entries=log.entries,
            openings=log.openings,
            seals=log.seals,
            raw=raw,
            rows=rows,
            strangers={spelt(each) for each in connection.execute(text(STRANGERS)).scalars()},
            models=self._models(),
            receipts=self._receipts(),
            items=self._items(),
            drawn=self._drawn(),
            findings=[*schema_findings(connection), *log.findings],
        )

    def skeleton(self) -> Skeleton:
        """Reads what the quick part of a proof asks."""
        return read_skeleton(self._connection)

    def _items(self) -> dict[int, str]:
        rows = self._connection.execute(select(items.c.id, items.c.follower_id))
        return {int(row.id): str(row.follower_id) for row in rows}

    def _drawn(self) -> dict[int, str]:
        shown = select(items.c.id, items.c.audit_day).where(items.c.audit, items.c.audit_day.is_not(None))
        return {int(row.id): str(row.audit_day) for row in self._connection.execute(shown)}

    def _receipts(self) -> list[tuple[int, str]]:
        query = select(runs.c.id, runs.c.receipt).where(runs.c.receipt.is_not(None)).order_by(runs.c.id)
        rows = self._connection.execute(query)
        heads = [(row.id, str(row.receipt.get("log_head") or "")) for row in rows if isinstance(row.receipt, dict)]
        return [(run, head) for run, head in heads if head]

    def _models(self) -> dict[str, tuple[int, int]]:
        query = select(scores.c.model, func.count(), func.min(scores.c.id)).group_by(scores.c.model)
        return {str(model): (number, first) for model, number, first in self._connection.execute(query)}
