"""With a webhook the sandbox posts updates to it, in order, until each is taken."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.sandbox.telegram.builders import ANN
from tests.sandbox.telegram.served import served, until


@dataclass
class Shop:
    """Answers with the planned statuses first, then with 200."""

    statuses: list[int] = field(default_factory=list)
    taken: list[tuple[int, str | None]] = field(default_factory=list)
    refused: int = 0
    url: str = ""

    async def receive(self, request: web.Request) -> web.Response:
        if self.statuses:
            self.refused += 1
            return web.Response(status=self.statuses.pop(0), headers={"Location": "/elsewhere"})
        body = await request.json()
        self.taken.append((body["update_id"], request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        return web.Response()


@asynccontextmanager
async def a_shop(*statuses: int) -> AsyncIterator[Shop]:
    shop = Shop([*statuses])
    app = web.Application()
    app.router.add_post("/telegram/webhook", shop.receive)
    async with TestServer(app) as server:
        shop.url = f"http://127.0.0.1:{server.port}/telegram/webhook"
        yield shop


async def test_updates_are_posted_in_order_with_the_secret() -> None:
    async with a_shop() as shop, served() as world:
        first = world.telegram.say(ANN, "1")
        await world.post("setWebhook", url=shop.url, secret_token="s3cret")
        second = world.telegram.say(ANN, "2")
        await until(lambda: len(shop.taken) == 2)
        assert shop.taken == [(first.update_id, "s3cret"), (second.update_id, "s3cret")]
        await until(lambda: world.telegram.pending == 0)


async def test_an_update_is_retried_until_it_is_taken() -> None:
    async with a_shop(500, 503, 302) as shop, served() as world:
        await world.post("setWebhook", url=shop.url)
        first, second = world.telegram.say(ANN, "1"), world.telegram.say(ANN, "2")
        await until(lambda: len(shop.taken) == 2)
        assert shop.refused == 3
        assert [number for number, _ in shop.taken] == [first.update_id, second.update_id]
        info = (await world.post("getWebhookInfo")).body["result"]
        assert isinstance(info, dict)
        assert str(info["last_error_message"]).startswith("Wrong response from the webhook: 302")


async def test_a_shop_that_is_down_gets_its_updates_later() -> None:
    async with a_shop() as shop, served() as world:
        await world.post("setWebhook", url="http://127.0.0.1:1/telegram/webhook")
        posted = world.telegram.say(ANN, "1")
        webhook = world.telegram.webhook
        assert webhook
        await until(lambda: webhook.failure.startswith("Connection failed"))
        await world.post("setWebhook", url=shop.url)
        await until(lambda: shop.taken == [(posted.update_id, None)])


async def test_a_redelivered_update_reaches_the_webhook_again() -> None:
    async with a_shop() as shop, served() as world:
        await world.post("setWebhook", url=shop.url)
        posted = world.telegram.say(ANN, "1")
        await until(lambda: len(shop.taken) == 1)
        assert posted.update_id is not None
        world.telegram.redeliver(posted.update_id)
        await until(lambda: len(shop.taken) == 2)
        assert shop.taken[0] == shop.taken[1]
