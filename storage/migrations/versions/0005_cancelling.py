"""What goes back when a booking is cancelled: the rules of a resource, those of what was bought, and the refund."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("resource", sa.Column("cancellation", sa.JSON(), nullable=True))
    op.add_column("order_line", sa.Column("cancellation", sa.JSON(), nullable=True))
    op.add_column("refund", sa.Column("inventory_id", ID, nullable=True))
