"""Puts what people are to hear of a visit into the outbox when it is booked, and says later whether it still holds."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain import reminders
from bot.domain.bookings import BookingView
from bot.domain.customers import Customer
from bot.domain.errors import Gone
from bot.domain.ids import BookingId, InventoryId, OrderId
from bot.domain.orders import BookingStatus
from bot.domain.outbox import Lane
from bot.domain.reminders import ReminderRules
from bot.domain.time import Clock
from bot.services.found import present
from storage import bookings, customers, outbox, reviews
from storage import reminders as stored
from storage.database import Connection, Database
from storage.reminders import VisitAhead

REMINDER, QUESTION = "reminder", "how_was_it"


@dataclass(frozen=True)
class Recipient:
    """Whose booking it is, and what is to be said about it."""

    booking: BookingView
    customer: Customer


class Reminders:
    """`rules`: when people are reminded, and whether they are asked afterwards."""

    def __init__(self, database: Database, clock: Clock, rules: ReminderRules) -> None:
        self._database = database
        self._clock = clock
        self._rules = rules

    async def slots_changed(self, connection: Connection, slots: Collection[InventoryId], now: datetime) -> None:
        """What was planned for the old times is skipped; this plans for the new ones, once."""
        await outbox.add(connection, list(planned(await stored.of_slots(connection, slots), self._rules, now)), now)

    async def ahead(self, booking_id: BookingId, starts_at: datetime, hours: int) -> Recipient:
        """A booking that its owner is to be reminded of so many hours before that start.

        Raises Gone if it does not stand, starts at another time, has started, or has a later reminder that is due.
        """
        now = self._clock.now()
        found = await self._recipient(booking_id)
        ordered = found.booking.ordered
        late = reminders.overtaken(hours, starts_at, ordered.time_zone, now, self._rules.hours)
        if ordered.starts_at != starts_at or starts_at <= now or late:
            raise Gone
        return found

    async def over(self, booking_id: BookingId, ends_at: datetime) -> Recipient:
        """A booking whose owner is to be asked how it was; raises Gone if that makes no sense (any more)."""
        found = await self._recipient(booking_id)
        async with self._database.read() as connection:
            said = await reviews.of_booking(connection, booking_id)
        asked = reminders.worth_asking(ends_at, self._clock.now())
        if found.booking.ordered.ends_at != ends_at or not asked or said is not None:
            raise Gone
        return found

    async def owner_of(self, booking_id: BookingId) -> Recipient:
        """A booking, whatever has become of it; raises Gone if it is nobody's (any more)."""
        async with self._database.read() as connection:
            booking = present(await bookings.by_id(connection, booking_id))
            customer = present(await customers.by_id(connection, booking.customer_id))
        if customer.telegram_id is None:
            raise Gone
        return Recipient(booking, customer)

    async def _recipient(self, booking_id: BookingId) -> Recipient:
        found = await self.owner_of(booking_id)
        if found.booking.status is not BookingStatus.CONFIRMED:
            raise Gone
        return found


async def plan(connection: Connection, orders: Collection[OrderId], rules: ReminderRules, now: datetime) -> None:
    """What is to be told of the bookings of these orders, as a part of the transaction that makes them."""
    if orders and (rules.hours or rules.follow_up):
        await outbox.add(connection, list(planned(await stored.of_orders(connection, orders), rules, now)), now)


def planned(visits: Iterable[VisitAhead], rules: ReminderRules, now: datetime) -> Iterator[outbox.NewMessage]:
    """Each names the instant that it is about: a slot that is moved gets others."""
    for visit in visits:
        for reminder in reminders.reminders(visit.starts_at, visit.time_zone, now, rules.hours):
            key = f"{REMINDER}:{visit.booking_id}:{reminder.hours}:{visit.starts_at.timestamp():.0f}"
            about = {"hours": reminder.hours, "starts_at": visit.starts_at.isoformat()}
            yield _message(key, REMINDER, visit, about, reminder.due_at)
        if rules.follow_up and visit.ends_at > now:
            key = f"{QUESTION}:{visit.booking_id}:{visit.ends_at.timestamp():.0f}"
            about = {"ends_at": visit.ends_at.isoformat()}
            yield _message(key, QUESTION, visit, about, reminders.question_at(visit.ends_at, visit.time_zone))


def _message(key: str, kind: str, visit: VisitAhead, about: dict[str, object], due_at: datetime) -> outbox.NewMessage:
    data = {"booking_id": visit.booking_id, **about}
    return outbox.NewMessage(key, visit.chat_id, kind, data, Lane.REMINDER, due_at)
