"""Keeps what guests say about their visits, one row per booking."""

from datetime import datetime

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.ids import BookingId, CustomerId, ResourceId
from bot.domain.reviews import Rating, Review
from storage.database import Connection
from storage.schema import booking, review

OF_BOOKING = select(review).where(review.c.booking_id == bindparam("this"))
AWAITING = (
    select(review)
    .join(booking, booking.c.id == review.c.booking_id)
    .where(booking.c.customer_id == bindparam("customer"), review.c.comment_until > bindparam("now"))
    .order_by(review.c.comment_until.desc())
    .limit(1)
)
RATING = select(func.coalesce(func.sum(review.c.stars), 0).label("stars"), func.count().label("guests")).where(
    review.c.resource_id == bindparam("this")
)


async def of_booking(connection: Connection, booking_id: BookingId) -> Review | None:
    row = (await connection.execute(OF_BOOKING, {"this": booking_id})).one_or_none()
    return None if row is None else _review(row)


async def awaiting_comment(connection: Connection, customer_id: CustomerId, now: datetime) -> Review | None:
    """The latest mark of a customer about which a sentence is awaited."""
    row = (await connection.execute(AWAITING, {"customer": customer_id, "now": now})).one_or_none()
    return None if row is None else _review(row)


async def save(connection: Connection, resource_id: ResourceId, said: Review) -> None:
    """The one review of its booking from now on."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {"stars": said.stars, "comment": said.comment, "at": said.at, "comment_until": said.comment_until}
    row = insert(review).values(booking_id=said.booking_id, resource_id=resource_id, **values)
    await connection.execute(row.on_conflict_do_update(index_elements=["booking_id"], set_=values))


async def await_no_comment(connection: Connection, customer_id: CustomerId) -> None:
    """About no visit of theirs."""
    visits = select(booking.c.id).where(booking.c.customer_id == customer_id)
    awaited = update(review).where(review.c.booking_id.in_(visits), review.c.comment_until.is_not(None))
    await connection.execute(awaited.values(comment_until=None))


async def add_comment(connection: Connection, booking_id: BookingId, comment: str) -> None:
    said = update(review).where(review.c.booking_id == booking_id)
    await connection.execute(said.values(comment=comment, comment_until=None))


async def rating(connection: Connection, resource_id: ResourceId) -> Rating:
    """All marks of a resource together."""
    row = (await connection.execute(RATING, {"this": resource_id})).one()
    return Rating(int(row.stars), int(row.guests))


def _review(row: Row[tuple[object, ...]]) -> Review:
    return Review(BookingId(row.booking_id), row.stars, row.comment, row.at, row.comment_until)
