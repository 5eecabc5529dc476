"""One update of one customer, with all that is needed to answer it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace

from telegram import Bot

from bot.domain.customers import Customer
from handlers.context import Desk
from handlers.presenter import Place
from handlers.screens import Screen
from handlers.taps import Tap
from handlers.texts import Texts

Later = Callable[[Coroutine[object, object, None]], None]
"""Goes on with something slow outside of the customer's turn."""


@dataclass(frozen=True)
class Visit:
    """`place` is the living message that was tapped, or the bare chat after a command or on a fact's button."""

    desk: Desk
    bot: Bot
    customer: Customer
    texts: Texts
    place: Place
    tap: Tap | None
    later: Later

    async def show(self, screen: Screen) -> None:
        """Answer the tap and bring up the screen, both at once."""
        await self.done(self.desk.presenter.show(self.bot, self.place, screen))

    async def done(self, answer: Awaitable[object]) -> None:
        """Answer the tap and do what it asks for, both at once."""
        if self.tap is None:
            await answer
        else:
            await asyncio.gather(self.tap.answer(), answer)

    async def alert(self, text: str) -> bool:
        """Say it above everything; False where there is no tap to answer any more."""
        if self.tap is None or self.tap.answered:
            return False
        return await self.tap.answer(text, alert=True)

    def apart(self) -> "Visit":
        """The same visit on a message of its own: what was tapped is to stay as it is."""
        return replace(self, place=Place(self.place.chat_id))

    def speaking(self, customer: Customer) -> "Visit":
        """The same visit after the customer has chosen a language."""
        desk = self.desk
        return replace(self, customer=customer, texts=desk.translations.for_(desk.customers.language_of(customer)))


Step = Callable[[Visit], Awaitable[None]]
