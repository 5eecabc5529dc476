"""What keeps the sandbox on this machine: loopback hosts only, no foreign pages, no foreign scripts."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The pay page has style and script inside, shows the shop's pictures and leads back to the shop.
PAY_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' http: https: data:; "
    "base-uri 'none'; frame-ancestors 'none'"
)
READING = frozenset({"GET", "HEAD"})


@web.middleware
async def stay_local(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a Host that is not this machine (another site's name can point here), and other sites' pages."""
    if _hostname(f"//{request.headers.get('Host', '')}") not in LOOPBACK:
        raise web.HTTPMisdirectedRequest(text="The sandbox answers on loopback only.")
    if request.method not in READING and not _same_origin(request):
        raise web.HTTPForbidden(text="The sandbox takes no orders from other sites' pages.")
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Signal on_response_prepare. Browsers leave out Origin where no referrer may be sent, so our own may be."""
    policy = PAY_POLICY if request.path.startswith("/stripe/pay/") else POLICY
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cache-Control", "no-store")


def _same_origin(request: web.Request) -> bool:
    """Programs send no Origin; a browser sends one with every change, and it must be our own."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}
    return origin == f"http://{request.headers.get('Host', '')}"


def _hostname(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
