"""The first schema: the frozen statements in `sql/0001_*.sql`."""

from alembic import op

from followguard.adapters.store.migrations import run_frozen

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Everything that the first release keeps."""
    run_frozen(op.get_bind(), revision)
