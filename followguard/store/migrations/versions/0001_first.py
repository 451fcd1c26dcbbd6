"""The first schema: what `tables` and `triggers` say, until a first release freezes it."""

from alembic import op

from followguard.store.migrations.triggers import statements
from followguard.store.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates the tables, their indexes and their triggers."""
    connection = op.get_bind()
    metadata.create_all(connection, checkfirst=False)
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
