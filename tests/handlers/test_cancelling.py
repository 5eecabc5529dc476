"""Cancelling in the chat: the amount first, then the tap that does it, and a clear word on whatever is not possible."""

import pytest

from bot.domain.orders import State
from bot.sandbox.faults import Kind
from handlers.callbacks import Action, pack
from tests.handlers.counter import ADA, BLAISE, Counter
from tests.handlers.walks import to_the_ticket

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def to_the_booking(counter: Counter) -> None:
    """One adult for 39.00, 21 hours ahead, so that half of it goes back."""
    await to_the_ticket(counter, ADA)
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Tue 24 Nov, 07:00")


async def state(counter: Counter) -> State:
    return (await counter.world.case((await counter.orders())[-1])).order.state


def heard(counter: Counter, text: str) -> int:
    return sum(message.text.startswith(text) for message in counter.messages(ADA))


async def test_the_amount_is_shown_and_confirmed_before_anything_happens(counter: Counter) -> None:
    await to_the_booking(counter)
    await counter.press(ADA, "Cancel this booking")
    screen = counter.screen(ADA)
    assert screen.text.startswith("Cancel this booking?")
    assert "You get back €19.50 (50 %, less than 24 h before)." in screen.text
    assert counter.labels(screen) == ["Keep it", "Cancel and refund €19.50"]
    await counter.press(ADA, "Keep it")
    assert "Cancel this booking" in counter.labels(counter.screen(ADA))
    assert await counter.world.taken(counter.world.shop.slots[0]) == 1


async def test_the_way_of_the_money_is_told_at_once_and_when_it_has_arrived(counter: Counter) -> None:
    await to_the_booking(counter)
    await counter.press(ADA, "Cancel this booking")
    await counter.press(ADA, "Cancel and refund")
    living = counter.screen(ADA)
    assert "Cancelled · €19.50 is on its way back" in living.text
    assert "Cancel this booking" not in counter.labels(living)
    assert await counter.world.taken(counter.world.shop.slots[0]) == 0
    await counter.work()
    await counter.world.deliver_webhooks()
    await counter.work()
    assert heard(counter, "Refunded, €19.50") == 1
    assert heard(counter, "Your booking is cancelled") == 1
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Cancelled · Tue 24 Nov, 07:00")
    assert "Cancelled · €19.50 refunded" in counter.screen(ADA).text
    assert await state(counter) is State.PAID


@pytest.mark.fault(28)
async def test_ten_taps_pay_back_once(counter: Counter) -> None:
    await to_the_booking(counter)
    await counter.press(ADA, "Cancel this booking")
    screen = counter.screen(ADA)
    confirm = screen.keyboard[1][0].value
    for _ in range(10):
        await counter.forge(ADA, confirm, screen.id)
    assert counter.screen(ADA).text.startswith("This booking is cancelled already.")
    await counter.work()
    assert counter.world.stripe.ledger()[0].refunded == 1950


async def test_when_a_step_has_passed_the_new_amount_is_asked_for(counter: Counter) -> None:
    await to_the_booking(counter)
    await counter.press(ADA, "Cancel this booking")
    await counter.world.advance(hours=19, minutes=30)
    await counter.press(ADA, "Cancel and refund")
    screen = counter.screen(ADA)
    assert screen.text.startswith("What goes back has changed meanwhile")
    assert "You get nothing back: it is less than 2 h before." in screen.text
    await counter.press(ADA, "Cancel without refund")
    assert "Cancelled · no refund" in counter.screen(ADA).text
    await counter.work()
    assert (counter.world.stripe.ledger()[0].refunded, await state(counter)) == (0, State.PAID)


async def test_after_the_start_there_is_no_way_to_cancel(counter: Counter) -> None:
    await to_the_booking(counter)
    await counter.press(ADA, "Cancel this booking")
    await counter.world.advance(hours=21)
    await counter.press(ADA, "Cancel and refund")
    assert counter.screen(ADA).text.startswith("It has begun, so it cannot be cancelled any more.")
    assert "Cancel this booking" not in counter.labels(counter.screen(ADA))


@pytest.mark.fault(43)
@pytest.mark.parametrize("fields", [(1,), (1, 1950), (99,), (99, 0), (1, 1950, 1), ()])
async def test_a_strangers_booking_is_not_cancelled_by_a_forged_button(
    counter: Counter, fields: tuple[int, ...]
) -> None:
    await to_the_booking(counter)
    await counter.say(BLAISE, "/start")
    for action in (Action.CANCEL_BOOKING, Action.CONFIRM_CANCELLING):
        await counter.forge(BLAISE, pack(action, *fields))
    await counter.work()
    assert (counter.world.stripe.ledger()[0].refunded, await state(counter)) == (0, State.PAID)
    assert await counter.world.taken(counter.world.shop.slots[0]) == 1


@pytest.mark.fault(29)
async def test_a_confirmation_from_before_a_pause_is_asked_for_again(counter: Counter) -> None:
    await to_the_booking(counter)
    await counter.press(ADA, "Cancel this booking")
    counter.wire.refused["answerCallbackQuery"] = [(400, "Bad Request: query is too old and response timeout expired")]
    screen = counter.screen(ADA)
    counter.telegram.press(ADA, screen.id, text=counter.labels(screen)[1])
    await counter.turn()
    assert counter.screen(ADA).text.startswith("Cancel this booking?")
    assert await counter.world.taken(counter.world.shop.slots[0]) == 1


@pytest.mark.fault(19)
async def test_a_refund_that_fails_is_told_honestly(counter: Counter) -> None:
    await to_the_booking(counter)
    await counter.press(ADA, "Cancel this booking")
    await counter.press(ADA, "Cancel and refund")
    counter.world.fault(Kind.ERROR, "/v1/refunds", status=400)
    await counter.work()
    assert heard(counter, "Your refund of €19.50 did not go through") == 1
    assert heard(counter, "Refunded") == 0
