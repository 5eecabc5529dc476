"""What cannot be done is said where it was tapped, and nobody is left with a screen that is no longer true."""

from contextlib import suppress
from datetime import date

import pytest
from sqlalchemy import update

from bot.domain.customers import Customer
from bot.domain.errors import DatabaseBusy
from bot.domain.ids import InventoryId, OrderId
from bot.domain.orders import State
from handlers.callbacks import base36
from storage import schema
from storage.database import Connection
from tests.handlers.counter import ADA, BLAISE, Counter
from tests.handlers.walks import to_the_card, to_the_guests, to_the_link, to_the_summary, to_the_ticket

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def take(counter: Counter, slot: InventoryId, units: int) -> None:
    """Others have bought so many."""

    async def work(connection: Connection) -> None:
        await connection.execute(update(schema.inventory).where(schema.inventory.c.id == slot).values(taken=units))

    await counter.world.database.run(work)
    await counter.world.remember_unclaimed()


async def close_shop(counter: Counter) -> None:
    """Nothing is on offer any more."""
    await counter.world.database.run(lambda c: c.execute(update(schema.resource).values(active=False)))


async def test_a_dot_in_the_calendar_says_why(counter: Counter) -> None:
    await to_the_card(counter, ADA)
    await counter.press(ADA, "Choose a date")
    calendar = counter.screen(ADA)
    dots = [button.value for row in calendar.keyboard[2:-1] for button in row if button.text == "·"]
    resource = next(dot for dot in dots if dot.startswith("1:d:")).rpartition(":")[0]
    full, past, without = (f"{resource}:{base36(date(2026, 11, day).toordinal())}" for day in (26, 1, 30))
    assert {full, without} <= set(dots)
    for day in (past, without):
        await counter.forge(ADA, day, calendar.id)
    assert counter.alerts(ADA) == [
        "This day can no longer be booked.",
        "Nothing takes place on this day.",
    ]
    assert counter.screen(ADA) == calendar
    await counter.forge(ADA, full, calendar.id)
    assert counter.screen(ADA).text.startswith("This day is fully booked.")
    assert "07:00 · full, waiting list" in counter.labels(counter.screen(ADA))


async def test_more_than_is_left_is_refused_above_the_screen(counter: Counter) -> None:
    await to_the_card(counter, ADA)
    await counter.press(ADA, "Choose a date")
    await counter.press(ADA, "25")
    await counter.press(ADA, "07:00 · last 2")
    for _ in range(2):
        await counter.press(ADA, "+")
    assert counter.alerts(ADA) == ["Only 2 left."]
    assert counter.labels(counter.screen(ADA))[1].startswith("2")


async def test_a_full_time_cannot_be_entered(counter: Counter) -> None:
    await to_the_card(counter, ADA)
    await counter.press(ADA, "Choose a date")
    await counter.press(ADA, "24")
    await take(counter, counter.world.shop.slots[0], 12)
    await counter.press(ADA, "07:00")
    assert counter.alerts(ADA) == ["Nothing is left; someone was faster."]


async def test_seats_lost_while_choosing_lower_the_party(counter: Counter) -> None:
    await to_the_guests(counter, ADA)
    await counter.press(ADA, "+")
    await counter.press(ADA, "+")
    await take(counter, counter.world.shop.slots[0], 11)
    await counter.press(ADA, "−")
    assert counter.labels(counter.screen(ADA))[1].startswith("1")


@pytest.mark.fault(30)
async def test_who_comes_too_late_for_the_last_seat_sees_the_other_times(counter: Counter) -> None:
    await to_the_summary(counter, ADA)
    await take(counter, counter.world.shop.slots[0], 12)
    await counter.press(ADA, "Hold and pay")
    assert counter.screen(ADA).text.startswith("Nothing is left; someone was faster.")
    assert await counter.orders() == []


async def test_too_few_seats_at_the_end_lead_back_to_the_party(counter: Counter) -> None:
    await to_the_guests(counter, ADA)
    await counter.press(ADA, "+")
    await counter.press(ADA, "Continue")
    await take(counter, counter.world.shop.slots[0], 11)
    await counter.press(ADA, "Hold and pay")
    shown = counter.screen(ADA)
    assert shown.text.startswith("Only 1 left.")
    assert counter.labels(shown)[1].startswith("1")


@pytest.mark.fault(31)
async def test_a_changed_price_is_asked_again(counter: Counter) -> None:
    await to_the_summary(counter, ADA)
    await counter.world.database.run(lambda c: c.execute(update(schema.fare).values(unit_amount=4200)))
    await counter.press(ADA, "Hold and pay")
    shown = counter.screen(ADA)
    assert shown.text.startswith("The price has changed.")
    assert "Total €42.00" in shown.text
    await counter.press(ADA, "Hold and pay")
    assert len(await counter.orders()) == 1


@pytest.mark.fault(29)
@pytest.mark.parametrize(
    "data", ["0:h", "2:h", "1:", "1:q", "1:g:1:1.0", "1:p:1:1.1:zz", "1:c:1", "x" * 64, "1:m:1:zzzzzzzzz"]
)
async def test_an_old_menu_brings_todays(counter: Counter, data: str) -> None:
    await counter.say(ADA, "/start")
    await counter.forge(ADA, data)
    assert counter.screen(ADA).text.startswith("This menu is out of date; here is today’s.\n\nLac")
    assert "🥾 Walks" in counter.labels(counter.screen(ADA))


