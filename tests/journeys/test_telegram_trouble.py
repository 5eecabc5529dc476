"""Telegram refuses, is slow, loses answers, or is told by a customer to keep us away."""

from functools import partial

import pytest

from handlers.transport import AiohttpRequest
from storage import schema
from tests.journeys.shop import Shop
from tests.journeys.walks import Walks

BOOKING = "sendPhoto"
IMPATIENT = partial(AiohttpRequest, read_timeout=0.4)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The application waits less long than it does in earnest for an answer that never comes."""
    monkeypatch.setattr("handlers.application.AiohttpRequest", IMPATIENT)


async def booking_goes_out(shop: Shop, kind: str, *methods: str, **more: object) -> None:
    """Pay, with this going wrong when the booking message is sent."""
    await Walks(shop.alice).to_link()
    for method in methods or (BOOKING,):
        await shop.fault("telegram", kind, method, **more)
    await shop.alice.pays()


async def told(shop: Shop) -> list[str]:
    """The codes in the booking messages."""
    texts = [message.text for message in shop.alice.messages() if "You are booked" in message.text]
    return [text.partition("Code ")[2].splitlines()[0] for text in texts]


async def ended(shop: Shop, state: str, kind: str = "booked") -> None:
    await shop.until(
        schema.outbox,
        lambda rows: any(row["state"] == state and row["kind"] == kind for row in rows),
        f"{kind} to be {state}",
    )


@pytest.mark.fault(26)
async def test_too_many_requests_are_waited_out(shop: Shop) -> None:
    await booking_goes_out(shop, "error", status=429, retry_after=60)
    await shop.eventually(
        lambda: shop.telegram.journal.of(BOOKING)[-1].status == 429 or None, lambda: "a call that is refused"
    )
    with shop.at_own_pace():
        await shop.advance(seconds=30)
        await shop.team.sees("Sold, €39.00")
        assert await told(shop) == []
        await shop.advance(seconds=31)
        await ended(shop, "sent")
    assert len(await told(shop)) == 1


@pytest.mark.fault(26)
async def test_errors_of_telegram_delay_the_booking_message(shop: Shop) -> None:
    await booking_goes_out(shop, "error", status=502, times=3)
    await ended(shop, "sent")
    assert len(await told(shop)) == 1


@pytest.mark.fault(27)
@pytest.mark.parametrize("kind", ["timeout_after", "reset_after", "truncated"])
async def test_an_answer_lost_after_the_message_was_accepted_makes_one_duplicate_of_the_same_booking(
    shop: Shop, kind: str
) -> None:
    await booking_goes_out(shop, kind)
    await ended(shop, "sent")
    codes = await told(shop)
    (booking,) = await shop.rows(schema.booking)
    assert 1 <= len(codes) <= 2
    assert set(codes) == {booking["code"]}


@pytest.mark.fault(27)
@pytest.mark.parametrize("kind", ["timeout_before", "reset_before"])
async def test_a_call_lost_before_it_was_accepted_makes_no_duplicate(shop: Shop, kind: str) -> None:
    await booking_goes_out(shop, kind)
    await ended(shop, "sent")
    assert len(await told(shop)) == 1


@pytest.mark.fault(25)
async def test_whoever_has_blocked_the_bot_keeps_the_booking(shop: Shop) -> None:
    await Walks(shop.alice).to_link()
    session = await shop.alice.pay_session()
    shop.world.block(shop.alice.id)
    await shop.alice.pays(session=session)
    await ended(shop, "blocked")
    assert (await shop.order())["state"] == "paid"
    (booking,) = await shop.rows(schema.booking)
    (customer,) = [row for row in await shop.rows(schema.customer) if row["telegram_id"] == shop.alice.id]
    assert customer["blocked_at"]
    await shop.team.sees("Sold, €39.00")
    shop.world.unblock(shop.alice.id)
    await shop.alice.says("/bookings")
    await shop.alice.presses("Tue 4 Jun")
    assert str(booking["code"]) in shop.alice.screen().text


@pytest.mark.fault(26)
async def test_telegram_down_for_an_hour_loses_no_message(shop: Shop) -> None:
    await Walks(shop.alice).to_link()
    await shop.fault("telegram", "error", "send", status=500, times=None)
    await shop.fault("telegram", "error", "edit", status=500, times=None)
    await shop.alice.pays()
    await shop.becomes("paid")
    await shop.advance(hours=1)
    await shop.heal()
    await shop.advance(minutes=11)
    await ended(shop, "sent")
    assert len(await told(shop)) == 1
    await shop.alice.sees("Paid · your ticket is below")
    await shop.team.sees("Sold, €39.00")


async def test_a_tap_that_could_not_be_answered_can_be_repeated(shop: Shop) -> None:
    await Walks(shop.alice).to_summary()
    await shop.fault("telegram", "error", "editMessageCaption", status=500)
    await shop.alice.presses("Hold and pay")
    await shop.alice.presses("Hold and pay")
    await shop.alice.sees_button("Pay €39.00")
    assert len(await shop.rows(schema.orders)) == 1


async def test_polling_that_is_cut_off_goes_on(shop: Shop) -> None:
    await shop.fault("telegram", "reset_before", "getUpdates", times=2)
    await shop.alice.says("/start")
    await shop.alice.sees("Walks and boats.")
