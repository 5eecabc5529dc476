"""What is needed to forget people: when they were last seen, and quick ways to what is kept about them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HAS_BODY = sa.text("length(body) > 0")


def upgrade() -> None:
    op.add_column("customer", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_audit_actor", "audit", ["actor"])
    op.create_index(
        "ix_inbox_body_received_at", "inbox", ["received_at"], sqlite_where=HAS_BODY, postgresql_where=HAS_BODY
    )
