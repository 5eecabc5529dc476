"""The sandbox answers this machine and its own page only."""

import io

import pytest
from aiohttp import hdrs

from bot.sandbox.server import serve
from bot.sandbox.world import World
from tests.sandbox.world.client import Sandbox


@pytest.mark.parametrize("path", ["/", "/control/clock", "/stripe/v1/events", "/telegram/bot1:x/getMe"])
async def test_a_host_that_is_not_this_machine_is_refused(sandbox: Sandbox, path: str) -> None:
    headers = {hdrs.HOST: "evil.example:8800"}
    async with sandbox.session.get(sandbox.served.url + path, headers=headers) as response:
        assert response.status == 421


@pytest.mark.parametrize("host", ["localhost:8800", "127.0.0.1", "[::1]:8800"])
async def test_every_name_of_this_machine_is_taken(sandbox: Sandbox, host: str) -> None:
    async with sandbox.session.get(sandbox.served.url, headers={hdrs.HOST: host}) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_another_sites_page_gives_no_orders(sandbox: Sandbox, headers: dict[str, str]) -> None:
    url = f"{sandbox.served.url}/control/clock"
    async with sandbox.session.post(url, json={"advance_seconds": 60}, headers=headers) as response:
        assert response.status == 403
    assert not sandbox.world.clock.offset


async def test_our_own_page_gives_orders(sandbox: Sandbox) -> None:
    url = f"{sandbox.served.url}/control/clock"
    headers = {"Origin": sandbox.served.url, "Sec-Fetch-Site": "same-origin"}
    async with sandbox.session.post(url, json={"advance_seconds": 60}, headers=headers) as response:
        assert response.status == 200


async def test_the_page_runs_no_foreign_and_no_inline_scripts(sandbox: Sandbox) -> None:
    async with sandbox.session.get(sandbox.served.url) as response:
        policy, text = response.headers["Content-Security-Policy"], await response.text()
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "https://" not in text


async def test_an_oversized_order_is_refused(sandbox: Sandbox) -> None:
    url = f"{sandbox.served.url}/control/chats/1001/text"
    async with sandbox.session.post(url, data=io.BytesIO(b'"' + b"x" * 3_000_000)) as response:
        assert response.status == 413
        assert "error" in await response.json()


async def test_a_port_that_is_taken_is_an_error(sandbox: Sandbox) -> None:

    port = int(sandbox.served.url.rpartition(":")[2])
    with pytest.raises(OSError, match="address already in use"):
        await serve(World(), port)
