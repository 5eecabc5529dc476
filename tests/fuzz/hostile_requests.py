"""Requests that are wrong before their body is: signatures, methods, paths, hosts, lengths and the protocol itself."""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from tests import canaries
from tests.world import SECRET

STRIPE, TELEGRAM = b"/stripe/webhook", b"/telegram/webhook"
TELEGRAM_SECRET = canaries.TELEGRAM_SECRET.encode()
Header = tuple[bytes, bytes]

METHODS = (
    b"GET",
    b"PUT",
    b"DELETE",
    b"PATCH",
    b"OPTIONS",
    b"TRACE",
    b"HEAD",
    b"BREW",
    b"post",
    b"PRI",
    b"CONNECT",
    b"P\xd6ST",
)
PATHS = (
    b"/", b"/stripe", b"/stripe/webhook/", b"/stripe/webhook?x=1", b"//stripe/webhook", b"/stripe%2fwebhook",
    b"/STRIPE/WEBHOOK",
    b"/stripe/webhook%00", b"/../etc/passwd", b"/%2e%2e/%2e%2e/etc/passwd", b"/media/..%2f..%2fguichet.db",
    b"/media/1", b"/healthz",
    b"/media/999999999999999999", b"/media/-1", b"/media/\xd9\xa1", b"/metrics", b"/readyz", b"/.env",
    b"/checkout/done/", b"*",
    b"/checkout/done/<script>", b"/checkout/done/%ff%fe", b"/checkout/cancelled/" + b"a" * 3000,
    b"/checkout/done/a?session_id=cs_1",
    b"http://evil.example/stripe/webhook", b"/" + b"%41" * 500, b"/\xff\xfe", b"/stripe/webhook#x",
    b"/telegram/webhook/x", b"?", b"%",
)  # fmt: skip
HOSTS = (
    b"evil.example", b"localhost.evil.example", b"", b"[::", b"localhost@evil.example", b"127.0.0.1.nip.io",
    b"\xff", b"a" * 4000,
    b"localhost, evil.example", b"localhost.", b"[::2]", b"0x7f.1",
)  # fmt: skip
LANGUAGES = (b"fr;q=nan", b"en;q=1e999", b";;;,,,q=", b"\xff\xfe", b"x" * 3000, b"*;q=-1", b"fr-CH, fr;q=0.9")
HEADERS: tuple[Header, ...] = (
    (b"Content-Encoding", b"gzip"), (b"Content-Encoding", b"br, deflate"), (b"Content-Encoding", b"\xff"),
    (b"Expect", b"100-continue"),
    (b"Expect", b"a-miracle"), (b"Upgrade", b"websocket"), (b"Connection", b"upgrade"),
    (b"Transfer-Encoding", b"gzip"), (b"Range", b"bytes=-1"),
    (b"Transfer-Encoding", b"chunked, chunked"), (b"Content-Length", b"-1"), (b"Content-Length", b"1e3"),
    (b"Content-Length", b"99999999999999999999"),
    (b"Content-Type", b"\xff/\xfe; charset=\x7f"), (b"Content-Type", b"multipart/form-data"),
    (b"Cookie", b"a=" + b"b" * 6000), (b"If-None-Match", b'W/"x'),
    (b"If-Modified-Since", b"never"), (b"X-Forwarded-For", b"127.0.0.1"), (b"X Y", b"1"), (b"", b"x"),
    (b"Host", b"localhost"), (b"X", b"a\0b"),
    (b"Accept-Language", b"fr;q=nan"), (b"Sec-WebSocket-Version", b"13"), (b"Trailer", b"Stripe-Signature"),
    (b"X", b"a" * 20_000),
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """Bytes to send. `whole`: an answer must come, else it need not. `last`: nothing follows on its connection."""

    content: bytes
    whole: bool = True
    last: bool = False


def request(
    method: bytes, path: bytes, headers: Sequence[Header] = (), body: bytes = b"", host: bytes = b"localhost"
) -> Request:
    lines = [b"%s %s HTTP/1.1" % (method, path), b"Host: " + host, b"Content-Length: %d" % len(body)]
    return Request(b"\r\n".join([*lines, *(b"%s: %s" % header for header in headers), b"", body]))


def event_request(body: bytes, at: int, *more: Header) -> Request:
    """A webhook as Stripe would send it, rightly signed."""
    return request(b"POST", STRIPE, [(b"Stripe-Signature", signature(body, at).encode()), *more], body)


def signature(body: bytes, at: int, secret: str = SECRET) -> str:
    """Stripe's header, for bytes that may be no text."""
    return f"t={at},v1={hmac.new(secret.encode(), b'%d.' % at + body, 'sha256').hexdigest()}"


def badly_signed(chance: Random, body: bytes, at: int) -> Request:
    """A real event that nobody has signed, not now, not so, or twice."""
    good = signature(body, at)
    late = chance.choice((301, -301, 10**6, -(10**9), 2**62))
    odd: tuple[str, ...] = (
        "", " ", "t=", good.upper(), good[:-1], good.replace("v1", "v0"), good.replace("t=", "t=-"), f"t={at}",
        good.split(",")[1],
        signature(body, at, "whsec_other"), signature(body + b" ", at), signature(body, at, " "),
        signature(body, at + late),
        f"t={at + 1},{good}", f"{good},{good}".replace(f"t={at}", f"t={at + late}"), f"t={at},v1=é\udcff",
        "t=1,v1=" + "0" * 6000,
        f"t={'9' * 5000},v1=00", f"t={at}=1,{good.split(',')[1]}", "=,=,=", "v1=" + "," * 900,
        f"t=\u0661,{good.split(',')[1]}",
    )  # fmt: skip
    headers = [(b"Stripe-Signature", chance.choice(odd).encode("utf-8", "surrogateescape"))]
    if chance.randrange(6) == 0:
        headers = [(b"Stripe-Signature", good.encode())] * 2
    elif chance.randrange(20) == 0:
        headers = []
    return request(b"POST", STRIPE, headers, body)


def strange(chance: Random, body: bytes, at: int) -> Request:
    """A whole request with a strange method, path, host or header; never one that should be stored."""
    headers: list[Header] = []
    method, path, host = b"POST", STRIPE, b"localhost"
    match chance.randrange(5):
        case 0:
            method, path = chance.choice(METHODS), chance.choice((STRIPE, *PATHS))
        case 1:
            method, path = chance.choice((b"GET", b"POST", b"HEAD")), chance.choice(PATHS)
        case 2:
            host, headers = chance.choice(HOSTS), [(b"Stripe-Signature", signature(body, at).encode())]
        case 3:
            headers = [chance.choice(HEADERS) for _ in range(chance.randrange(1, 4))]
        case _:
            method, path = b"GET", b"/checkout/done/x"
            headers = [(b"Accept-Language", chance.choice(LANGUAGES))]
    sent = b"" if method in {b"GET", b"HEAD"} else body
    return replace(request(method, path, headers, sent, host), last=True)


def garbled(chance: Random, body: bytes, at: int) -> Request:
    """What is no request, or does not end as it said that it would. Who sends that may be left without an answer."""
    good = event_request(body, at).content
    return Request(chance.choice(ACCIDENTS)(chance, good, body), whole=False)


def _cut_off(chance: Random, good: bytes, _: bytes) -> bytes:
    return good[: chance.randrange(1, len(good) - 1)]


def _noise(chance: Random, _: bytes, __: bytes) -> bytes:
    return chance.randbytes(chance.randrange(1, 300))


def _flipped(chance: Random, good: bytes, _: bytes) -> bytes:
    at = chance.randrange(good.index(b"\r\n\r\n"))
    return good[:at] + bytes([chance.randrange(256)]) + good[at + 1 :]


def _other_lines(chance: Random, good: bytes, _: bytes) -> bytes:
    return good.replace(b"\r\n", chance.choice((b"\n", b"\r", b"\r\r\n")), 3)


def _broken_chunks(chance: Random, good: bytes, body: bytes) -> bytes:
    size = chance.choice((b"zz", b"-1", b"0x5", b"fffffffffffffffff", b"5;" + b"x" * 5000, b"", b"5\n"))
    return _chunked(good) + size + b"\r\n" + body[:200]


def _endless_chunks(_: Random, good: bytes, body: bytes) -> bytes:
    pieces = [body[start : start + 700] for start in range(0, len(body), 700)]
    return _chunked(good) + b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in pieces)


def _two_lengths(_: Random, good: bytes, __: bytes) -> bytes:
    return good.replace(b"Content-Length:", b"Content-Length: 1\r\nContent-Length:", 1)


def _too_long(_: Random, good: bytes, __: bytes) -> bytes:
    return LENGTH.sub(b"Content-Length: 300000", good, 1)


def _chunked(good: bytes) -> bytes:
    return LENGTH.sub(b"Transfer-Encoding: chunked", good.partition(b"\r\n\r\n")[0]) + b"\r\n\r\n"


LENGTH = re.compile(rb"Content-Length: \d+")
ACCIDENTS = (_cut_off, _noise, _flipped, _other_lines, _broken_chunks, _endless_chunks, _two_lengths, _too_long)


def update_request(chance: Random, body: bytes) -> Request:
    """Something for Telegram's door, mostly with the wrong secret or none."""
    secrets = (TELEGRAM_SECRET, b"", TELEGRAM_SECRET[:-1], TELEGRAM_SECRET.upper(), b"\xff", b"x" * 3000)
    name = b"X-Telegram-Bot-Api-Secret-Token"
    return request(b"POST", TELEGRAM, [(name, chance.choice(secrets))] * chance.choice((1, 1, 1, 2)), body)
