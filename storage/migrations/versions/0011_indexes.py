"""Indexes for what imports delete."""

from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_order_line_inventory_id", "order_line", ["inventory_id"])
