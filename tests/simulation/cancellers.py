"""What customers do about what they have booked: ask what goes back, keep it, cancel it, twice, late, or another's."""

import asyncio
from contextlib import suppress
from random import Random

from bot.sandbox.stripe.results import NotPossibleError
from handlers.callbacks import Action, pack
from tests.simulation.chats import Chat, Found
from tests.simulation.house import House

SHOWS, ASKS, CONFIRMS = "1:v:", "1:x:", "1:q:"
MINE = """SELECT booking.id FROM booking JOIN customer ON customer.id = customer_id
WHERE telegram_id = ? AND status = 'confirmed'"""
OTHERS = """SELECT booking.id, total FROM booking JOIN orders ON orders.id = order_id
JOIN customer ON customer.id = orders.customer_id WHERE telegram_id <> ? AND status = 'confirmed' ORDER BY booking.id"""
PAID = """SELECT payment_intent, amount FROM payment JOIN orders ON orders.id = order_id
JOIN customer ON customer.id = customer_id WHERE telegram_id = ? AND role = 'booked' AND state = 'paid'"""


class Canceller:
    """The same person as a customer, with second thoughts."""

    def __init__(self, house: House, user: int, seed: int) -> None:
        self._house, self._user = house, user
        self._chance = Random(f"{seed} canceller {user}")
        self._chat = Chat(house, user, self._chance)

    async def live(self) -> None:
        chance = self._chance
        resolved = chance.random() < 0.8
        while resolved:
            await asyncio.sleep(chance.uniform(10, 250))
            if self._house.disk.rows(MINE, self._user):
                await self._think_twice()
            if chance.random() < 0.3:
                self._try_anothers()

    async def _think_twice(self) -> None:
        self._chat.note("thinks twice")
        self._chat.say("/bookings")
        for wanted in (SHOWS, ASKS):
            found = await self._chat.finds(wanted, 20)
            if found is None:
                return
            self._chat.press(found)
        found = await self._chat.finds(CONFIRMS, 20)
        if found is not None:
            await self._decide(found)

    async def _decide(self, button: Found) -> None:
        chance = self._chance
        ways = ("confirm", "confirm twice", "confirm late", "keep", "other amount", "staff too")
        (way,) = chance.choices(ways, (5, 4, 3, 1, 2, 3))
        self._chat.note(f"is asked {button[1]}: {way}")
        match way:
            case "confirm":
                self._chat.press(button)
            case "confirm twice":
                await self._twice(button)
            case "confirm late":
                await asyncio.sleep(chance.uniform(30, 600))
                self._chat.press(button)
            case "keep":
                self._chat.press_newest(SHOWS)
            case "other amount":
                booking, minor = (int(field, 36) for field in button[1].split(":")[2:])
                self._forge(button, booking, max(0, minor + chance.choice((-1, 1, -minor, 100))))
            case _:
                self._refund_by_hand()
                await asyncio.sleep(chance.choice((0, 2, 30, 90)))
                self._chat.press(button)

    async def _twice(self, button: Found) -> None:
        """At once, or on another device a moment later."""
        pressed = self._chat.press(button)
        await asyncio.sleep(self._chance.choice((0, 0.01, 1, 60)))
        self._chat.forge(*(button[0].id, button[1]))
        if pressed is not None and self._chance.random() < 0.3:
            self._chat.redeliver(pressed)

    def _refund_by_hand(self) -> None:
        """Somebody of the staff gives back most of it, or all, in the dashboard."""
        for intent, amount in self._house.disk.rows(PAID, self._user):
            with suppress(NotPossibleError):
                less = self._chance.choice((0, 100, 900))
                self._house.world.stripe.refund_from_dashboard(str(intent), int(str(amount)) - less)

    def _try_anothers(self) -> None:
        """Cancel what somebody else has booked, at a price that may well be right."""
        shown = self._chat.newest("1:")
        others = self._house.disk.rows(OTHERS, self._user)
        if shown is not None and others:
            booking, total = self._chance.choice(others)
            price = int(str(total))
            minor = self._chance.choice((price, price, price // 2, 0))
            self._chat.forge(shown[0].id, pack(Action.CONFIRM_CANCELLING, int(str(booking)), minor))

    def _forge(self, button: Found, booking: int, minor: int) -> None:
        self._chat.forge(button[0].id, pack(Action.CONFIRM_CANCELLING, booking, minor))
