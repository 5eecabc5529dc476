"""Closes connections on which no whole request has arrived; the server library would let them be."""

import asyncio

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from bot.web.guards import Handler


class Connections:
    """Knows for each connection of one server since when it has been silent."""

    def __init__(self, within: float) -> None:
        self._within = within
        self._heard: set[RequestHandler] = set()
        self._noticed: dict[RequestHandler, float] = {}

    @web.middleware
    async def hear(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self._heard.add(request.protocol)
        return await handler(request)

    async def watch(self, server: web.Server) -> None:
        """Look around for as long as the server runs."""
        while True:
            self.close_the_silent(server, asyncio.get_running_loop().time())
            await asyncio.sleep(self._within / 4)

    def close_the_silent(self, server: web.Server, now: float) -> None:
        there = set(server.connections)
        self._heard &= there
        self._noticed = {connection: since for connection, since in self._noticed.items() if connection in there}
        for connection in there - self._heard:
            if now - self._noticed.setdefault(connection, now) >= self._within:
                connection.force_close()
