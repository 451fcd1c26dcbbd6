"""Writes the SQL of the first schema from `tables` and `triggers`.

For use before the first release only: `python -m followguard.adapters.store.migrations.freeze`. After it, databases
with that schema exist, the frozen files never change again, and a new revision says what to alter.
"""

from typing import Any

from sqlalchemy import create_mock_engine

from followguard.adapters.store.migrations import NEXT, frozen_path
from followguard.adapters.store.migrations.triggers import statements
from followguard.adapters.store.tables import metadata

FIRST = "0001"
DRIVERS = {"sqlite": "sqlite://", "postgresql": "postgresql+psycopg://"}


def first_schema(dialect: str) -> list[str]:
    """Every statement that makes the tables, their indexes and triggers, in order."""
    made: list[str] = []

    def note(statement: Any, *_: Any, **__: Any) -> None:
        made.append(str(statement.compile(dialect=engine.dialect)).strip())

    engine = create_mock_engine(DRIVERS[dialect], note)
    metadata.create_all(engine, checkfirst=False)
    return made + statements(dialect)


def freeze() -> None:
    """Writes a file for each kind of database."""
    for dialect in DRIVERS:
        frozen_path(FIRST, dialect).parent.mkdir(exist_ok=True)
        frozen_path(FIRST, dialect).write_text(NEXT.join(first_schema(dialect)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    freeze()
