"""Any single edit past followguard, in any table that the log vouches for or in the log itself, is found."""

import random
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from followguard.proof.rules import Against, Proof, prove
from followguard.store.seals import CLEARED, COVERED
from followguard.store.store import open_store
from followguard.store.tables import metadata

TABLES = (*COVERED, "log", "log_openings", "seals")
EDITS = 400
BASE = Against()


def proved(store: Any) -> Proof:
    """Proves the history with nothing kept elsewhere."""
    return prove(store, BASE)


def sentences(proof: Proof) -> list[str]:
    """Sentences of the findings."""
    return [finding.sentence for finding in proof.findings]


def test_an_honest_history_is_whole(lived: Any) -> None:
    """Nothing is found, every covered table has been looked at, and looking changes nothing."""
    first = proved(lived.store)
    assert (sentences(first), first.warnings) == ([], [])
    assert set(first.checked["rows"]) == set(COVERED)
    assert first.checked["follows"] > 0
    assert proved(lived.store) == first


def test_any_edit_is_found(quick_lived: Any, tmp_path: Path) -> None:
    """Hundreds of edits at random, one at a time, each on a fresh copy and with the triggers put back afterwards."""
    quick_lived.store.close()
    source, chance = tmp_path / "followguard.db", random.Random(20261128)
    missed = []
    for number in range(EDITS):
        copy = tmp_path / "edited.db"
        for old in tmp_path.glob("edited.db*"):
            old.unlink()
        with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(copy)) as made:
            origin.backup(made)
        what = edited(copy, TABLES[number % len(TABLES)], chance)
        with open_store(f"sqlite:///{copy}") as store:
            if proved(store).ok:
                missed.append(what)
    assert missed == []


def edited(path: Path, table: str, chance: random.Random) -> str:
    """Makes one edit past every key, check and trigger; says which."""
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("PRAGMA ignore_check_constraints = ON")
        triggers = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            base.execute(f"DROP TRIGGER {name}")
        columns = [row[1] for row in base.execute(f"PRAGMA table_info({table})")]
        rowids = [row[0] for row in base.execute(f"SELECT rowid FROM {table}")]
        while True:
            edit = chance.choice((flipped, flipped, flipped, deleted, swapped, inserted, retyped, emptied))
            try:
                what = edit(base, table, columns, rowids, chance)
            except (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.OperationalError):
                continue
            if what is not None:
                break
        for _, sql in triggers:
            base.execute(sql)
        return f"{table}: {what}"


def value_of(base: Any, table: str, column: str, row: int) -> tuple[str, Any]:
    """Type and bytes of a value."""
    kind, found = base.execute(
        f"SELECT typeof({column}), CASE typeof({column}) WHEN 'text' THEN CAST({column} AS BLOB) ELSE {column} END"
        f" FROM {table} WHERE rowid = ?",
        (row,),
    ).fetchone()
    return kind, found


def flipped(base: Any, table: str, columns: list[str], rowids: list[int], chance: random.Random) -> str | None:
    """Flips one bit of one byte, or of a number."""
    column, row = chance.choice(columns), chance.choice(rowids)
    kind, found = value_of(base, table, column, row)
    if kind in {"text", "blob"} and found:
        place, bit = chance.randrange(len(found)), 1 << chance.randrange(8)
        made = bytes(byte ^ bit if at == place else byte for at, byte in enumerate(found))
        cast = "CAST(? AS TEXT)" if kind == "text" else "?"
    elif kind == "integer":
        made, cast = found ^ (1 << chance.randrange(8)), "?"
    elif kind == "real":
        made, cast = found * (1 + 2**-50), "?"
    else:
        made, cast = 7, "?"
    base.execute(f"UPDATE {table} SET {column} = {cast} WHERE rowid = ?", (made, row))
    return f"{column} of {row}: {found!r} -> {made!r}" if changed(base, table, column, row, (kind, found)) else None


def changed(base: Any, table: str, column: str, row: int, before: tuple[str, Any]) -> bool:
    """False where the database made of it what it was; a row whose own key moved counts."""
    try:
        return value_of(base, table, column, row) != before
    except TypeError:
        return True


def retyped(base: Any, table: str, columns: list[str], rowids: list[int], chance: random.Random) -> str | None:
    """The same value as another type, or with a space after it."""
    column, row = chance.choice(columns), chance.choice(rowids)
    before = value_of(base, table, column, row)
    how = chance.choice((f"CAST({column} AS BLOB)", f"CAST({column} AS TEXT)", f"{column} || ' '", f"upper({column})"))
    base.execute(f"UPDATE {table} SET {column} = {how} WHERE rowid = ?", (row,))
    return f"{how} of {row}" if changed(base, table, column, row, before) else None


