"""The way to the simulated Telegram: our own request class without a network, but with all that a network does."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

import aiohttp
import orjson
from aiohttp import ClientTimeout
from telegram.request import RequestData

from bot.sandbox.faults import Fault, Kind, Service
from bot.sandbox.telegram.mishaps import refusal
from bot.sandbox.telegram.model import Telegram
from bot.sandbox.telegram.wire import Reply, Upload
from handlers.transport import AiohttpRequest
from tests.simulation.weather import Death, Weather

READ_TIMEOUT = 10.0
MESSAGES = ("sendMessage", "sendPhoto")
Effect = Callable[[str, dict[str, str], Reply, bool], None]
"""Called for each call that Telegram has carried out: method, parameters, reply, whether the bot will know."""


class PhoneLine(AiohttpRequest):
    """Calls of one life. `world_changed` is set whenever something happens at Telegram."""

    def __init__(self, telegram: Telegram, weather: Weather, die: Death, effect: Effect) -> None:
        super().__init__()
        self._telegram, self._weather, self._die, self._effect = telegram, weather, die, effect
        self.world_changed = asyncio.Event()

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def _exchange(
        self, url: str, method: str, data: RequestData | None, limits: ClientTimeout
    ) -> tuple[int, bytes]:
        path = urlsplit(url).path
        if "/file/bot" in path:
            return await self._download(path)
        name = path.rsplit("/", 1)[-1]
        params = data.json_parameters if data is not None else {}
        files = {key: _upload(value) for key, value in data.multipart_data.items()} if data is not None else {}
        if name == "getUpdates":
            return await self._poll(params)
        mishap = self._weather.draw("telegram", f"{name} {params.get('chat_id', '')}".rstrip())
        await asyncio.sleep(self._weather.latency())
        await self._before(mishap, name)
        if mishap in {"error", "flood"}:
            return _answer(self._refuse(mishap))
        reply = self._telegram.call(self._telegram.token, name, params, files)
        late = self._weather.lateness() if mishap == "slow" else 0.0
        known = mishap in {"", "slow"} and late < READ_TIMEOUT
        self._effect(name, params, reply, known)
        await self._after(mishap, name, late)
        return _answer(reply)

    async def _before(self, mishap: str, name: str) -> None:
        match mishap:
            case "timeout_before":
                await asyncio.sleep(READ_TIMEOUT)
                raise TimeoutError
            case "reset_before":
                raise aiohttp.ClientConnectionError
            case "crash_before":
                await self._die.here(f"before {name}")

    async def _after(self, mishap: str, name: str, late: float) -> None:
        match mishap:
            case "timeout_after":
                await asyncio.sleep(READ_TIMEOUT)
                raise TimeoutError
            case "slow":
                await asyncio.sleep(min(late, READ_TIMEOUT))
                if late >= READ_TIMEOUT:
                    raise TimeoutError
            case "reset_after":
                raise aiohttp.ServerDisconnectedError
            case "truncated":
                raise aiohttp.ClientPayloadError
            case "crash_after":
                await self._die.here(f"after {name}")

    def _refuse(self, mishap: str) -> Reply:
        chance = self._weather.chance("telegram")
        if mishap == "flood":
            status, wait = 429, chance.choice((1, 5, 40))
        else:
            status, wait = chance.choice((500, 502)), None
        return refusal(Fault(0, Service.TELEGRAM, Kind.ERROR, status=status, retry_after=wait))

    async def _poll(self, params: dict[str, str]) -> tuple[int, bytes]:
        """Waits for as long as it takes: what a poll without news would cost is left out."""
        await asyncio.sleep(self._weather.latency() / 4)
        while True:
            self.world_changed.clear()
            if self._telegram.pending:
                await self._before(self._weather.draw("telegram", "getUpdates", times=0.3), "getUpdates")
                return _answer(self._telegram.call(self._telegram.token, "getUpdates", params))
            await self.world_changed.wait()

    async def _download(self, path: str) -> tuple[int, bytes]:
        found = self._telegram.download(self._telegram.token, path.split("/", 4)[-1].partition("/")[2])
        return (200, found.content) if found is not None else (404, b"{}")


def _upload(part: tuple[str, object, str]) -> Upload:
    name, content, kind = part
    return Upload(name, content if isinstance(content, bytes) else content.read(), kind)  # type: ignore[attr-defined]  # a file


def _answer(reply: Reply) -> tuple[int, bytes]:
    return reply.status, orjson.dumps(reply.body)
