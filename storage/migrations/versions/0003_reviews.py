"""What guests say about a visit, and a quick way to the messages that wait for one chat."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("booking_id", ID, sa.ForeignKey("booking.id", name="fk_review_booking_id"), autoincrement=False),
        sa.Column("resource_id", ID, sa.ForeignKey("resource.id", name="fk_review_resource_id"), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("booking_id", name="pk_review"),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_review_stars")),
    )
    op.create_index("ix_review_resource_id", "review", ["resource_id"])
    op.create_index("ix_outbox_chat_state", "outbox", ["chat_id", "state"])
