"""Writes the SQL of the first schema from `tables` and `triggers`.

For use before the first release only: `python -m followguard.adapters.store.migrations.freeze`. After it, databases
with that schema exist, the frozen files never change again, and a new revision says what to alter.
"""

from sqlalchemy import make_url
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from followguard.adapters.store.migrations import NEXT, frozen_path
from followguard.adapters.store.migrations.triggers import statements
from followguard.adapters.store.tables import metadata

FIRST = "0001"
DIALECTS = {
    "sqlite": make_url("sqlite://").get_dialect()(),
    "postgresql": make_url("postgresql+psycopg://").get_dialect()(),
}


def first_schema(dialect: str) -> list[str]:
    """Every statement that makes the tables, their indexes and triggers, always in the same order."""
    made: list[DDLElement] = []
    for table in metadata.sorted_tables:
        made += [CreateTable(table), *map(CreateIndex, sorted(table.indexes, key=lambda index: str(index.name)))]
    return [str(each.compile(dialect=DIALECTS[dialect])).strip() for each in made] + statements(dialect)


def freeze() -> None:
    """Writes a file for each kind of database."""
    for dialect in DIALECTS:
        frozen_path(FIRST, dialect).parent.mkdir(exist_ok=True)
        frozen_path(FIRST, dialect).write_text(NEXT.join(first_schema(dialect)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    freeze()
