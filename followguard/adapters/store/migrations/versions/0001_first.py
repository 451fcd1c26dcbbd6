"""The first schema."""

from alembic import op

from followguard.adapters.store.migrations.triggers import statements
from followguard.adapters.store.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Everything that the first release keeps."""
    connection = op.get_bind()
    metadata.create_all(connection)
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
