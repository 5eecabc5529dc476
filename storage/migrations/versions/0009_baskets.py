"""Baskets, the questions of a resource, and what guests answer: before an order, and with it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("resource", sa.Column("questions", sa.JSON(), nullable=True))
    op.add_column("customer", sa.Column("asked", sa.JSON(), nullable=True))
    _basket_entry()
    _draft_answer()
    _answer()


def _customer_id(table: str) -> sa.Column[int]:
    return sa.Column("customer_id", ID, sa.ForeignKey("customer.id", name=f"fk_{table}_customer_id"), nullable=False)


def _basket_entry() -> None:
    op.create_table(
        "basket_entry",
        _customer_id("basket_entry"),
        sa.Column("inventory_id", ID, nullable=False),
        sa.Column("fare_id", ID, sa.ForeignKey("fare.id", name="fk_basket_entry_fare_id"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("unit_amount", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "inventory_id", "fare_id", name="pk_basket_entry"),
        sa.CheckConstraint("quantity > 0 AND unit_amount >= 0", name=op.f("ck_basket_entry_amounts")),
    )
    op.create_index("ix_basket_entry_added_at", "basket_entry", ["added_at"])


def _draft_answer() -> None:
    op.create_table(
        "draft_answer",
        _customer_id("draft_answer"),
        sa.Column("inventory_id", ID, nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("guest", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "inventory_id", "question", "guest", name="pk_draft_answer"),
    )
    op.create_index("ix_draft_answer_answered_at", "draft_answer", ["answered_at"])


def _answer() -> None:
    op.create_table(
        "answer",
        sa.Column("id", ID, nullable=False),
        sa.Column("order_id", ID, sa.ForeignKey("orders.id", name="fk_answer_order_id"), nullable=False),
        sa.Column("inventory_id", ID, sa.ForeignKey("inventory.id", name="fk_answer_inventory_id"), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("guest", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
    )
    op.create_index("ix_answer_order_id", "answer", ["order_id"])
    op.create_index("ix_answer_inventory_id", "answer", ["inventory_id"])
