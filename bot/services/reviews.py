"""Keeps what guests say about a visit, and brings the staff what they have written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from bot.domain.bookings import BookingView
from bot.domain.errors import Gone, TooLong
from bot.domain.ids import BookingId, ChatId, CustomerId
from bot.domain.outbox import Lane
from bot.domain.reviews import COMMENT_WITHIN, LONGEST_COMMENT, Review, may_be_rated
from bot.domain.time import Clock
from bot.domain.words import storable
from bot.services.bells import Bells
from bot.services.found import present
from storage import bookings, orders, outbox, reviews
from storage.database import Connection, Database

COMMENT, LOW_MARK = "comment", "low_mark"
"""What a guest has written, with a mark that is well or low."""


@dataclass(frozen=True)
class Said:
    """What a guest said about which booking."""

    review: Review
    booking: BookingView


class Reviews:
    """`staff_chats`: where staff read what guests have written."""

    def __init__(self, database: Database, clock: Clock, staff_chats: Sequence[ChatId], bells: Bells) -> None:
        self._database = database
        self._clock = clock
        self._staff_chats = tuple(staff_chats)
        self._bells = bells

    async def rate(self, customer_id: CustomerId, booking_id: BookingId, stars: int) -> bool:
        """Keep a mark; says whether a sentence about it is awaited from now on, and about no other visit.

        The same mark once more changes nothing while its sentence is awaited, or once that is said.
        Raises Gone for a booking that is somebody else's, is not over, or does not stand.
        """
        now = self._clock.now()

        async def work(connection: Connection) -> bool:
            await orders.lock_customer(connection, customer_id)
            booking = present(await bookings.by_id(connection, booking_id))
            if booking.customer_id != customer_id or not may_be_rated(booking, now):
                raise Gone
            known = await reviews.of_booking(connection, booking_id)
            if known is not None and known.stars == stars and (known.comment or known.awaits_comment(now)):
                return False
            await reviews.await_no_comment(connection, customer_id)
            said = Review(booking_id, stars, known.comment if known else None, now, now + COMMENT_WITHIN)
            await reviews.save(connection, booking.ordered.resource_id, said)
            await self._tell(connection, said)
            return True

        new = await self._database.run(work)
        self._bells.all()
        return new

    async def comment(self, customer_id: CustomerId, text: str) -> bool:
        """Keep a sentence about the visit that was marked last; False if none is awaited. Raises TooLong."""
        async with self._database.read() as connection:
            awaited = await reviews.awaiting_comment(connection, customer_id, self._clock.now())
        words = storable(text, len(text)).strip()
        if awaited is None or not words:
            return False
        if len(words) > LONGEST_COMMENT:
            raise TooLong(LONGEST_COMMENT, len(words))

        async def work(connection: Connection) -> None:
            await orders.lock_customer(connection, customer_id)
            await reviews.add_comment(connection, awaited.booking_id, words)
            await self._tell(connection, replace(awaited, comment=words))

        await self._database.run(work)
        self._bells.all()
        return True

    async def no_comment(self, customer_id: CustomerId, booking_id: BookingId) -> None:
        """Take what is written from now on for anything else; raises Gone for a stranger's booking."""

        async def work(connection: Connection) -> None:
            booking = present(await bookings.by_id(connection, booking_id))
            if booking.customer_id != customer_id:
                raise Gone
            await reviews.await_no_comment(connection, customer_id)

        await self._database.run(work)

    async def leave(self, customer_id: CustomerId) -> None:
        """They do something else: what they write from now on is no sentence about a visit."""
        await self._database.run(lambda connection: reviews.await_no_comment(connection, customer_id))

    async def for_staff(self, booking_id: BookingId, kind: str) -> Said:
        """What staff are to hear of; raises Gone if it was erased, or its mark is of the other kind by now."""
        async with self._database.read() as connection:
            review = present(await reviews.of_booking(connection, booking_id))
            booking = present(await bookings.by_id(connection, booking_id))
        if not review.comment or _kind(review) != kind:
            raise Gone
        return Said(review, booking)

    async def _tell(self, connection: Connection, said: Review) -> None:
        """Staff hear of the same words once with a good mark and once with a low one, however often a guest taps."""
        if said.comment:
            await outbox.add(connection, list(self._messages(said, said.comment)), self._clock.now())

    def _messages(self, said: Review, words: str) -> Iterator[outbox.NewMessage]:
        kind, about = _kind(said), {"booking_id": said.booking_id}
        for chat in self._staff_chats:
            key = f"{kind}:{said.booking_id}:{crc32(words.encode())}:{chat}"
            yield outbox.NewMessage(key, chat, kind, about, Lane.STAFF, self._clock.now())


def _kind(said: Review) -> str:
    return LOW_MARK if said.low else COMMENT
