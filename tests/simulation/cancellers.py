"""What customers do about what they have booked: ask what goes back, keep it, cancel it, twice, late, or another's."""

import asyncio
from random import Random

from handlers.callbacks import Action, pack
from tests.simulation.chats import Chat, Found
from tests.simulation.house import House

SHOWS, ASKS, CONFIRMS = "1:v:", "1:x:", "1:q:"
MINE = """SELECT booking.id FROM booking JOIN customer ON customer.id = customer_id
WHERE telegram_id = ? AND status = 'confirmed'"""


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
        ways = ("confirm", "confirm twice", "confirm late", "keep", "other amount", "another's")
        (way,) = chance.choices(ways, (5, 4, 3, 1, 2, 1))
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
                self._forge(button, chance.randint(1, 6), chance.choice((0, 3500, 3900, 1950)))

    async def _twice(self, button: Found) -> None:
        """At once, or on another device a moment later."""
        pressed = self._chat.press(button)
        await asyncio.sleep(self._chance.choice((0, 0.01, 1, 60)))
        self._chat.forge(*(button[0].id, button[1]))
        if pressed is not None and self._chance.random() < 0.3:
            self._chat.redeliver(pressed)

    def _forge(self, button: Found, booking: int, minor: int) -> None:
        self._chat.forge(button[0].id, pack(Action.CONFIRM_CANCELLING, booking, minor))
