"""One person's chat: what is seen and tapped in it. Buttons are found by what they carry, whatever the language."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import TypeVar

from bot.sandbox.telegram.state import Impossible
from bot.sandbox.telegram.views import MessageView
from tests.simulation.house import House

Found = tuple[MessageView, str]
"""A button: the message that it is on, and what it carries."""
T = TypeVar("T")
PAGE = "/stripe/pay/"
ASKS = "1:B:"


class Chat:
    def __init__(self, house: House, user: int, chance: Random) -> None:
        self._house, self.user, self._chance = house, user, chance
        self._telegram = house.world.telegram
        self.links: set[str] = set()

    # What is seen

    def messages(self) -> list[MessageView]:
        return [message for message in self._telegram.messages(self.user) if message.from_bot]

    def buttons(self) -> list[Found]:
        return [(message, button) for message in self.messages() for button in _buttons(message)]

    def newest(self, wanted: str | tuple[str, ...]) -> Found | None:
        for message in reversed(self.messages()):
            for button in _buttons(message):
                if button.startswith(wanted):
                    return message, button
        return None

    async def finds(self, wanted: str | tuple[str, ...], patience: float | None) -> Found | None:
        """A button that carries this, on a message that changes from now on. Without `patience`: for ever."""
        since = self._telegram.version

        def look() -> Found | None:
            found = self.newest(wanted)
            return found if found is not None and found[0].version > since else None

        return await self._watched(look, patience)

    async def link(self, patience: float) -> str | None:
        """The payment page of the newest order whose link was not seen before."""
        session = self._fresh_link() or await self._watched(self._fresh_link, patience)
        if session is not None:
            self.links.add(session)
        return session

    def _fresh_link(self) -> str | None:
        for message in reversed(self.messages()):
            for row in message.keyboard:
                for button in row:
                    session = button.value.rsplit("/", 1)[-1]
                    if PAGE in button.value and session not in self.links:
                        return session
        return None

    async def _watched(self, look: Callable[[], T | None], patience: float | None) -> T | None:
        """Look whenever something has happened, a moment later; None if that takes too long."""
        happened = asyncio.Event()
        stop = self._telegram.listen(happened.set)
        try:
            async with asyncio.timeout(patience):
                while (found := look()) is None:
                    await happened.wait()
                    await asyncio.sleep(self._chance.uniform(0.3, 1.5))
                    happened.clear()
                return found
        except TimeoutError:
            return None
        finally:
            stop()

    # What is tapped and said

    def press_newest(self, wanted: str) -> None:
        found = self.newest(wanted)
        if found is not None:
            self.press(found)

    def press(self, found: Found) -> int | None:
        """The number of the update, unless it cannot be."""
        self._confirms(found[1])
        self._gathers(found)
        try:
            return self._telegram.press(self.user, found[0].id, data=found[1]).update_id
        except Impossible:
            return self.forge(found[0].id, found[1])

    def forge(self, message_id: int, data: str) -> int | None:
        """As a second device does that shows an older state of the chat."""
        self._confirms(data)
        try:
            return self._telegram.press_forged(self.user, message_id, data).update_id
        except Impossible:
            return None

    def _confirms(self, data: str) -> None:
        """What is tapped may cost money, or bring it back."""
        action, *fields = data.split(":")[1:]
        if action == "p":
            total, nonce = fields[-2:]
            self._house.confirmed[nonce].add(int(total, 36))
        if action == "A" and len(fields) == 3:
            self._house.confirmed[fields[1]].add(int(fields[0], 36))
        if action == "C" and len(fields) > 1 and fields[0] in "jl":
            asked = self._house.joined if fields[0] == "j" else self._house.left
            asked.add((self.user, int(fields[1], 36)))
        if action == "F" and len(fields) > 2:
            self._house.moved.add((self.user, int(fields[0], 36), int(fields[1], 36)))
        if action == "q" and len(fields) == 2:
            booking, minor = fields
            self._house.given_up.add((self.user, int(booking, 36), int(minor, 36)))

    def _gathers(self, found: Found) -> None:
        """How many things stood above a button that holds them all."""
        if found[1].startswith("1:A:"):
            things = sum(button.startswith("1:9:r:") for button in _buttons(found[0]))
            self._house.gathered[found[1].split(":")[3]] = things

    def redeliver(self, update_id: int) -> None:
        self._telegram.redeliver(update_id)

    def say(self, text: str) -> None:
        try:
            self._telegram.say(self.user, text)
        except Impossible:
            self.note("has blocked the bot")

    def note(self, what: str) -> None:
        self._house.trace.note(f"customer {self.user} {what}")

    async def answered(self, wanted: str) -> Found | None:
        """A button that buys; questions that stand before it are answered, wrongly, or skipped."""
        for _ in range(8):
            found = await self.finds((wanted, ASKS), 15)
            if found is None or found[1].startswith(wanted):
                return found
            self._answer(found)
        return None

    def _answer(self, found: Found) -> None:
        steps = [button for button in _buttons(found[0]) if button.startswith(ASKS)]
        written = all(button.split(":")[5] in {"x", "n", "q", "b"} for button in steps)
        if written and self._chance.random() < 0.7:
            self.say(self._chance.choice(("x" * 90, f"no nuts {self.user}", f"no nuts {self.user}")))
        else:
            self.press((found[0], self._chance.choice(steps)))


def _buttons(message: MessageView) -> list[str]:
    return [button.value for row in message.keyboard for button in row if button.kind == "callback"]
