"""Rules of what is answered at all, and to whom."""

import asyncio
from contextlib import suppress

import aiohttp
import pytest

from bot.payments.events import Event
from bot.web.guards import hostname, hosts_of
from tests.web.served import Served, event_body


async def test_who_asks_whether_the_shop_is_alive_is_told_under_any_name(served: Served) -> None:
    assert await served.get("/healthz") == (200, "ok\n")
    assert await served.get("/healthz", Host="10.0.0.7:8080") == (200, "ok\n")


@pytest.mark.fault(40)
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/checkout",
        "/checkout/done/",
        "/checkout/done/a/b",
        "/stripe/webhook/",
        "/metrics",
        "/readyz",
        "/.env",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/media/%2e%2e%2f%2e%2e%2fguichet.db",
        "//healthz",
    ],
)
async def test_unknown_paths_are_not_found(served: Served, path: str) -> None:
    assert (await served.raw(_line("GET", path))).startswith(b"HTTP/1.1 404 ")


@pytest.mark.fault(40)
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/stripe/webhook"), ("PUT", "/stripe/webhook"), ("GET", "/telegram/webhook"), ("DELETE", "/media/1")]
    + [(method, "/checkout/done/x") for method in ("POST", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW")],
)
async def test_unknown_methods_are_refused(served: Served, method: str, path: str) -> None:
    status = int((await served.raw(_line(method, path))).split(b" ", 2)[1])
    assert 400 <= status < 500


@pytest.mark.fault(40)
@pytest.mark.parametrize(
    "line", ["GET /../../etc/passwd HTTP/1.1", "GET /healthz HTTP/9.9", "\x00\x01", "GET", "hello"]
)
async def test_what_is_no_request_is_refused(served: Served, line: str) -> None:
    assert (await served.raw(f"{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()))[9:10] == b"4"


@pytest.mark.fault(40)
@pytest.mark.parametrize(
    "host", ["evil.example", "tickets.example.com.evil.example", "[::", "", "evil.example@localhost.x"]
)
async def test_a_foreign_host_is_refused(served: Served, host: str) -> None:
    request = _line("GET", "/checkout/done/x").replace(b"localhost", host.encode())
    assert (await served.raw(request)).startswith((b"HTTP/1.1 421 ", b"HTTP/1.1 400 "))


@pytest.mark.fault(40)
async def test_two_hosts_or_none_are_refused(served: Served) -> None:
    asked = _line("GET", "/checkout/done/x")
    doubled = asked.replace(b"Host: localhost", b"Host: localhost\r\nHost: evil.example")
    assert (await served.raw(doubled))[9:10] == b"4"
    assert (await served.raw(asked.replace(b"Host: localhost\r\n", b"")))[9:10] == b"4"


@pytest.mark.parametrize("host", ["tickets.example.com", "TICKETS.example.com:443", "localhost:1", "[::1]:80"])
async def test_our_own_hosts_are_answered(served: Served, host: str) -> None:
    assert (await served.get("/checkout/done/x", Host=host))[0] == 200


def test_a_host_is_read_with_and_without_its_port() -> None:
    assert [hostname(name) for name in ("a.example:8080", "[::1]:80", "[::", "")] == ["a.example", "::1", None, None]
    assert "tickets.example.com" in hosts_of("https://tickets.example.com:8443/shop")


@pytest.mark.fault(35)
async def test_an_error_inside_is_told_to_nobody(served: Served) -> None:
    served.behind.broken = RuntimeError("the secret recipe")
    assert await served.get("/media/7") == (503, "Not now. Please try again.\n")


@pytest.mark.fault(10)
async def test_stopping_finishes_what_is_under_way_and_takes_no_more(served: Served) -> None:
    begun, durable = asyncio.Event(), asyncio.Event()

    async def slow(_: Event) -> None:
        begun.set()
        await durable.wait()

    served.behind.store = slow
    sending = asyncio.create_task(served.send_event(event_body()))
    await begun.wait()
    port = served.server.public.port
    stopping = asyncio.create_task(served.server.stop())
    await _deaf(port)
    durable.set()
    assert (await sending)[0] == 200
    await stopping


@pytest.mark.fault(10)
async def test_stopping_does_not_wait_for_idle_connections_or_endless_work(served: Served) -> None:
    async def hang(_: Event) -> None:
        await asyncio.Event().wait()

    served.behind.store = hang
    sending = asyncio.create_task(served.send_event(event_body()))
    async with served.connected():
        await asyncio.sleep(0.1)
        await asyncio.wait_for(served.server.stop(), 10)
    with pytest.raises(aiohttp.ClientConnectionError):
        await sending


async def _deaf(port: int) -> None:
    """Return once nobody listens there any more."""
    with suppress(ConnectionError):
        while True:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            await writer.wait_closed()


def _line(method: str, path: str) -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
