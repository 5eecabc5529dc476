"""What people do whose plans change: move what they have booked, twice, late, at another price, or somebody else's."""

import asyncio
from contextlib import suppress
from random import Random

from bot.domain.ids import nonce
from bot.sandbox.stripe.results import NoSuchObjectError, NotPossibleError
from handlers.callbacks import Action, pack
from handlers.moving_dates import DATES
from tests.simulation.chats import Chat, Found
from tests.simulation.house import House
from tests.simulation.mail_checks import address_of

MINE = """SELECT booking.id FROM booking JOIN customer ON customer.id = customer_id
JOIN inventory ON inventory.id = inventory_id
WHERE telegram_id = ? AND status = 'confirmed' AND starts_at IS NOT NULL ORDER BY booking.id"""
OTHERS = """SELECT booking.id, inventory.id FROM booking JOIN customer ON customer.id = customer_id
JOIN inventory ON inventory.resource_id = booking.resource_id AND inventory.id <> inventory_id
WHERE telegram_id <> ? AND status = 'confirmed' AND taken < capacity ORDER BY booking.id, inventory.id"""
SURCHARGES = """SELECT orders.id, session_id FROM orders JOIN customer ON customer.id = customer_id
JOIN checkout_attempt ON order_id = orders.id WHERE telegram_id = ? AND origin = 'move'
AND orders.state = 'awaiting_payment' AND session_id IS NOT NULL ORDER BY orders.id"""
PICKS, LOOKS, CONFIRMS = ("1:E:o:", "1:E:t:"), ("1:E:m:", "1:E:w:"), "1:F:"
"""Of the dates, what leads on, and what leads to others or says why there is none."""
MOST_TAPS = 4


class Mover:
    """The same person as a customer."""

    def __init__(self, house: House, user: int, seed: int) -> None:
        self._house, self._user = house, user
        self._chance = Random(f"{seed} mover {user}")
        self._chat = Chat(house, user, self._chance)

    async def live(self) -> None:
        chance = self._chance
        restless = chance.random() < 0.8
        while restless:
            await asyncio.sleep(chance.uniform(15, 250))
            mine = self._house.disk.rows(MINE, self._user)
            if mine:
                await self._move(int(str(chance.choice(mine)[0])))
            if chance.random() < 0.5:
                self._try_anothers()
            for order, session in self._house.disk.rows(SURCHARGES, self._user)[:1]:
                await self._pay(order, session)

    async def _move(self, booking: int) -> None:
        shown = self._chat.newest("1:")
        if shown is None:
            return
        self._chat.note(f"wants another date for {booking}")
        self._chat.forge(shown[0].id, pack(Action.MOVE_BOOKING, DATES, booking))
        for _ in range(MOST_TAPS):
            found = await self._chat.finds((*PICKS, CONFIRMS), 20)
            if found is None:
                return
            if found[1].startswith(CONFIRMS):
                await self._confirm(found)
                return
            self._chat.press(self._one_of(found[0].id))

    def _one_of(self, message: int) -> Found:
        """A date, or now and then a look around."""
        same = [each for each in self._chat.buttons() if each[0].id == message]
        looks = [each for each in same if each[1].startswith(LOOKS)]
        if looks and self._chance.random() < 0.2:
            return self._chance.choice(looks)
        return self._chance.choice([each for each in same if each[1].startswith(PICKS)])

    async def _confirm(self, button: Found) -> None:
        chance = self._chance
        if chance.random() < 0.2:
            await asyncio.sleep(chance.uniform(30, 900))
        pressed = self._chat.press(button)
        if chance.random() < 0.3:
            await asyncio.sleep(chance.choice((0, 0.01, 1, 60)))
            self._chat.forge(button[0].id, button[1])
        if pressed is not None and chance.random() < 0.2:
            self._chat.redeliver(pressed)
        await asyncio.sleep(chance.choice((1, 10, 40)))

    async def _pay(self, order: object, session: object) -> None:
        chance = self._chance
        way = chance.choice(("pay", "pay", "cancel", "cancel and pay", "pay late", "move on and pay", "forget"))
        self._chat.note(f"has a surcharge: {way}")
        if way.startswith("cancel"):
            shown = self._chat.newest("1:")
            self._chat.forge(shown[0].id if shown else 1, pack(Action.CANCEL, int(str(order))))
        if way.startswith("move on"):
            for (booking,) in self._house.disk.rows(MINE, self._user):
                await self._move(int(str(booking)))
        if way == "pay late":
            await asyncio.sleep(chance.uniform(600, 2600))
        if "pay" in way:
            with suppress(NotPossibleError, NoSuchObjectError):
                card = chance.choice(("success", "success", "sepa_debit_ok"))
                self._house.world.stripe.pay(str(session), card, email=address_of(self._user))

    def _try_anothers(self) -> None:
        """Somebody else's booking, or an own one at a price of one's own making."""
        shown = self._chat.newest("1:")
        others = self._house.disk.rows(OTHERS, self._user if self._chance.random() < 0.8 else 0)
        if shown is None or not others:
            return
        booking, row = (int(str(each)) for each in self._chance.choice(others))
        fields: tuple[int | str, ...] = (booking, row, self._chance.choice((0, 0, 0, 100, 200, 600)))
        if self._chance.random() < 0.4:
            fields = (*fields, nonce(self._chance))
        self._chat.forge(shown[0].id, pack(Action.CONFIRM_MOVING, *fields))
