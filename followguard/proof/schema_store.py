"""The schema against the program's own: tables, columns, checks, indexes and, above all, triggers."""

import re
from collections.abc import Iterator

from sqlalchemy import Connection, Constraint, Index, create_engine, text

from followguard.proof.finding import ProofFinding
from followguard.store.migrations import run_upgrade
from followguard.store.migrations.triggers import statements
from followguard.store.tables import metadata

_SQLITE = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_TRIGGERS = (
    "SELECT t.tgname, c.relname, t.tgenabled, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace"
)
_COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
_NAMED = (
    "SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
    " UNION SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"
)


def schema_findings(connection: Connection) -> Iterator[ProofFinding]:
    """Finds what is missing, changed or too much."""
    return (_sqlite if connection.dialect.name == "sqlite" else _postgresql)(connection)


def _sqlite(connection: Connection) -> Iterator[ProofFinding]:
    """Compares the schema with a database made just now: the statements themselves are on record."""
    engine = create_engine("sqlite://")
    with engine.begin() as fresh:
        run_upgrade(fresh)
        wanted = {(row.type, row.name): row.sql for row in fresh.execute(text(_SQLITE))}
    engine.dispose()
    found = {(row.type, row.name): row.sql for row in connection.execute(text(_SQLITE))}
    yield from _compared(wanted, found)


def _compared(wanted: dict[tuple[str, str], str], found: dict[tuple[str, str], str]) -> Iterator[ProofFinding]:
    for (kind, name), sql in wanted.items():
        if (kind, name) not in found:
            yield ProofFinding(rule="schema", row=f"{kind} {name}", text=f"this {kind} of the schema is missing")
        elif found[kind, name] != sql:
            yield ProofFinding(
                rule="schema", row=f"{kind} {name}", text=f"this {kind} isn't the one that followguard made"
            )
    for kind, name in found.keys() - wanted.keys():
        if kind == "trigger":
            yield ProofFinding(rule="schema", row=f"{kind} {name}", text="this trigger isn't followguard's")


def _postgresql(connection: Connection) -> Iterator[ProofFinding]:
    """Compares names, and the bodies of triggers: the server keeps its own spelling of most things."""
    rows = connection.execute(text(_TRIGGERS)).all()
    found = {("trigger", f"{row.relname}.{row.tgname}"): f"{row.tgenabled}{row.prosrc.strip()}" for row in rows}
    yield from _compared(_wanted_triggers(), found)
    columns = {(row.table_name, row.column_name) for row in connection.execute(text(_COLUMNS))}
    names = set(connection.execute(text(_NAMED)).scalars())
    for table in metadata.sorted_tables:
        for column in table.columns:
            if (table.name, column.name) not in columns:
                row = f"column {table.name}.{column.name}"
                yield ProofFinding(rule="schema", row=row, text="this column of the schema is missing")
        rules: list[Constraint | Index] = [*table.constraints, *table.indexes]
        for each in rules:
            name = connection.dialect.identifier_preparer.format_constraint(each)  # as the naming convention makes it
            if name and name.strip('"') not in names:
                yield ProofFinding(rule="schema", row=f"table {table.name}", text=f"its rule {name} is missing")


def _wanted_triggers() -> dict[tuple[str, str], str]:
    made = "\n".join(statements("postgresql"))
    bodies = dict(re.findall(r"CREATE FUNCTION (\w+)\(\).*?\$\$\n(.*?)\n\$\$", made, re.DOTALL))
    placed = re.findall(r"CREATE TRIGGER (\w+) BEFORE [A-Z ]+ ON (\w+)\s+FOR EACH \w+ EXECUTE FUNCTION (\w+)\(\)", made)
    return {("trigger", f"{table}.{name}"): f"O{bodies[function].strip()}" for name, table, function in placed}
