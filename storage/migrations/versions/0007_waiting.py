"""Who waits for seats of a date that is full, and orders that are placed for them or move a booking."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("orders", sa.Column("origin", sa.String(length=12), nullable=True))
    op.add_column("orders", sa.Column("moves_booking_id", ID, nullable=True))
    op.add_column("orders", sa.Column("moves_from", ID, nullable=True))
    op.create_index(op.f("ix_orders_moves_booking_id"), "orders", ["moves_booking_id"])
    op.create_table(
        "waiting",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("inventory_id", ID, nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_waiting_customer_id")),
        sa.ForeignKeyConstraint(["inventory_id"], ["inventory.id"], name=op.f("fk_waiting_inventory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
        sa.UniqueConstraint("customer_id", "inventory_id", name=op.f("uq_waiting_customer_id_inventory_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_waiting_inventory_id"), "waiting", ["inventory_id"])
