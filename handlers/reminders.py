"""What comes by itself about a visit: that it is near, and afterwards how it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.bookings import BookingView, Ordered
from bot.domain.ids import BookingId
from bot.domain.outbox import OutboxMessage
from bot.domain.time import Clock
from bot.services.reminders import QUESTION, REMINDER, Recipient, Reminders
from handlers.markup import gap
from handlers.message_data import instant, number
from handlers.ports import Customers, Renderers
from handlers.reviews import question_screen
from handlers.screens import Message, Screen
from handlers.texts import Texts, Translations
from handlers.tickets import manage_row, party, ticket_row, when


def reminder_screen(view: BookingView, texts: Texts, now: datetime) -> Screen:
    """A visit that is near: when, where, who, and the code."""
    ordered = view.ordered
    return Screen(
        title=_how_near(ordered, texts, now),
        blocks=(
            texts.own(ordered.name),
            when(ordered, texts),
            texts.own(ordered.place),
            gap(party(ordered, texts)),
            texts.gettext("Code {code}", code=view.code),
        ),
        rows=(ticket_row(view, texts), manage_row(view, texts)),
    )


def _how_near(ordered: Ordered, texts: Texts, now: datetime) -> str:
    """As people at the place say it."""
    starts_at, zone = ordered.starts_at, ordered.time_zone
    if starts_at is None:
        return texts.own(ordered.name)
    days = (starts_at.astimezone(ZoneInfo(zone)).date() - now.astimezone(ZoneInfo(zone)).date()).days
    time = texts.time(starts_at, zone)
    if days == 0:
        return texts.gettext("Today at {time}", time=time)
    if days == 1:
        return texts.gettext("Tomorrow at {time}", time=time)
    return texts.gettext("In {count} days, at {time}", count=texts.number(days), time=time)


@dataclass(frozen=True)
class ReminderRenderers:
    """Makes the messages from what is true when they are sent; raises Gone for what does not hold any more."""

    reminders: Reminders
    customers: Customers
    translations: Translations
    clock: Clock

    @property
    def by_kind(self) -> Renderers:
        return {REMINDER: self.reminder, QUESTION: self.question}

    async def reminder(self, message: OutboxMessage) -> Message:
        hours, starts_at = number(message.data, "hours"), instant(message.data, "starts_at")
        found = await self.reminders.ahead(_booking(message.data), starts_at, hours)
        return reminder_screen(found.booking, self._texts(found), self.clock.now()).as_message()

    async def question(self, message: OutboxMessage) -> Message:
        found = await self.reminders.over(_booking(message.data), instant(message.data, "ends_at"))
        return question_screen(found.booking, self._texts(found)).as_message()

    def _texts(self, found: Recipient) -> Texts:
        return self.translations.for_(self.customers.language_of(found.customer))


def _booking(data: Mapping[str, object]) -> BookingId:
    return BookingId(number(data, "booking_id"))
