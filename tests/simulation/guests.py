"""What guests do when they are asked how it was: mark it, change their minds, write, skip, or try another's."""

import asyncio
from random import Random

from handlers.callbacks import Action, pack
from tests.simulation.chats import Chat, Found
from tests.simulation.house import House

ASKS, SKIPS = "1:5:", "1:6:"
WORDS = "It was cold, and the guide was late."


class Guest:
    """The same person as a customer, after the visit."""

    def __init__(self, house: House, user: int, seed: int) -> None:
        self._house, self._user = house, user
        self._chance = Random(f"{seed} guest {user}")
        self._chat = Chat(house, user, self._chance)

    async def live(self) -> None:
        while True:
            asked = await self._chat.finds(ASKS, None)
            if asked is not None:
                await self._answer(asked)

    async def _answer(self, asked: Found) -> None:
        chance = self._chance
        marks = [button for button in self._chat.buttons() if button[0].id == asked[0].id]
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            self._mark(chance.choice(marks))
            await asyncio.sleep(chance.uniform(0, 3))
        if chance.random() < 0.5:
            self._try_another(asked)
        match chance.choice(("write", "write", "write twice", "skip", "nothing")):
            case "write":
                self._chat.say(WORDS)
            case "write twice":
                self._chat.say(WORDS)
                self._chat.say("kayak")
            case "skip":
                self._chat.press_newest(SKIPS)

    def _try_another(self, asked: Found) -> None:
        """Mark a visit that is somebody's."""
        booking = int(str(self._chance.choice(self._house.disk.rows("SELECT id FROM booking ORDER BY id"))[0]))
        self._house.marked.add((self._user, booking))
        self._chat.forge(asked[0].id, pack(Action.MARK, booking, 5))

    def _mark(self, button: Found) -> None:
        booking = int(button[1].split(":")[2], 36)
        self._house.marked.add((self._user, booking))
        self._chat.press(button)
