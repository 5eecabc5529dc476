"""Speaks to the web server in bytes, over connections that are kept as long as the server keeps them."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from tests.fuzz.hostile_requests import Request

PATIENCE = 20.0
LITTLE_PATIENCE = 0.05  # for an answer to what was no whole request


@dataclass
class Line:
    """One connection, opened anew whenever it was closed. `ask` returns the status, or None for no answer."""

    port: int
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: Request) -> int | None:
        if not request.whole:
            return await self._ask_and_leave(request)
        kept = self._streams is not None
        try:
            return await self._once(request)
        except (ConnectionError, asyncio.IncompleteReadError):
            await self.close()
            if not kept:
                return None
        return await self._once(request)

    async def close(self) -> None:
        if self._streams is not None:
            (_, writer), self._streams = self._streams, None
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _ask_and_leave(self, request: Request) -> int | None:
        await self.close()
        try:
            return await asyncio.wait_for(self._once(request), LITTLE_PATIENCE)
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            return None
        finally:
            await self.close()

    async def _once(self, request: Request) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        with suppress(ConnectionError):
            writer.write(request.content)
            await writer.drain()
        async with asyncio.timeout(PATIENCE):
            status, closes = await _answer(reader, without_body=request.content.startswith(b"HEAD "))
        if closes or request.last:
            await self.close()
        return status


async def _answer(reader: asyncio.StreamReader, *, without_body: bool) -> tuple[int, bool]:
    """The final status, and whether the server will close the connection now."""
    status = 100
    while 100 <= status < 200:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head.split(b" ", 2)[1])
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:")), 0)
    if not without_body and status not in {204, 304}:
        await reader.readexactly(length)
    return status, b"connection: close" in head or head.startswith(b"http/1.0")
