"""The same shop with updates that Telegram posts to it instead of being polled."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.journeys.shop import Shop, open_shop
from tests.journeys.walks import Walks

SECRET = "made-up-secret"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest_asyncio.fixture
async def posted(stocked_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    port = free_port()
    environ = {
        "GUICHET_TELEGRAM__MODE": "webhook",
        "GUICHET_TELEGRAM__WEBHOOK_SECRET": SECRET,
        "GUICHET_WEB__PORT": str(port),
        "GUICHET_WEB__PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    async with open_shop(stocked_url, tmp_path, environ) as opened:
        yield opened


async def test_a_booking_is_made_with_updates_by_webhook(posted: Shop) -> None:
    await Walks(posted.alice).to_booking()
    await Walks(posted.camille, french=True).to_booking("lantern")
    assert not posted.telegram.journal.of("getUpdates")
    assert posted.telegram.webhook is not None


async def test_an_update_without_the_secret_is_refused(posted: Shop) -> None:
    assert posted.telegram.webhook is not None
    update = {"update_id": 1, "message": {}}
    async with posted.sandbox.session.post(posted.telegram.webhook.url, json=update) as response:
        assert response.status in {401, 403}
