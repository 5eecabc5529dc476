"""A third kind of resource, the rental, and which of an order's lines are the days of one stay."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "kind IN ('event', 'item', 'rental')"


def upgrade() -> None:
    op.add_column("order_line", sa.Column("stay_id", ID, nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _copy_resources()
    else:
        op.drop_constraint(op.f("ck_resource_kind"), "resource", type_="check")
        op.create_check_constraint(op.f("ck_resource_kind"), "resource", KINDS)


def _copy_resources() -> None:
    """SQLite changes no constraint of a table. What refers to its rows waits until they are there again."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TABLE resource_before AS SELECT * FROM resource")
    op.drop_table("resource")
    op.create_table(
        "resource",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("category_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False),
        sa.Column("place", sa.JSON(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("max_per_order", sa.Integer(), nullable=False),
        sa.Column("closes_minutes_before", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("photo_id", ID, nullable=True),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("cancellation", sa.JSON(), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_resource_kind")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_resource_category_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["media.id"], name=op.f("fk_resource_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
        sa.UniqueConstraint("slug", name=op.f("uq_resource_slug")),
    )
    op.execute("INSERT INTO resource SELECT * FROM resource_before")
    op.drop_table("resource_before")
