"""Serves the simulated world over HTTP on loopback: the page, Telegram, Stripe and the control API."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.sandbox.control import control_routes, refusals
from bot.sandbox.guards import READING, Handler, add_headers, stay_local
from bot.sandbox.mail.pages import MailPages
from bot.sandbox.mail.server import listen
from bot.sandbox.stripe.courier import Courier
from bot.sandbox.stripe.http import StripeApi
from bot.sandbox.stripe.page import PayPage
from bot.sandbox.stripe.receipts import ReceiptPage
from bot.sandbox.telegram.http import telegram_app
from bot.sandbox.ticking import keep_time
from bot.sandbox.world import World

HOST = "127.0.0.1"
LARGEST_BODY = 52 * 1024 * 1024  # a document that Telegram takes, and its form around it
PAGE = Path(__file__).with_name("page")
GRACE = 1.0  # real seconds for requests under way when the sandbox ends
BACKLOG = 1024


@dataclass(frozen=True)
class Served:
    """A world that is being served at `url`."""

    url: str
    world: World
    runner: web.AppRunner
    session: aiohttp.ClientSession
    mail: asyncio.Server

    async def close(self) -> None:
        self.world.changed.close()
        self.mail.close()
        await self.runner.cleanup()
        await self.session.close()


async def serve(world: World, port: int = 0) -> Served:
    """Serve the world on this machine; port 0 takes any free one. OSError if the port is taken."""
    session = aiohttp.ClientSession()
    app = sandbox_app(world, Courier(world.stripe, world.clock, session))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GRACE)
    try:
        await runner.setup()
        await web.TCPSite(runner, HOST, port, backlog=BACKLOG).start()
    except OSError:
        await runner.cleanup()
        await session.close()
        raise
    url = f"http://{HOST}:{runner.addresses[0][1]}"
    world.stripe.base_url = url
    return Served(url, world, runner, session, await listen(world.mailbox, world.faults))


def sandbox_app(world: World, courier: Courier) -> web.Application:
    app = web.Application(middlewares=[refusals, stay_local, _announcing(world)], client_max_size=LARGEST_BODY)
    app.router.add_get("/", _page)
    app.router.add_get("/favicon.ico", _icon)
    app.router.add_static("/page", PAGE)
    app.router.add_routes(control_routes(world))
    app.router.add_routes(StripeApi(world.stripe, world.faults, world.clock).routes())
    app.router.add_routes(ReceiptPage(world.stripe).routes())
    app.router.add_routes(MailPages(world.mailbox).routes())
    app.router.add_routes(PayPage(world.stripe, courier).routes())
    app.add_subapp("/telegram", telegram_app(world.telegram, world.faults))
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.append(keep_time(world, courier))
    return app


async def _page(_: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")


async def _icon(_: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "icon.svg")


def _announcing(world: World) -> Middleware:
    @web.middleware
    async def announce(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Whatever changed while a request was handled is shown to those who follow the world."""
        try:
            return await handler(request)
        finally:
            if request.method not in READING:
                world.changed.beat()

    return announce
