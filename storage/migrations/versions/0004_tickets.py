"""Where things are to be found, and by which names Telegram knows the pictures of tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("resource", sa.Column("latitude", sa.Double(), nullable=True))
    op.add_column("resource", sa.Column("longitude", sa.Double(), nullable=True))
    op.add_column("resource", sa.Column("address", sa.Text(), nullable=True))
    op.create_table(
        "ticket_picture",
        sa.Column("booking_id", ID, sa.ForeignKey("booking.id", name="fk_ticket_picture_booking_id"), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("telegram_file_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("booking_id", "language", name=op.f("pk_ticket_picture")),
    )
