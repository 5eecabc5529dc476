"""Rules of Stripe's webhook: what is stored is acknowledged, and only that."""

import asyncio

import orjson
import pytest

from bot.domain.errors import DatabaseBusy
from bot.payments.events import Event
from tests.web.served import OLD_SECRET, Served, event_body

REFUSED = (400, "Not a signed event.\n")


async def test_a_signed_event_is_stored_as_it_came_and_acknowledged(served: Served) -> None:
    body = event_body() + b"\n  "
    assert (await served.send_event(body))[0] == 200
    assert served.behind.stored == [Event("evt_1", "checkout.session.completed", body)]


async def test_while_a_secret_is_rolled_both_are_good(served: Served) -> None:
    body = event_body()
    assert (await served.send_event(body, served.sign(body, OLD_SECRET)))[0] == 200


@pytest.mark.fault(21)
async def test_an_unknown_type_of_event_is_stored_too(served: Served) -> None:
    assert (await served.send_event(event_body(kind="never.heard.of", extra={"deep": [1]})))[0] == 200
    assert len(served.behind.stored) == 1


@pytest.mark.fault(38)
@pytest.mark.parametrize(
    "signature",
    ["", "t=,v1=", "t=now,v1=00", "v1=00", "t=1", "t=1,v1=é", "t=1,v1=\udcff", "t=1,v0=00", "=,=,=", "t=" + "9" * 5000],
)
async def test_a_header_that_is_no_signature_is_refused(served: Served, signature: str) -> None:
    request = _request(event_body(), b"Stripe-Signature: " + signature.encode(errors="surrogateescape"))
    assert _refused(await served.raw(request))
    assert served.behind.stored == []


@pytest.mark.fault(38)
async def test_every_cause_of_refusal_gets_the_same_answer(served: Served) -> None:
    body = event_body()
    later, earlier = served.sign(body, seconds=301), served.sign(body, seconds=-301)
    answers = [
        await served.send_event(body, later),
        await served.send_event(body, earlier),
        await served.send_event(body, served.sign(body, "whsec_other")),
        await served.send_event(body + b" ", served.sign(body)),
        await served.send_event(b"[" * 5000),
        await served.send_event(b"null"),
        await served.send_event(b"{}"),
        await served.send_event(b""),
        await served.send_event(event_body("e" * 101)),
    ]
    assert answers == [REFUSED] * len(answers)
    assert _refused(await served.raw(_request(b"\xff\xfe", b"Stripe-Signature: t=1,v1=00")))
    assert _refused(await served.raw(_request(body)))
    assert served.behind.stored == []


@pytest.mark.fault(38)
async def test_two_signature_headers_are_refused_even_if_both_fit(served: Served) -> None:
    body = event_body()
    header = f"Stripe-Signature: {served.sign(body)}".encode()
    assert _refused(await served.raw(_request(body, header, header)))


@pytest.mark.fault(5)
@pytest.mark.parametrize("error", [DatabaseBusy("locked"), OSError("disk full"), RuntimeError("odd")])
async def test_what_could_not_be_stored_is_not_acknowledged_and_the_next_delivery_works(
    served: Served, error: Exception
) -> None:
    async def fail(_: Event) -> None:
        raise error

    served.behind.store = fail
    status, said = await served.send_event(event_body())
    assert (status, served.behind.stored) == (503, [])
    assert str(error) not in said
    served.behind.store = None
    assert (await served.send_event(event_body()))[0] == 200


@pytest.mark.fault(5)
async def test_nothing_is_answered_before_the_event_is_stored(served: Served) -> None:
    begun, durable = asyncio.Event(), asyncio.Event()

    async def slow(_: Event) -> None:
        begun.set()
        await durable.wait()

    served.behind.store = slow
    sending = asyncio.create_task(served.send_event(event_body()))
    await begun.wait()
    assert not sending.done()
    durable.set()
    assert (await sending)[0] == 200


@pytest.mark.fault(49)
async def test_a_caller_that_hangs_up_does_not_keep_its_event_from_being_stored(served: Served) -> None:
    begun, durable, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(_: Event) -> None:
        begun.set()
        await durable.wait()
        done.set()

    served.behind.store = slow
    body = event_body()
    async with served.connected() as (_, writer):
        writer.write(_request(body, f"Stripe-Signature: {served.sign(body)}".encode()))
        await begun.wait()
        writer.transport.abort()
    durable.set()
    await asyncio.wait_for(done.wait(), 5)
    assert [event.id for event in served.behind.stored] == ["evt_1"]


async def test_the_event_id_is_read_from_the_signed_bytes(served: Served) -> None:
    body = orjson.dumps({"type": "a.b", "id": "evt_ünï"})
    assert (await served.send_event(body))[0] == 200
    assert served.behind.stored[0].id == "evt_ünï"


def _request(body: bytes, *headers: bytes) -> bytes:
    lines = [b"POST /stripe/webhook HTTP/1.1", b"Host: localhost", b"Connection: close", *headers]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])


def _refused(answer: bytes) -> bool:
    return answer.startswith(b"HTTP/1.1 400 ") and answer.endswith(REFUSED[1].encode())
