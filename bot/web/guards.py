"""What every request passes: the Host it names, the headers that every answer carries, and the end of every error."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.web.limits import Limits

log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
HEALTH = "/healthz"
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def hostname(authority: str) -> str | None:
    """The name in a Host header or after `https://`, without its port; None if there is none."""
    try:
        return urlsplit(f"//{authority}").hostname
    except ValueError:
        return None


def hosts_of(*urls: str) -> frozenset[str]:
    """The hosts of these addresses, and this machine."""
    named = (urlsplit(url).hostname for url in urls)
    return LOOPBACK | {host for host in named if host}


def own_hosts_only(allowed: Collection[str]) -> Middleware:
    """Another site's name can be made to point here; only load balancers that ask for health may use any name."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        named = request.headers.getall("Host", [])
        if request.path != HEALTH and (len(named) != 1 or hostname(named[0]) not in allowed):
            raise web.HTTPMisdirectedRequest(text="Not a host of ours.\n")
        return await handler(request)

    return check


@web.middleware
async def unexpected_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong inside is a 503: the sender tries again, and learns nothing of the cause."""
    try:
        return await handler(request)
    except (web.HTTPException, ConnectionError):
        raise
    except Exception as error:
        log.exception("web.failed", route=_route(request), error=type(error).__name__)
        return web.Response(status=503, text="Not now. Please try again.\n")


def sent_in_time(limits: Limits) -> Middleware:
    """A client that asks for a picture and then does not read it is cut off."""

    @web.middleware
    async def send(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        try:
            async with asyncio.timeout(limits.sent_within):
                await response.prepare(request)
                await response.write_eof()
        except TimeoutError as late:
            if request.transport is not None:
                request.transport.abort()
            raise ConnectionResetError("the answer was not read in time") from late
        return response

    return send


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Signal on_response_prepare."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers["Server"] = "guichet"


def _route(request: web.Request) -> str:
    """The pattern, not the path: that one may hold a token."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"
