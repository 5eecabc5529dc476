"""Who buys: one row per person in Telegram."""

from datetime import datetime

from sqlalchemy import Row, Select, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.customers import Customer
from bot.domain.ids import CustomerId, TelegramId
from storage.answers import read_awaited
from storage.database import Connection
from storage.schema import booking, customer, review

COMMENT_UNTIL = (
    select(func.max(review.c.comment_until))
    .join(booking, booking.c.id == review.c.booking_id)
    .where(booking.c.customer_id == customer.c.id)
    .correlate(customer)
    .scalar_subquery()
)
KNOWN = select(customer, COMMENT_UNTIL.label("comment_until"))
BY_ID = KNOWN.where(customer.c.id == bindparam("this"))
BY_TELEGRAM_ID = KNOWN.where(customer.c.telegram_id == bindparam("this"))


async def meet(
    connection: Connection, telegram_id: TelegramId, name: str, telegram_language: str, now: datetime
) -> Customer:
    """The customer with this Telegram id, new or with today's name and language, seen now and not blocked."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    today = {"name": name, "telegram_language": telegram_language, "blocked_at": None, "seen_at": now}
    row = insert(customer).values(telegram_id=telegram_id, created_at=now, **today)
    met = row.on_conflict_do_update(index_elements=[customer.c.telegram_id], set_=today)
    found = (await connection.execute(met.returning(customer.c.id))).scalar_one()
    return _customer((await connection.execute(BY_ID, {"this": found})).one())


async def by_id(connection: Connection, customer_id: CustomerId) -> Customer | None:
    return await _found(connection, BY_ID, customer_id)


async def by_telegram_id(connection: Connection, telegram_id: TelegramId) -> Customer | None:
    return await _found(connection, BY_TELEGRAM_ID, telegram_id)


async def choose_language(connection: Connection, customer_id: CustomerId, language: str) -> Customer | None:
    chosen = update(customer).where(customer.c.id == customer_id).values(language=language)
    await connection.execute(chosen)
    return await by_id(connection, customer_id)


async def mark_blocked(connection: Connection, telegram_id: TelegramId, now: datetime) -> None:
    """Since when they do not want to hear from us; the first time counts."""
    blocking = update(customer).where(customer.c.telegram_id == telegram_id, customer.c.blocked_at.is_(None))
    await connection.execute(blocking.values(blocked_at=now))


async def _found(connection: Connection, query: Select[tuple[object, ...]], this: int) -> Customer | None:
    row = (await connection.execute(query, {"this": this})).one_or_none()
    return None if row is None else _customer(row)


def _customer(row: Row[tuple[object, ...]]) -> Customer:
    return Customer(
        id=CustomerId(row.id),
        telegram_id=None if row.telegram_id is None else TelegramId(row.telegram_id),
        name=row.name,
        telegram_language=row.telegram_language,
        language=row.language,
        blocked_at=row.blocked_at,
        seen_at=row.seen_at,
        asked=read_awaited(row.asked),
        comment_until=row.comment_until,
    )
