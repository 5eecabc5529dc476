"""Serves the simulated world over HTTP on loopback: the page, Telegram, Stripe and the control API."""

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.sandbox.control import control_routes, refusals
from bot.sandbox.guards import Handler, add_headers, stay_local
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
    runner: web.AppRunner
    world: World

    async def close(self) -> None:
        self.world.changed.close()
        await self.runner.cleanup()


async def serve(world: World, port: int = 0) -> Served:
    """Serve the world on this machine; port 0 takes any free one. OSError if the port is taken."""
    runner = web.AppRunner(sandbox_app(world), access_log=None, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port, backlog=BACKLOG).start()
    except OSError:
        await runner.cleanup()
        raise
    url = f"http://{HOST}:{runner.addresses[0][1]}"
    world.stripe.base_url = url
    return Served(url, runner, world)


def sandbox_app(world: World) -> web.Application:
    app = web.Application(middlewares=[refusals, stay_local, _announcing(world)], client_max_size=LARGEST_BODY)
    app.router.add_get("/", _page)
    app.router.add_static("/page", PAGE)
    app.router.add_routes(control_routes(world))
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.append(keep_time(world))
    return app


async def _page(_: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")


def _announcing(world: World) -> Middleware:
    @web.middleware
    async def announce(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Whatever changed while a request was handled is shown to those who follow the world."""
        try:
            return await handler(request)
        finally:
            if request.method not in {"GET", "HEAD"}:
                world.changed.beat()

    return announce
