"""The tables, in the words of the design; constraints guard what the code promises."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect

if TYPE_CHECKING:
    InstantBase = TypeDecorator[datetime]
else:
    InstantBase = TypeDecorator


class Instant(InstantBase):
    """An aware moment, stored in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")

HAS_BODY = text("length(body) > 0")
"""Events whose raw body has not been erased yet, in the words of an index on them."""

shop = Table(
    "shop",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", JSON, nullable=False),
    Column("welcome", JSON, nullable=False),
    Column("terms", JSON, nullable=False),
    Column("privacy_note", JSON, nullable=False),
    Column("banner_id", Id, ForeignKey("media.id")),
    CheckConstraint("id = 1", name="single"),
)

media = Table(
    "media",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("content_type", String(40), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("telegram_file_id", Text),
)

category = Table(
    "category",
    metadata,
    Column("id", Id, primary_key=True),
    Column("slug", String(40), nullable=False, unique=True),
    Column("position", Integer, nullable=False),
    Column("emoji", String(16), nullable=False),
    Column("name", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
)

resource = Table(
    "resource",
    metadata,
    Column("id", Id, primary_key=True),
    Column("slug", String(40), nullable=False, unique=True),
    Column("category_id", Id, ForeignKey("category.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", JSON, nullable=False),
    Column("description", JSON, nullable=False),
    Column("place", JSON, nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("duration_minutes", Integer),
    Column("capacity", Integer, nullable=False),
    Column("max_per_order", Integer, nullable=False),
    Column("closes_minutes_before", Integer, nullable=False),
    Column("horizon_days", Integer, nullable=False),
    Column("photo_id", Id, ForeignKey("media.id")),
    Column("rules", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("address", Text),
    Column("cancellation", JSON(none_as_null=True)),
    Column("questions", JSON(none_as_null=True)),
    CheckConstraint("kind IN ('event', 'item', 'rental')", name="kind"),
)

fare = Table(
    "fare",
    metadata,
    Column("id", Id, primary_key=True),
    Column("resource_id", Id, ForeignKey("resource.id"), nullable=False),
    Column("slug", String(40), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", JSON, nullable=False),
    Column("counted", JSON, nullable=False),
    Column("unit_amount", BigInteger, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    UniqueConstraint("resource_id", "slug"),
    CheckConstraint("unit_amount >= 0", name="unit_amount"),
    CheckConstraint("seats > 0", name="seats"),
)

inventory = Table(
    "inventory",
    metadata,
    Column("id", Id, primary_key=True),
    Column("resource_id", Id, ForeignKey("resource.id"), nullable=False),
    Column("key", String(32), nullable=False),
    Column("local_day", Date),
    Column("starts_at", Instant),
    Column("ends_at", Instant),
    Column("capacity", Integer, nullable=False),
    Column("taken", Integer, nullable=False, default=0),
    Column("closed", Boolean, nullable=False, default=False),
    UniqueConstraint("resource_id", "key"),
    CheckConstraint("taken >= 0", name="taken_not_negative"),
    CheckConstraint("taken <= capacity", name="never_oversold"),
    Index("ix_inventory_local_day", "local_day"),
    Index("ix_inventory_resource_day", "resource_id", "local_day"),
    # A button names a slot by its id: that of one which was taken away must not come back as another's.
    sqlite_autoincrement=True,
)

customer = Table(
    "customer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("telegram_id", BigInteger, unique=True),
    Column("name", Text, nullable=False),
    Column("telegram_language", String(16), nullable=False),
    Column("language", String(8)),
    Column("blocked_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant),
    # The question whose answer may come as their next words, if there is one.
    Column("asked", JSON(none_as_null=True)),
)

# "order" is a reserved word of SQL, hence the plural.
orders = Table(
    "orders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(12), nullable=False, unique=True),
    Column("customer_id", Id, ForeignKey("customer.id"), nullable=False),
    Column("nonce", String(16), nullable=False),
    Column("state", String(20), nullable=False),
    Column("closing", String(12)),
    Column("currency", String(3), nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("refunded", BigInteger, nullable=False, default=0),
    Column("language", String(8), nullable=False),
    Column("return_token", String(32), nullable=False, unique=True),
    Column("placed_at", Instant, nullable=False),
    Column("hold_until", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("paid_at", Instant),
    Column("contact_name", Text),
    Column("contact_phone", Text),
    Column("contact_email", Text),
    Column("card_message_id", BigInteger),
    # Where it comes from, if not from a customer's "Hold and pay".
    Column("origin", String(12)),
    # The booking that it moves once it is paid, and from which slot.
    Column("moves_booking_id", Id, index=True),
    Column("moves_from", Id),
    UniqueConstraint("customer_id", "nonce"),
    CheckConstraint("total >= 0 AND refunded >= 0", name="amounts"),
    Index("ix_orders_state_hold_until", "state", "hold_until"),
)

order_line = Table(
    "order_line",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("orders.id"), nullable=False, index=True),
    Column("resource_id", Id, ForeignKey("resource.id"), nullable=False),
    Column("inventory_id", Id, ForeignKey("inventory.id"), nullable=False, index=True),
    Column("fare_id", Id, ForeignKey("fare.id"), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_amount", BigInteger, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("cancellation", JSON(none_as_null=True)),
    # Of a day of a rental, the first day of its stay.
    Column("stay_id", Id),
    UniqueConstraint("order_id", "inventory_id", "fare_id"),
    CheckConstraint("quantity > 0 AND unit_amount >= 0 AND seats > 0", name="amounts"),
)

claim = Table(
    "claim",
    metadata,
    Column("order_id", Id, ForeignKey("orders.id"), nullable=False),
    Column("inventory_id", Id, ForeignKey("inventory.id"), nullable=False, index=True),
    Column("units", Integer, nullable=False),
    PrimaryKeyConstraint("order_id", "inventory_id"),
    CheckConstraint("units > 0", name="units"),
)

checkout_attempt = Table(
    "checkout_attempt",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("orders.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("idempotency_key", String(64), nullable=False, unique=True),
    Column("parameters", JSON, nullable=False),
    Column("session_id", String(100), unique=True),
    Column("url", Text),
    Column("expires_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ask_at", Instant),
    Column("tries", Integer, nullable=False, default=0),
    Column("server_errors", Integer, nullable=False, default=0),
    Column("note", Text),
    UniqueConstraint("order_id", "number"),
    Index("ix_checkout_attempt_ask_at", "ask_at"),
)

payment = Table(
    "payment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("orders.id"), index=True),
    Column("session_id", String(100), nullable=False, unique=True),
    Column("payment_intent", String(100), unique=True),
    Column("role", String(12), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("refund_claimed", BigInteger, nullable=False, default=0),
    Column("captured_at", Instant, nullable=False),
    Column("look_at", Instant),
    CheckConstraint("refund_claimed >= 0", name="refund_not_negative"),
    CheckConstraint("refund_claimed <= amount", name="never_refunded_twice"),
    Index("ix_payment_look_at", "look_at"),
)

refund = Table(
    "refund",
    metadata,
    Column("id", Id, primary_key=True),
    Column("payment_id", Id, ForeignKey("payment.id"), nullable=False, index=True),
    Column("reason", String(16), nullable=False),
    Column("state", String(12), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("idempotency_key", String(64), nullable=False, unique=True),
    Column("stripe_id", String(100), unique=True),
    Column("created_at", Instant, nullable=False),
    Column("ask_at", Instant),
    Column("tries", Integer, nullable=False, default=0),
    # The slot or item whose booking was cancelled for it.
    Column("inventory_id", Id),
    CheckConstraint("amount > 0", name="amount"),
    Index("ix_refund_ask_at", "ask_at"),
)

booking = Table(
    "booking",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("orders.id"), nullable=False),
    Column("customer_id", Id, ForeignKey("customer.id"), nullable=False, index=True),
    Column("resource_id", Id, ForeignKey("resource.id"), nullable=False),
    Column("inventory_id", Id, ForeignKey("inventory.id"), nullable=False, index=True),
    Column("code", String(12), nullable=False, unique=True),
    Column("ticket_token", String(40), nullable=False, unique=True),
    Column("status", String(12), nullable=False),
    # What of the order's payment was for it.
    Column("paid", BigInteger, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("order_id", "inventory_id"),
)

waiting = Table(
    "waiting",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customer.id"), nullable=False),
    Column("inventory_id", Id, ForeignKey("inventory.id"), nullable=False, index=True),
    # So many of each fare, as pairs of a fare's id and a number.
    Column("counts", JSON, nullable=False),
    Column("language", String(8), nullable=False),
    Column("joined_at", Instant, nullable=False),
    UniqueConstraint("customer_id", "inventory_id"),
    # A message that is due later names an entry by its id: that of one which is gone must not come back.
    sqlite_autoincrement=True,
)

# What stands in a basket, and what is answered before an order, claims nothing. A slot may be taken away meanwhile:
# hence no foreign keys to it.
basket_entry = Table(
    "basket_entry",
    metadata,
    Column("customer_id", Id, ForeignKey("customer.id"), nullable=False),
    Column("inventory_id", Id, nullable=False),
    Column("fare_id", Id, ForeignKey("fare.id"), nullable=False),
    Column("quantity", Integer, nullable=False),
    # Of a rental: for so many nights or days from that of the inventory row on.
    Column("steps", Integer, nullable=False, default=0),
    Column("unit_amount", BigInteger, nullable=False),
    Column("added_at", Instant, nullable=False),
    PrimaryKeyConstraint("customer_id", "inventory_id", "fare_id"),
    CheckConstraint("quantity > 0 AND unit_amount >= 0", name="amounts"),
    Index("ix_basket_entry_added_at", "added_at"),
)

draft_answer = Table(
    "draft_answer",
    metadata,
    Column("customer_id", Id, ForeignKey("customer.id"), nullable=False),
    Column("inventory_id", Id, nullable=False),
    Column("question", String(40), nullable=False),
    # 0 is the whole booking; guests count from 1.
    Column("guest", Integer, nullable=False),
    Column("value", Text, nullable=False),
    Column("answered_at", Instant, nullable=False),
    PrimaryKeyConstraint("customer_id", "inventory_id", "question", "guest"),
    Index("ix_draft_answer_answered_at", "answered_at"),
)

answer = Table(
    "answer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("orders.id"), nullable=False, index=True),
    Column("inventory_id", Id, ForeignKey("inventory.id"), nullable=False, index=True),
    Column("question", JSON, nullable=False),
    Column("guest", Integer, nullable=False),
    Column("value", Text, nullable=False),
)

review = Table(
    "review",
    metadata,
    Column("booking_id", Id, ForeignKey("booking.id"), primary_key=True, autoincrement=False),
    Column("resource_id", Id, ForeignKey("resource.id"), nullable=False, index=True),
    Column("stars", Integer, nullable=False),
    Column("comment", Text),
    Column("at", Instant, nullable=False),
    Column("comment_until", Instant),
    CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
)

ticket_picture = Table(
    "ticket_picture",
    metadata,
    Column("booking_id", Id, ForeignKey("booking.id"), nullable=False),
    Column("language", String(8), nullable=False),
    # Of what the picture shows: another one is drawn when that has changed.
    Column("digest", String(64), nullable=False),
    Column("telegram_file_id", Text, nullable=False),
    PrimaryKeyConstraint("booking_id", "language"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("event_id", String(100), nullable=False, unique=True),
    Column("type", String(80), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("waits_for", String(100)),
    Column("settled_at", Instant),
    Column("note", Text),
    Index("ix_inbox_state_id", "state", "id"),
    Index("ix_inbox_waits_for", "waits_for"),
    Index("ix_inbox_body_received_at", "received_at", sqlite_where=HAS_BODY, postgresql_where=HAS_BODY),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(100), nullable=False, unique=True),
    Column("channel", String(8), nullable=False, server_default=text("'telegram'")),
    Column("chat_id", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("data", JSON, nullable=False),
    Column("state", String(12), nullable=False),
    Column("lane", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("ended_at", Instant),
    Column("note", Text),
    Index("ix_outbox_channel_due_at", "channel", "state", "due_at"),
    Index("ix_outbox_chat_state", "chat_id", "state"),
)

attention = Table(
    "attention",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("order_id", Id, ForeignKey("orders.id")),
    Column("amount", BigInteger),
    Column("currency", String(3)),
    Column("data", JSON, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", BigInteger),
)

daily_sales = Table(
    "daily_sales",
    metadata,
    Column("day", Date, nullable=False),
    Column("currency", String(3), nullable=False),
    # 0 counts the whole shop: an order of several resources is one order there.
    Column("resource_id", Id, nullable=False),
    Column("orders", Integer, nullable=False, default=0),
    Column("guests", Integer, nullable=False, default=0),
    Column("gross", BigInteger, nullable=False, default=0),
    Column("refunded", BigInteger, nullable=False, default=0),
    PrimaryKeyConstraint("day", "currency", "resource_id"),
)

sweep = Table(
    "sweep",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("events_until", Instant, nullable=False),
    CheckConstraint("id = 1", name="single"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", BigInteger),
    Column("action", String(40), nullable=False),
    Column("data", JSON, nullable=False),
    Index("ix_audit_actor", "actor"),
)
