"""A world that is being served, and the few calls by which the tests drive it from outside."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.sandbox.server import Served, serve
from bot.sandbox.telegram.wire import Upload
from bot.sandbox.world import World

Answer = dict[str, Any]  # JSON as it comes; the tests look into it
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c6360f8cf500f00038301805adcb1560000000049454e44ae426082"
)


@dataclass(frozen=True)
class Sandbox:
    served: Served
    session: aiohttp.ClientSession

    @property
    def world(self) -> World:
        return self.served.world

    async def ask(self, method: str, path: str, body: object = None, **query: str) -> tuple[int, Answer]:
        """One call below /control: its status and its JSON."""
        url = f"{self.served.url}/control/{path}"
        async with self.session.request(method, url, json=body, params=query) as response:
            found = await response.json()
            assert isinstance(found, dict)
            return response.status, found

    async def get(self, path: str, **query: str) -> Answer:
        status, found = await self.ask("GET", path, **query)
        assert status == 200, found
        return found

    async def post(self, path: str, body: object = None) -> Answer:
        status, found = await self.ask("POST", path, body)
        assert status == 200, found
        return found

    async def refused(self, path: str, body: object, method: str = "POST") -> tuple[int, str]:
        status, found = await self.ask(method, path, body)
        return status, str(found["error"])

    def bot(self, method: str, params: Mapping[str, object], files: Mapping[str, Upload] | None = None) -> Any:
        """What the bot does, straight in the model."""
        reply = self.world.telegram.call(self.world.secrets.bot_token, method, params, files or {})
        assert reply.ok, reply.description
        return reply.result

    def shop_says(self, user: int, text: str, *rows: list[str]) -> None:
        """A message of the bot with buttons whose data is their text."""
        keyboard = [[{"text": name, "callback_data": name} for name in row] for row in rows]
        markup = {"reply_markup": {"inline_keyboard": keyboard}} if rows else {}
        self.bot("sendMessage", {"chat_id": user, "text": text, "parse_mode": "HTML", **markup})

    async def checkout(self, amount: int = 9700, order: str = "K7Q4MZ") -> str:
        """A Checkout Session as an application makes it; its id."""
        item = "line_items[0][price_data]"
        form = {
            "mode": "payment",
            "client_reference_id": f"{order}-1",
            "success_url": "http://127.0.0.1:9/done",
            f"{item}[currency]": "eur",
            f"{item}[unit_amount]": str(amount),
            f"{item}[product_data][name]": "Sunrise on the Semnoz",
            "line_items[0][quantity]": "1",
            "payment_intent_data[metadata][guichet_order]": order,
        }
        headers = {"Authorization": f"Bearer {self.world.secrets.stripe_key}"}
        url = f"{self.served.url}/stripe/v1/checkout/sessions"
        async with self.session.post(url, data=form, headers=headers) as response:
            found = await response.json()
            assert response.status == 200, found
            return str(found["id"])

    async def paid(self, amount: int = 9700, card: str = "success") -> tuple[str, str]:
        """A session paid by a customer: its id and its payment's."""
        session = await self.checkout(amount)
        await self.post(f"sessions/{session}/pay", {"card": card, "email": "alice@example.org", "name": "Alice"})
        rows = [row for row in self.world.stripe.ledger() if row.session == session]
        return session, rows[0].payment_intent if rows else ""


@asynccontextmanager
async def served_sandbox() -> AsyncIterator[Sandbox]:
    """A new world on a free port, closed at the end."""
    served = await serve(World())
    async with aiohttp.ClientSession() as session:
        yield Sandbox(served, session)
    await served.close()
