"""Money through the control API: customers pay, the dashboard refunds, events go out as the panel wants."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.sandbox.world.client import Sandbox


class Shop:
    """An application that notes the events it gets and answers as it is told."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.status = 200

    async def webhook(self, request: web.Request) -> web.Response:
        self.events.append((await request.json())["type"])
        return web.Response(status=self.status)


@pytest_asyncio.fixture
async def shop(sandbox: Sandbox) -> AsyncIterator[Shop]:
    shop = Shop()
    app = web.Application()
    app.router.add_post("/stripe/webhook", shop.webhook)
    async with TestServer(app) as server:
        sandbox.world.register_webhook(str(server.make_url("/")))
        yield shop


async def delivered(sandbox: Sandbox, event_type: str, times: int = 1) -> None:
    """Until an event of that type has reached the shop so often."""
    while True:
        found = await sandbox.get("events")
        done = [each for each in found["events"] if each["type"] == event_type]
        if sum(way["state"] == "delivered" for each in done for way in each["deliveries"]) >= times:
            return
        await sandbox.world.changed.wait(1)


async def stage(sandbox: Sandbox, session: str) -> str:
    found = await sandbox.get("sessions")
    return next(str(each["stage"]) for each in found["sessions"] if each["id"] == session)


async def test_a_paid_session_is_in_the_ledger_under_its_order(sandbox: Sandbox) -> None:
    session, payment = await sandbox.paid(9700)
    row = (await sandbox.get("ledger"))["ledger"][0]
    assert (row["payment_intent"], row["session"], row["order"]) == (payment, session, "K7Q4MZ")
    assert (row["captured"], row["refunded"]) == (9700, 0)
    assert await stage(sandbox, session) == "paid"


async def test_a_declined_card_leaves_the_session_open(sandbox: Sandbox) -> None:
    session = await sandbox.checkout()
    found = await sandbox.post(f"sessions/{session}/pay", {"card": "declined"})
    assert found["outcome"] == "declined"
    assert await stage(sandbox, session) == "open"


async def test_a_second_step_is_confirmed(sandbox: Sandbox) -> None:
    session = await sandbox.checkout()
    found = await sandbox.post(f"sessions/{session}/pay", {"card": "second_step"})
    assert found["outcome"] == "requires_action"
    assert (await sandbox.post(f"sessions/{session}/confirm", {"ok": True}))["outcome"] == "paid"


@pytest.mark.parametrize(("succeed", "expected"), [(True, "paid"), (False, "failed")])
async def test_a_delayed_payment_is_processing_until_the_bank_has_settled(
    sandbox: Sandbox, *, succeed: bool, expected: str
) -> None:
    session, _ = await sandbox.paid(card="sepa_debit_ok")
    assert await stage(sandbox, session) == "processing"
    await sandbox.post(f"sessions/{session}/settle", {"succeed": succeed})
    assert await stage(sandbox, session) == expected


async def test_a_session_expired_by_hand_cannot_be_paid(sandbox: Sandbox) -> None:
    session = await sandbox.checkout()
    await sandbox.post(f"sessions/{session}/expire")
    assert await stage(sandbox, session) == "expired"
    assert (await sandbox.post(f"sessions/{session}/pay", {}))["outcome"] == "over"


async def test_a_refund_from_the_dashboard_is_in_part_or_in_full(sandbox: Sandbox) -> None:
    _, payment = await sandbox.paid(9700)
    await sandbox.post(f"payments/{payment}/refund", {"amount": 1800})
    assert (await sandbox.get("ledger"))["ledger"][0]["refunded"] == 1800
    await sandbox.post(f"payments/{payment}/refund")
    assert (await sandbox.get("ledger"))["ledger"][0]["refunded"] == 9700
    assert len((await sandbox.get("refunds"))["refunds"]) == 2
    assert (await sandbox.refused(f"payments/{payment}/refund", {}))[0] == 409


async def test_a_refund_that_fails_is_not_in_the_ledger(sandbox: Sandbox) -> None:
    _, payment = await sandbox.paid(9700)
    refund = await sandbox.post(f"payments/{payment}/refund")
    await sandbox.post(f"refunds/{refund['id']}/fail")
    assert (await sandbox.get("ledger"))["ledger"][0]["refunded"] == 0


async def test_a_pending_refund_can_arrive(sandbox: Sandbox) -> None:
    _, payment = await sandbox.paid(9700, card="refund_pending")
    refund = await sandbox.post(f"payments/{payment}/refund")
    assert refund["status"] == "pending"
    assert (await sandbox.post(f"refunds/{refund['id']}/settle"))["status"] == "succeeded"


