"""Alembic runs this; the connection is handed in by bot.store.migrate, with its transaction already begun.

A new migration: the command `alembic` is of no use here, since there is no alembic.ini. Write versions/v0002_….py by
hand after the example of the first, raise SCHEMA in bot/store/schema.py, and let the tests compare the two.
"""

from __future__ import annotations

from alembic import context

from bot.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite rolls back CREATE and ALTER as well; Alembic does not count on it by itself.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
