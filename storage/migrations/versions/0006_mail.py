"""By which way a message goes: a queue for Telegram, and one for e-mail."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("channel", sa.String(8), nullable=False, server_default=sa.text("'telegram'")))
    op.drop_index("ix_outbox_state_due_at", "outbox")
    op.create_index("ix_outbox_channel_due_at", "outbox", ["channel", "state", "due_at"])