async def test_a_dispute_is_open_until_it_is_won_or_lost(sandbox: Sandbox) -> None:
    _, payment = await sandbox.paid(9700)
    dispute = await sandbox.post(f"payments/{payment}/dispute")
    assert (await sandbox.get("ledger"))["ledger"][0]["disputes"] == [dispute["id"]]
    assert (await sandbox.post(f"disputes/{dispute['id']}/close", {"won": True}))["status"] == "won"
    assert (await sandbox.get("ledger"))["ledger"][0]["disputes"] == []
    assert len((await sandbox.get("disputes"))["disputes"]) == 1


async def test_events_reach_the_shop(sandbox: Sandbox, shop: Shop) -> None:
    await sandbox.paid()
    await delivered(sandbox, "checkout.session.completed")
    assert "checkout.session.completed" in shop.events


async def test_an_event_can_be_sent_again(sandbox: Sandbox, shop: Shop) -> None:
    await sandbox.paid()
    await delivered(sandbox, "checkout.session.completed")
    found = (await sandbox.get("events"))["events"]
    event = next(each["id"] for each in found if each["type"] == "checkout.session.completed")
    await sandbox.post(f"events/{event}/send")
    await delivered(sandbox, "checkout.session.completed", times=2)
    assert shop.events.count("checkout.session.completed") == 2


async def test_held_events_go_out_when_they_are_released(sandbox: Sandbox, shop: Shop) -> None:
    assert (await sandbox.post("webhooks", {"mode": "held"}))["mode"] == "held"
    await sandbox.paid()
    assert not shop.events
    released = await sandbox.post("webhooks/release")
    assert released["released"] == len((await sandbox.get("events"))["events"])
    await delivered(sandbox, "checkout.session.completed")


async def test_a_late_event_comes_when_the_clock_gets_there(sandbox: Sandbox, shop: Shop) -> None:
    await sandbox.post("webhooks", {"mode": "delayed", "delay_seconds": 3600})
    await sandbox.paid()
    assert not shop.events
    await sandbox.post("clock", {"advance_seconds": 3600})
    await delivered(sandbox, "checkout.session.completed")


async def test_an_event_that_was_not_taken_is_sent_until_it_is(sandbox: Sandbox, shop: Shop) -> None:
    shop.status = 503
    await sandbox.paid()
    while "checkout.session.completed" not in shop.events:
        await sandbox.world.changed.wait(1)
    shop.status = 200
    while True:
        await sandbox.post("clock", {"advance_seconds": 60})
        found = (await sandbox.get("events"))["events"]
        if all(way["state"] == "delivered" for each in found for way in each["deliveries"]):
            break
    assert shop.events.count("checkout.session.completed") >= 2


async def test_the_webhooks_address_can_be_told_later(sandbox: Sandbox) -> None:
    found = await sandbox.post("webhooks", {"web_url": "http://127.0.0.1:9123"})
    assert found["urls"] == ["http://127.0.0.1:9123/stripe/webhook"]


async def test_a_session_expires_by_itself_when_its_time_has_come(sandbox: Sandbox) -> None:
    session = await sandbox.checkout()
    await sandbox.post("clock", {"advance_seconds": 86400})
    assert await stage(sandbox, session) == "expired"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("webhooks", {"mode": "lost"}, "mode"),
        ("webhooks", {"delay_seconds": -1}, "delay_seconds"),
        ("webhooks", {"web_url": "https://shop.example"}, "web_url"),
        ("sessions/x/pay", {"card": 4242}, "card"),
        ("sessions/x/pay", {"cart": "success"}, "cart"),
        ("sessions/x/settle", {"succeed": 1}, "succeed"),
        ("payments/x/refund", {"amount": 0}, "amount"),
        ("disputes/x/close", {}, "won"),
    ],
)
async def test_a_wrong_order_is_refused_by_the_fields_name(
    sandbox: Sandbox, path: str, body: dict[str, object], field: str
) -> None:
    status, sentence = await sandbox.refused(path, body)
    assert status == 400
    assert f"field {field}" in sentence


@pytest.mark.parametrize(
    "path",
    [
        "sessions/x/pay",
        "sessions/x/expire",
        "payments/x/refund",
        "payments/x/dispute",
        "refunds/x/fail",
        "events/x/send",
    ],
)
async def test_what_stripe_does_not_know_is_not_found(sandbox: Sandbox, path: str) -> None:
    assert (await sandbox.refused(path, {}))[0] == 404
