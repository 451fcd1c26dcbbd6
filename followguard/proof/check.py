"""Reads the whole database for `followguard db check`: pages, values, schema, log."""

from dataclasses import dataclass, replace
from secrets import token_bytes

from followguard.errors import DamagedDatabase
from followguard.proof.rules import check_log
from followguard.proof.store import Proving
from followguard.store.engine import SCHEMA, require_current, translated
from followguard.store.hashchain import GENESIS
from followguard.store.health import WITHOUT_END, look_over, values_unread
from followguard.store.store import Store
from followguard.store.work import Work


@dataclass(frozen=True, slots=True)
class Checked:
    """A database that was read whole. `findings` is empty when all is well; each is one sentence."""

    schema: str
    entries: int
    head: str
    findings: tuple[str, ...]


def _checked(work: Work) -> Checked:
    """Checks the log and what it vouches for; one that can't be read is a finding like any other."""
    try:
        stored = Proving(work).read()
    except DamagedDatabase as error:
        return Checked(SCHEMA, 0, "", (f"log: {error.message}",))
    findings = tuple(each.sentence for each in check_log(stored)[1])
    head = stored.entries[-1].hash if stored.entries else GENESIS
    return Checked(SCHEMA, len(stored.entries), head, findings)


def check_database(store: Store) -> Checked:
    """Reads the whole database: its pages, its keys, its schema and the chain of its log.

    Raises `SchemaMismatch` when there is nothing that could be checked.
    """
    engine = store.engine
    with translated():
        require_current(engine)
        findings = look_over(engine, WITHOUT_END, whole_file=True).findings
        with engine.begin() as connection:
            values = tuple(values_unread(connection)) if not findings else ()
            found = _checked(Work(connection, token_bytes))
    return replace(found, findings=findings + values + found.findings)
