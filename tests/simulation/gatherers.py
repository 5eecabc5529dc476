"""What customers do with a basket: fill it, hold it all, twice, late, as it was before, and pay once for everything."""

import asyncio
from random import Random

from tests.simulation.chats import Chat, Found
from tests.simulation.customers import Customer
from tests.simulation.house import House
from tests.simulation.offers import Offer, summary_data

PUTS_ASIDE, HOLDS, REMOVES, EMPTIES, AGAIN, SHOWS = "1:8:", "1:A:", "1:9:r:", "1:9:e", "1:9:o:", "1:9"


class Gatherer(Customer):
    """The same person as a customer, who wants several things at once."""

    def __init__(self, house: House, user: int, offers: list[Offer], seed: int) -> None:
        super().__init__(house, user, offers, seed)
        self._chance = Random(f"{seed} gatherer {user}")
        self._chat = Chat(house, user, self._chance)

    async def live(self) -> None:
        chance = self._chance
        eager = chance.random() < 0.4
        while eager:
            await asyncio.sleep(chance.uniform(20, 500))
            await self._gather()

    async def _gather(self) -> None:
        for offer in self._chance.sample(self._offers, k=self._chance.choice((1, 2, 2, 3))):
            found = await self._put_aside(offer)
        if found is not None and self._chance.random() < 0.2:
            await self._change_it()
        button = self._chat.newest(HOLDS)
        if button is None:
            self._chat.press_newest(EMPTIES)
            return
        await self._decide(button)
        link = await self._chat.link(self._chance.choice((4, 10, 60)))
        if link is not None:
            await self._with_link(link)
        elif self._chance.random() < 0.5:
            self._chat.press_newest(AGAIN)

    async def _put_aside(self, offer: Offer) -> Found | None:
        """Straight from the summary, by a button of an old message; questions stand before it."""
        shown = self._chat.newest("1:")
        self._chat.forge(
            shown[0].id if shown else 1, summary_data(offer, offer.chosen(self._chance), offer.steps(self._chance))
        )
        found = await self._chat.answered(PUTS_ASIDE)
        if found is None:
            return None
        for _ in range(self._chance.choice((1, 1, 2))):
            self._chat.press(found)
        return await self._chat.finds((HOLDS, REMOVES), 10)

    async def _change_it(self) -> None:
        self._chat.press_newest(self._chance.choice((REMOVES, REMOVES, EMPTIES)))
        await asyncio.sleep(self._chance.uniform(0, 3))

    async def _decide(self, button: Found) -> None:
        chance = self._chance
        (way,) = chance.choices(("once", "twice", "late", "as before", "other amount"), (6, 4, 2, 2, 1))
        self._chat.note(f"holds a basket {button[1]}: {way}")
        match way:
            case "twice":
                pressed = self._chat.press(button)
                await asyncio.sleep(chance.choice((0, 0.01, 1, 60)))
                self._chat.forge(button[0].id, button[1])
                if pressed is not None and chance.random() < 0.3:
                    self._chat.redeliver(pressed)
            case "late":
                await asyncio.sleep(chance.uniform(60, 900))
                self._chat.press(button)
            case "as before":
                # On one device the basket is changed, on the other one it still stands as it was.
                await self._put_aside(chance.choice(self._offers))
                self._chat.press(button)
            case "other amount":
                action, total, nonce, seen = button[1].split(":")[1:]
                cheaper = max(0, int(total, 36) - chance.choice((1, 1200)))
                self._chat.forge(button[0].id, f"1:{action}:{cheaper}:{nonce}:{seen}")
            case _:
                self._chat.press(button)
