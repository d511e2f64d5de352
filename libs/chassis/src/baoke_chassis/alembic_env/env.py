"""Alembic's entry: the chassis hands in a connection and the service's metadata."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes["metadata"],
    compare_server_default=False,
    transaction_per_migration=True,
)
with context.begin_transaction():
    connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
    context.run_migrations()