def emptied(base: Any, table: str, columns: list[str], rowids: list[int], chance: random.Random) -> str | None:
    """NULL where something stood. What retention may clear is no edit."""
    column, row = chance.choice(columns), chance.choice(rowids)
    if column in CLEARED.get(table, ()):
        return None
    before = value_of(base, table, column, row)
    base.execute(f"UPDATE {table} SET {column} = NULL WHERE rowid = ?", (row,))
    return f"{column} of {row} emptied" if changed(base, table, column, row, before) else None


def deleted(base: Any, table: str, columns: list[str], rowids: list[int], chance: random.Random) -> str | None:
    """Deletes one row. The last payload with its entry would be a tail cut cleanly off; one table alone isn't."""
    row = chance.choice(rowids)
    base.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))
    return f"row {row} deleted"


def swapped(base: Any, table: str, columns: list[str], rowids: list[int], chance: random.Random) -> str | None:
    """Two rows change places, with all that they hold."""
    if len(rowids) < 2:
        return None
    one, other = chance.sample(rowids, 2)
    names = ", ".join(columns[1:])
    rows = [base.execute(f"SELECT {names} FROM {table} WHERE rowid = ?", (each,)).fetchone() for each in (one, other)]
    keys = [
        base.execute(f"SELECT {columns[0]} FROM {table} WHERE rowid = ?", (each,)).fetchone() for each in (one, other)
    ]
    if rows[0] == rows[1] or keys[0] == keys[1]:
        return None
    base.execute(f"DELETE FROM {table} WHERE rowid IN (?, ?)", (one, other))
    marks = ", ".join("?" * len(columns))
    for key, row in zip(keys, reversed(rows), strict=True):
        base.execute(f"INSERT INTO {table} ({columns[0]}, {names}) VALUES ({marks})", (*key, *row))
    return f"{one} and {other} swapped"


def inserted(base: Any, table: str, columns: list[str], rowids: list[int], chance: random.Random) -> str | None:
    """A copy of a row under a key of its own."""
    row = list(base.execute(f"SELECT * FROM {table} WHERE rowid = ?", (chance.choice(rowids),)).fetchone())
    row[0] = row[0] + 1000 if isinstance(row[0], int) else f"{row[0]}-copy"
    for place, name in enumerate(columns):
        if isinstance(row[place], str) and place and name in {"hash", "prev", "name", "handle", "pseudonym", "x_id"}:
            row[place] = row[place][::-1]
    marks = ", ".join("?" * len(columns))
    base.execute(f"INSERT INTO {table} VALUES ({marks})", row)
    return f"a copy as {row[0]}"


@pytest.mark.parametrize("table", TABLES)
def test_an_edit_is_found_on_postgresql_too(postgres_lived: Any, table: str) -> None:
    """One row deleted, and each column of another emptied, changed or moved."""
    house = postgres_lived
    assert proved(house.store).ok
    key = next(iter(metadata.tables[table].primary_key.columns)).name
    tried = 0
    for column in metadata.tables[table].columns:
        statement = f"UPDATE {table} SET {column.name} = {other(column)} WHERE {key} = (SELECT min({key}) FROM {table})"
        tried += found_and_undone(house.store, statement)
    tried += found_and_undone(house.store, f"DELETE FROM {table} WHERE {key} = (SELECT max({key}) FROM {table})")
    assert tried


def other(column: Any) -> str:
    """Another value of the column's type, in SQL."""
    made = {
        "JSON": "CAST(CAST({0} AS text) || ' ' AS json)",
        "BOOLEAN": "NOT {0}",
        "BLOB": "{0} || decode('00', 'hex')",
        "DATETIME": "{0} + interval '1 microsecond'",
        "FLOAT": "{0} * 1.0000000001",
        "BIGINT": "{0} + 1000",
        "INTEGER": "{0} + 1000",
    }
    return made.get(str(column.type).upper(), "{0} || ' '").format(column.name)


def found_and_undone(store: Any, statement: str) -> bool:
    """Tells whether the statement changed anything; it must be found if so. Nothing of it stays."""
    from followguard.proof.rules import prove_stored
    from followguard.proof.store import Proving
    from followguard.store.work import Work

    with store.engine.connect() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        before = Proving(Work(connection, secrets.token_bytes)).read()
        try:
            connection.execute(text(statement))
        except Exception:  # noqa: BLE001  a unique key, or a value too long: the database itself said no
            connection.rollback()
            return False
        after = Proving(Work(connection, secrets.token_bytes)).read()
        same = (before.raw, before.entries, before.seals) == (after.raw, after.entries, after.seals)
        same = same and before.openings == after.openings and not after.findings
        ok = prove_stored(after, BASE).ok
        connection.rollback()
    assert same or not ok, statement
    return not same
