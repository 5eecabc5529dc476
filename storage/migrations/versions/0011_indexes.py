"""Indexes for who comes on a day, and for what imports delete; those that nothing used go."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_order_line_inventory_id", "order_line", ["inventory_id"])
    op.create_index("ix_inventory_local_day", "inventory", ["local_day"])
    op.drop_index("ix_inventory_starts_at", "inventory")
    op.drop_index("ix_payment_captured_at", "payment")
    op.drop_index("ix_refund_created_at", "refund")
