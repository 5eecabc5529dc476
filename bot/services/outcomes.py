"""Saves what was decided about orders, with the messages, alerts and sales that follow from it, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from bot.domain.attention import Opening
from bot.domain.effects import TO_STAFF, Alert, Concern, Notice, Outcome, Tell
from bot.domain.ids import ChatId, InventoryId, OrderId
from bot.domain.mails import Letter, letters
from bot.domain.orders import Booking, Case
from bot.domain.outbox import Channel, Lane
from bot.domain.reminders import ReminderRules
from bot.domain.reports import Delta, contributions, difference
from bot.services import reminders
from bot.services.offering import Offering
from storage import attention, orders, outbox, sales, saving
from storage.database import Connection

CANCELLED_FILE = "cancelled_file"
"""A calendar file that takes a visit back."""
MOVED_BOOKING = "moved_booking"
MUST_BE_TOLD = frozenset({Notice.BOOKED, Notice.BOOKED_LATE})
"""Of no use to a customer who has been erased, unless a human finds them in another way."""


@dataclass(frozen=True)
class Decided:
    """A case as it was loaded, and what was decided about it."""

    before: Case
    outcome: Outcome


class Outcomes:
    """`staff_chats`: where sales, refunds and attention items are announced; `offering`: who gets what comes free.

    `mail`: whether letters can be sent.
    """

    def __init__(
        self,
        chance: Random,
        zone: ZoneInfo,
        staff_chats: Sequence[ChatId],
        rules: ReminderRules | None = None,
        offering: Offering | None = None,
        *,
        mail: bool = False,
    ) -> None:
        self._chance = chance
        self._zone = zone
        self._staff_chats = tuple(staff_chats)
        self._rules = rules or ReminderRules()
        self._mail = mail
        self._offering = offering

    async def save(self, connection: Connection, decided: Sequence[Decided], now: datetime) -> None:
        """Save a batch, each order at most once in it. Raises SoldOut if a claim has no room after all."""
        changes = [(one.before, one.outcome.case) for one in decided]
        await saving.save(connection, changes, self._chance, now)
        await sales.add(connection, self._sales(changes))
        await self.tell(connection, [(one.before.order.id, one.outcome) for one in decided], now)
        booked = [after.order.id for before, after in changes if _ahead(before) != _ahead(after)]
        await reminders.plan(connection, booked, self._rules, now)
        await self._tell_moved(connection, changes, now)
        if self._offering is not None:
            await self._offering.offer(connection, _freed(changes), now)

    async def _tell_moved(self, connection: Connection, changes: Iterable[saving.Change], now: datetime) -> None:
        """Tickets come once more, with their new dates."""
        moved = [(after.order.id, booking) for before, after in changes for booking in _moved(before, after)]
        chats = await orders.chats(connection, {order for order, _ in moved}) if moved else {}
        messages = [_new_ticket(order, each, chats[order], now) for order, each in moved if order in chats]
        await outbox.add(connection, messages, now)

    def _sales(self, changes: Iterable[saving.Change]) -> list[Delta]:
        return [
            delta
            for before, after in changes
            for delta in difference(contributions(before, self._zone), contributions(after, self._zone))
        ]

    async def tell(self, connection: Connection, outcomes: Sequence[tuple[OrderId, Outcome]], now: datetime) -> None:
        """Put messages into the outbox and items on the attention list."""
        told = [
            (order, effect) for order, outcome in outcomes for effect in outcome.effects if isinstance(effect, Tell)
        ]
        chats = await orders.chats(connection, {order for order, _ in told}) if told else {}
        messages = [row for order, tell in told for row in self._messages(order, tell, chats, now)]
        await outbox.add(connection, [*messages, *self._letters(outcomes, chats, now)], now)
        for order, outcome in outcomes:
            for effect in outcome.effects:
                if isinstance(effect, Alert):
                    await self.alert(connection, effect, order, now)
                elif effect.notice in MUST_BE_TOLD and order not in chats:
                    untold = Alert(Concern.DEAD_MESSAGE, f"untold:{effect.notice}:{order}", detail=effect.notice)
                    await self.alert(connection, untold, order, now)

    async def alert(self, connection: Connection, alert: Alert, order: OrderId | None, now: datetime) -> None:
        """Open an attention item and announce it, once."""
        data = {"detail": alert.detail} if alert.detail else {}
        opened = await attention.open_item(
            connection, Opening(alert.key, alert.concern, now, order, alert.amount, data)
        )
        if opened is not None:
            await outbox.add(connection, [self._announcement(opened, chat, now) for chat in self._staff_chats], now)

    def _announcement(self, item: int, chat: ChatId, now: datetime) -> outbox.NewMessage:
        key = f"attention:{item}:{chat}"
        return outbox.NewMessage(key, chat, "attention", {"attention_id": item}, Lane.STAFF, now)

    def _messages(
        self, order: OrderId, tell: Tell, chats: Mapping[OrderId, ChatId | int], now: datetime
    ) -> Iterable[outbox.NewMessage]:
        data, key = _about(order, tell), f"{tell.notice}:{order}:{tell.about}"
        if tell.notice in TO_STAFF:
            for chat in self._staff_chats:
                yield outbox.NewMessage(f"{key}:{chat}", chat, tell.notice, data, Lane.STAFF, now)
            if tell.notice is Notice.STAFF_CANCELLED and order in chats:
                yield _cancelled_file(ChatId(chats[order]), tell, now)
        elif order in chats:
            yield outbox.NewMessage(key, ChatId(chats[order]), tell.notice, data, Lane.CUSTOMER, now)

    def _letters(
        self, outcomes: Sequence[tuple[OrderId, Outcome]], chats: Mapping[OrderId, ChatId | int], now: datetime
    ) -> Iterable[outbox.NewMessage]:
        if not self._mail:
            return
        for order, outcome in outcomes:
            if order in chats:
                yield from (_letter(order, ChatId(chats[order]), letter, now) for letter in letters(outcome))


def _about(order: OrderId, tell: Tell) -> dict[str, object]:
    """What is told, without language."""
    data: dict[str, object] = {"order_id": order}
    if tell.amount is not None:
        data |= {"amount": tell.amount.minor, "currency": tell.amount.currency}
    if tell.part is not None:
        data["inventory_id"] = tell.part
    return data


def _letter(order: OrderId, chat: ChatId, letter: Letter, now: datetime) -> outbox.NewMessage:
    tell = letter.tell
    data = {**_about(order, tell), "notice": tell.notice}
    if tell.notice in {Notice.STAFF_CANCELLED, Notice.STAFF_MOVED}:
        data["booking_id"] = int(tell.about.partition(":")[0])
    key = f"{letter.mail}:{order}:{tell.notice}:{tell.about}"
    return outbox.NewMessage(key, chat, letter.mail, data, Lane.CUSTOMER, now, Channel.MAIL)


def _cancelled_file(chat: ChatId, tell: Tell, now: datetime) -> outbox.NewMessage:
    key = f"{CANCELLED_FILE}:{tell.about}"
    return outbox.NewMessage(key, chat, CANCELLED_FILE, {"booking_id": int(tell.about)}, Lane.CUSTOMER, now)


def _ahead(case: Case) -> set[InventoryId]:
    """What people are to be reminded of: a slot that was booked, or to which a booking was moved, is new."""
    return {booking.inventory_id for booking in case.bookings}


def _freed(changes: Iterable[saving.Change]) -> set[InventoryId]:
    """Where units have become free."""
    return {
        row for before, after in changes for row, units in before.claims.items() if after.claims.get(row, 0) < units
    }


def _moved(before: Case, after: Case) -> list[Booking]:
    """The bookings that are for another slot than before."""
    known = {booking.id: booking.inventory_id for booking in before.bookings}
    return [each for each in after.bookings if known.get(each.id, each.inventory_id) != each.inventory_id]


def _new_ticket(order: OrderId, booking: Booking, chat: int, now: datetime) -> outbox.NewMessage:
    key = f"{MOVED_BOOKING}:{order}:{booking.id}:{booking.inventory_id}:{int(now.timestamp())}"
    about = {"order_id": order, "booking_id": booking.id, "inventory_id": booking.inventory_id}
    return outbox.NewMessage(key, ChatId(chat), MOVED_BOOKING, about, Lane.CUSTOMER, now)
