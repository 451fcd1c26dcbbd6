"""The script that alembic runs: the migrations over the connection that `run_upgrade` was given."""

from alembic import context

from followguard.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
