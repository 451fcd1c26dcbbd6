"""What chance starts from: drawn once an installation, so that a run repeated after a crash draws the same."""

import secrets

from sqlalchemy import Connection, select

from followguard.store.inserts import insert_for
from followguard.store.tables import settings

NAME = "seed"
BITS = 62


def ensure_seed(connection: Connection) -> None:
    """Draws the seed of a database that has none; nobody outside can foresee whom the audit draws."""
    statement = insert_for(connection, settings).on_conflict_do_nothing()
    connection.execute(statement, {"name": NAME, "value": str(secrets.randbits(BITS))})


def read_seed(connection: Connection) -> int:
    """Returns the seed, 0 where there is none."""
    value = connection.execute(select(settings.c.value).where(settings.c.name == NAME)).scalar()
    return int(value or 0)
