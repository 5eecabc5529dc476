"""Builds the public web application and the operator's, and serves each on a port of its own."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass

from aiohttp import web

from bot.web import media, pages, stripe_webhook, telegram_webhook
from bot.web.admin import Admin
from bot.web.connections import Connections
from bot.web.guards import HEALTH, LOOPBACK, add_headers, own_hosts_only, sent_in_time, unexpected_errors
from bot.web.limits import Limits
from bot.web.media import Media
from bot.web.pages import Pages
from bot.web.stripe_webhook import StripeWebhook
from bot.web.telegram_webhook import TelegramWebhook

BACKLOG = 1024


@dataclass(frozen=True)
class Public:
    """What the public port answers with; `telegram` only where updates are not polled."""

    stripe: StripeWebhook
    telegram: TelegramWebhook | None
    pages: Pages
    media: Media
    hosts: Collection[str]

    def routes(self) -> list[web.RouteDef]:
        routes = [
            web.post(stripe_webhook.PATH, self.stripe.handle),
            web.get(pages.DONE, self.pages.done),
            web.get(pages.CANCELLED, self.pages.cancelled),
            web.get(media.PATH, self.media.handle),
            web.get(HEALTH, _alive),
        ]
        if self.telegram is not None:
            routes.append(web.post(telegram_webhook.PATH, self.telegram.handle))
        return routes


@dataclass(frozen=True)
class Address:
    """Where to listen; port 0 takes any that is free."""

    host: str
    port: int


class Site:
    """One application on one port."""

    def __init__(
        self, routes: Collection[web.RouteDef], hosts: Collection[str], address: Address, limits: Limits
    ) -> None:
        self._address = address
        self._limits = limits
        self._connections = Connections(limits.first_request_within)
        self._runner = web.AppRunner(
            self._app(routes, hosts),
            access_log=None,
            logger=_silent(),
            auto_decompress=False,
            keepalive_timeout=limits.idle,
            lingering_time=limits.lingering,
            shutdown_timeout=limits.grace,
        )
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen; OSError if the port is taken."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._address.host, self._address.port, backlog=BACKLOG).start()
        except OSError:
            await self._runner.cleanup()
            raise
        if self._runner.server is not None:
            self._watch = asyncio.create_task(self._connections.watch(self._runner.server))

    async def stop(self) -> None:
        """Take no more requests, and finish those under way unless they take longer than the grace."""
        if self._watch is not None:
            self._watch.cancel()
        await self._runner.cleanup()

    @property
    def port(self) -> int:
        """The port that is listened on, once started."""
        port: int = self._runner.addresses[0][1]
        return port

    def _app(self, routes: Collection[web.RouteDef], hosts: Collection[str]) -> web.Application:
        guards = [self._connections.hear, sent_in_time(self._limits), unexpected_errors, own_hosts_only(hosts)]
        app = web.Application(middlewares=guards, client_max_size=self._limits.body)
        app.add_routes(routes)
        app.on_response_prepare.append(add_headers)
        return app


class WebServer:
    """Both ports together."""

    def __init__(
        self, public: Public, admin: Admin, address: Address, admin_address: Address, limits: Limits | None = None
    ) -> None:
        limits = limits or Limits()
        admin_routes = [web.get("/readyz", admin.ready), web.get("/metrics", admin.metrics)]
        self.public = Site(public.routes(), public.hosts, address, limits)
        self.admin = Site(admin_routes, LOOPBACK | {admin_address.host}, admin_address, limits)

    async def start(self) -> None:
        """Listen on both ports, or on none: OSError if one is taken."""
        await self.admin.start()
        try:
            await self.public.start()
        except OSError:
            await self.admin.stop()
            raise

    async def stop(self) -> None:
        """The public port first: as long as it finishes its requests, the operator can look on."""
        await self.public.stop()
        await self.admin.stop()


def _silent() -> logging.Logger:
    """The library would log a traceback for each garbled request of a stranger; our own errors the guards log."""
    return logging.Logger("silent", logging.CRITICAL + 1)  # noqa: LOG001 - no other logger may change its level


async def _alive(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")
