"""What one person does and sees, as a phone would: words and taps go in over HTTP, the chat is looked at."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.sandbox.telegram.views import MessageView

if TYPE_CHECKING:
    from tests.journeys.shop import Shop


class Person:
    """Somebody of the sandbox's cast, or a new customer. A label or text names what begins so, or holds it."""

    def __init__(self, shop: Shop, user_id: int, chat_id: int | None = None) -> None:
        self._shop, self.id = shop, user_id
        self.chat = chat_id or user_id

    # What the person does

    async def says(self, text: str, **how: object) -> None:
        """Write a text and wait until the shop has dealt with it; `origin` as in the control API."""
        await self.writes(text, **how)
        await self._shop.attended()

    async def writes(self, text: str, **how: object) -> None:
        """Write a text without waiting for what comes of it."""
        await self._shop.sandbox.post(f"chats/{self.id}/text", {"text": text, **how})

    async def presses(self, label: str, *, on: MessageView | None = None, times: int = 1) -> MessageView:
        """Tap the button whose label begins so, on the newest message that has one; returns that message."""
        found, button = await self._button(label, on)
        await self.taps(found, button, times=times)
        await self._shop.attended()
        return found

    async def taps(self, message: MessageView, button: str, *, times: int = 1) -> None:
        """Tap a button of a message without waiting for what comes of it."""
        body = {"message_id": message.id, "text": button, "times": times}
        if self.chat != self.id:
            body["chat"] = self.chat
        await self._shop.sandbox.post(f"chats/{self.id}/press", body)

    async def forges(self, data: str, on: MessageView) -> None:
        """Send callback data that no button has, and wait until the shop has dealt with it."""
        await self.slips_in(data, on)
        await self._shop.attended()

    async def slips_in(self, data: str, on: MessageView) -> None:
        """Send such data without waiting for what comes of it."""
        body = {"message_id": on.id, "data": data, "forged": True}
        await self._shop.sandbox.post(f"chats/{self.id}/press", body)

    async def sends_file(self, name: str, content: bytes, caption: str = "") -> None:
        encoded = base64.b64encode(content).decode()
        body = {"name": name, "content": encoded, "caption": caption, "mime_type": "application/toml"}
        await self._shop.sandbox.post(f"chats/{self.id}/document", body)
        await self._shop.attended()

    async def deletes(self, message: MessageView) -> None:
        await self._shop.sandbox.post(f"chats/{self.id}/delete", {"message_id": message.id})

    async def pays(self, card: str = "success", *, session: str | None = None) -> str:
        """Follow the newest pay button and pay with a test card; returns the session's id."""
        chosen = session or await self.pay_session()
        body = {"card": card, "email": "alice@example.org", "name": "Alice Martin"}
        await self._shop.sandbox.post(f"sessions/{chosen}/pay", body)
        return chosen

    async def pay_session(self) -> str:
        """The session behind the newest pay button that leads to one."""
        return await self._shop.eventually(self._session_to_pay, lambda: "a pay button")

    # What the person sees

    def messages(self) -> list[MessageView]:
        """What the bot has written and is still there, oldest first, with plain spaces."""
        found = self._shop.telegram.messages(self.chat)
        return [replace(message, text=plain(message.text)) for message in found if message.from_bot]

    def screen(self) -> MessageView:
        return self.messages()[-1]

    def labels(self, message: MessageView | None = None) -> list[str]:
        return [plain(button.text) for row in (message or self.screen()).keyboard for button in row]

    def count(self, text: str) -> int:
        """In how many messages that text stands."""
        return sum(text in message.text for message in self.messages())

    def button_texts(self) -> list[str]:
        """The labels of the newest message as they are, with spaces that keep words together."""
        return [button.text for row in self.screen().keyboard for button in row]

    async def sees(self, text: str) -> MessageView:
        """The newest message with that text, which may still be on its way."""

        def find() -> MessageView | None:
            return next((message for message in reversed(self.messages()) if text in message.text), None)

        return await self._shop.eventually(find, lambda: f"{text!r} in {[message.text for message in self.messages()]}")

    async def sees_button(self, label: str) -> MessageView:
        return (await self._button(label, None))[0]

    async def hears(self, text: str) -> None:
        """A toast or an alert after a tap has that text."""
        await self._shop.eventually(
            lambda: text in "\n".join(self.heard()) or None, lambda: f"{text!r} in {self.heard()}"
        )

    def heard(self) -> list[str]:
        return [plain(notice.text) for notice in self._shop.telegram.notices(self.id) if notice.text]

    async def _button(self, label: str, on: MessageView | None) -> tuple[MessageView, str]:
        def find() -> tuple[MessageView, str] | None:
            for message in reversed(self.messages()):
                for button in (each.text for row in message.keyboard for each in row):
                    if plain(button).startswith(label) and (on is None or on.id == message.id):
                        return message, button
            return None

        def wanted() -> str:
            return f"a button {label!r} among {[self.labels(message) for message in self.messages()]}"

        return await self._shop.eventually(find, wanted)

    def _session_to_pay(self) -> str | None:
        open_pages = {each["url"]: str(each["id"]) for each in self._shop.stripe.sessions() if each["url"]}
        shown = [button.value for message in reversed(self.messages()) for row in message.keyboard for button in row]
        return next((open_pages[link] for link in shown if link in open_pages), None)


def plain(text: str) -> str:
    """With ordinary spaces instead of those that keep words together."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
