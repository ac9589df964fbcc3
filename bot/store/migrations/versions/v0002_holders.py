"""Who holds a claimed letter.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Letters that were claimed before this have no holder: they wait for the end of their lease."""
    op.add_column("outbox", sa.Column("holder", sa.Text()))


def downgrade() -> None:
    """Not offered: see 0001."""
    raise NotImplementedError
