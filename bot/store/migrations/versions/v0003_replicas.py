"""What replicas on one PostgreSQL share: the files of the knowledge, and how fast people write.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables alone: a Sēlis of schema 0002 that still runs beside notices nothing."""
    op.create_table(
        "archives",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("archive", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "paces",
        sa.Column("whose", sa.LargeBinary(length=16), nullable=False),
        sa.Column("times", sa.Text(), nullable=False),
        sa.Column("warned", sa.BigInteger()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("whose"),
        sqlite_with_rowid=False,
    )
    op.create_index("paces_by_at", "paces", ["at"], unique=False)


def downgrade() -> None:
    """Not offered: see 0001."""
    raise NotImplementedError