@pytest.mark.fault(29)
async def test_what_is_gone_is_told_over_todays_shop(counter: Counter) -> None:
    await to_the_card(counter, ADA)
    await close_shop(counter)
    await counter.press(ADA, "Choose a date")
    assert counter.screen(ADA).text.startswith("This is no longer on offer.")
    assert len(counter.messages(ADA)) == 1


async def test_a_link_to_something_gone_opens_the_shop(counter: Counter) -> None:
    await counter.say(ADA, "/start r_nowhere")
    assert counter.screen(ADA).text.startswith("This is no longer on offer.\n\nLac")


@pytest.mark.fault(43)
async def test_another_customers_order_cannot_be_touched(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    (order,) = await counter.orders()
    await counter.say(BLAISE, "/start")
    for action in "kit":
        await counter.forge(BLAISE, f"1:{action}:{order}")
    assert counter.alerts(BLAISE) == ["Ce n’est plus proposé."] * 3
    await counter.work()
    assert counter.screen(ADA).text.startswith("Held for you until")


@pytest.mark.fault(43)
async def test_another_customers_booking_cannot_be_read(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    await counter.say(BLAISE, "/start")
    await counter.forge(BLAISE, "1:v:1")
    assert counter.screen(BLAISE).text.startswith("Ce n’est plus proposé.")


async def test_a_paid_order_is_not_cancelled_by_an_old_button(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    (order,) = await counter.orders()
    await counter.forge(ADA, f"1:k:{order}")
    assert counter.alerts(ADA) == ["This order is paid already. For anything about it: /paysupport"]


async def test_a_tap_made_before_a_pause_holds_nothing(counter: Counter) -> None:
    await to_the_summary(counter, ADA)
    counter.telegram.press(ADA, counter.screen(ADA).id, text="Hold and pay")
    await counter.world.advance(hours=1)
    await counter.turn()
    assert await counter.orders() == []
    assert "Total €39.00" in counter.screen(ADA).text


async def test_i_have_paid_says_what_stripe_knows(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    await counter.press(ADA, "I have paid")
    counter.world.drop_webhooks()
    await counter.world.pay((await counter.orders())[0])
    await counter.press(ADA, "I have paid")
    not_yet, paid = counter.alerts(ADA)
    assert not_yet.startswith("Stripe has not received it yet.")
    assert paid == "It is paid. Your ticket is in this chat."
    await counter.work()
    assert counter.screen(ADA).text.startswith("You are booked")


async def test_a_database_that_is_busy_is_told_kindly(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(*_: object, **__: object) -> OrderId:
        raise DatabaseBusy

    await to_the_summary(counter, ADA)
    monkeypatch.setattr(counter.world.ordering, "place", busy)
    await counter.press(ADA, "Hold and pay")
    assert counter.screen(ADA).text.startswith("This did not work just now")


async def test_whoever_writes_to_a_busy_shop_hears_of_it(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(*_: object) -> Customer:
        raise DatabaseBusy

    await to_the_link(counter, BLAISE)
    monkeypatch.setattr(counter.desk.customers, "meet", busy)
    await counter.press(BLAISE, "Annuler")
    await counter.say(BLAISE, "/start")
    assert counter.alerts(BLAISE)[0] == counter.screen(BLAISE).text
    assert counter.screen(BLAISE).text.startswith("Cela n’a pas fonctionné")


@pytest.mark.parametrize(
    ("failure", "said"), [(DatabaseBusy(), "Stripe cannot be reached"), (RuntimeError("planted"), "This did not work")]
)
async def test_i_have_paid_always_gets_an_answer(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, failure: Exception, said: str
) -> None:
    async def broken(_order: OrderId) -> State:
        raise failure

    await to_the_link(counter, ADA)
    monkeypatch.setattr(counter.world.checkout, "look_now", broken)
    with suppress(RuntimeError):
        await counter.press(ADA, "I have paid")
    assert counter.alerts(ADA)[0].startswith(said)


async def test_a_mistake_of_ours_is_told_kindly(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> OrderId:
        raise RuntimeError("planted")

    await to_the_link(counter, ADA)
    monkeypatch.setattr(counter.world.ordering, "cancel", broken)
    await counter.press(ADA, "Cancel")
    assert counter.alerts(ADA)[0].startswith("This did not work just now")


@pytest.mark.fault(42)
async def test_only_what_is_written_here_and_now_is_answered(counter: Counter) -> None:
    await counter.say(ADA, "/start")
    before = counter.calls("sendPhoto", "sendMessage")
    counter.telegram.forward(ADA, "/help")
    counter.telegram.say(ADA, "/help", via_bot="other_bot")
    counter.telegram.add_group(-77, "Somewhere")
    counter.telegram.say(ADA, "/help", chat_id=-77)
    await counter.turn()
    assert counter.calls("sendPhoto", "sendMessage") == before


@pytest.mark.fault(44)
async def test_hostile_names_do_no_harm(counter: Counter) -> None:
    name = "<b>\u202e" + "😀" * 2500
    await counter.world.database.run(
        lambda c: c.execute(update(schema.resource).values(name={"en": name}, description={"en": name * 2}))
    )
    await counter.say(ADA, "/start r_sunrise")
    assert "<b>" in counter.screen(ADA).text
    await counter.press(ADA, "Choose a date")
    await counter.press(ADA, "24")
    await counter.press(ADA, "07:00")
    await counter.press(ADA, "Continue")
    assert "Hold and pay" in counter.labels(counter.screen(ADA))
