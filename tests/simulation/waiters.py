"""What people do who come too late: wait for what is full, leave the line, and take, decline or forget an offer."""

import asyncio
from contextlib import suppress
from random import Random

from bot.domain.ids import FareId
from bot.sandbox.stripe.results import NoSuchObjectError, NotPossibleError
from handlers.callbacks import Action, pack, packed_counts
from handlers.waiting import CHOOSE, JOIN, LEAVE
from tests.simulation.chats import Chat
from tests.simulation.house import House
from tests.simulation.mail_checks import address_of

SLOTS = """SELECT inventory.id, fare.id FROM inventory JOIN fare ON fare.resource_id = inventory.resource_id
WHERE starts_at IS NOT NULL AND (taken >= capacity OR ?) ORDER BY inventory.id, fare.id"""
MINE = """SELECT inventory_id FROM waiting JOIN customer ON customer.id = customer_id
WHERE telegram_id = ? ORDER BY waiting.id"""
OFFERS = """SELECT orders.id, session_id FROM orders JOIN customer ON customer.id = customer_id
JOIN checkout_attempt ON order_id = orders.id WHERE telegram_id = ? AND origin = 'offer'
AND orders.state = 'awaiting_payment' AND session_id IS NOT NULL ORDER BY orders.id"""
LINE = "SELECT inventory_id, fare_id FROM order_line WHERE order_id = ? ORDER BY id"
JOINS, BRINGS = "1:C:j:", "1:O:"


class Waiter:
    """The same person as a customer."""

    def __init__(self, house: House, user: int, seed: int) -> None:
        self._house, self._user = house, user
        self._chance = Random(f"{seed} waiter {user}")
        self._chat = Chat(house, user, self._chance)

    async def live(self) -> None:
        chance = self._chance
        patient = chance.random() < 0.7
        while patient:
            await asyncio.sleep(chance.uniform(20, 240))
            offers = self._house.disk.rows(OFFERS, self._user)
            if offers:
                await self._answer(*offers[0])
            elif chance.random() < 0.8:
                await self._join()
            else:
                self._leave()

    async def _join(self) -> None:
        """Mostly for what is full; for a party of any size, and sometimes with second thoughts about it."""
        chance = self._chance
        slots = self._house.disk.rows(SLOTS, int(chance.random() < 0.1))
        shown = self._chat.newest("1:")
        if not slots or shown is None:
            return
        slot, fare = chance.choice(slots)
        for _ in range(chance.choice((1, 1, 1, 2))):
            counts = {FareId(int(str(fare))): chance.choice((1, 1, 1, 2, 2, 3))}
            if chance.random() < 0.5:
                await self._ask_first(shown[0].id, int(str(slot)), packed_counts(counts))
            else:
                self._chat.forge(shown[0].id, pack(Action.WAIT, JOIN, int(str(slot)), packed_counts(counts)))
            await asyncio.sleep(chance.choice((0, 0.1, 5)))

    async def _ask_first(self, message_id: int, slot: int, counts: str) -> None:
        """By the screen that says what waiting means, and what the shop wants to know."""
        self._chat.forge(message_id, pack(Action.WAIT, CHOOSE, slot, counts))
        found = await self._chat.answered(JOINS)
        if found is not None:
            self._chat.press(found)

    def _leave(self) -> None:
        mine, shown = self._house.disk.rows(MINE, self._user), self._chat.newest("1:")
        if mine and shown is not None:
            (slot,) = self._chance.choice(mine)
            self._chat.forge(shown[0].id, pack(Action.WAIT, LEAVE, int(str(slot))))

    async def _answer(self, order: object, session: object) -> None:
        way = self._chance.choice(("pay", "pay", "decline", "decline and pay", "pay late", "forget"))
        self._chat.note(f"has an offer: {way}")
        await self._look_it_up()
        if way.startswith("decline"):
            shown = self._chat.newest("1:")
            self._chat.forge(shown[0].id if shown else 1, pack(Action.CANCEL, int(str(order))))
            await self._want_it_back(order)
        if way == "pay late":
            await asyncio.sleep(self._chance.uniform(600, 2400))
        if "pay" in way:
            with suppress(NotPossibleError, NoSuchObjectError):
                card = self._chance.choice(("success", "success", "sepa_debit_ok"))
                self._house.world.stripe.pay(str(session), card, email=address_of(self._user))
        if way == "forget":
            await asyncio.sleep(1500)

    async def _look_it_up(self) -> None:
        """Under /bookings, from where its message comes back, also for who is impatient."""
        chance = self._chance
        if chance.random() < 0.7:
            return
        self._chat.say("/bookings")
        found = await self._chat.finds(BRINGS, 10)
        for _ in range(chance.choice((1, 1, 2, 3)) if found is not None else 0):
            self._chat.press_newest(BRINGS)
            await asyncio.sleep(chance.choice((0, 0.5, 2, 30)))

    async def _want_it_back(self, order: object) -> None:
        """Into the line again for what was just given away, or not even that yet."""
        shown, lines = self._chat.newest("1:"), self._house.disk.rows(LINE, order)
        if shown is None or not lines or self._chance.random() < 0.4:
            return
        await asyncio.sleep(self._chance.choice((0, 0.05, 0.5, 5)))
        slot, fare = (int(str(each)) for each in lines[0])
        self._chat.forge(shown[0].id, pack(Action.WAIT, JOIN, slot, packed_counts({FareId(fare): 1})))
