"""The waiting list in the chat: joined from a full time, left by one tap, and an offer that can be paid or declined."""

import pytest
from sqlalchemy import update

from bot.domain.ids import OrderId
from bot.domain.orders import State
from handlers.callbacks import Action, pack, packed_counts
from storage import schema
from tests.builders import FareSeed, add_customer, add_event, add_slot, at
from tests.handlers.counter import ADA, BLAISE, Counter
from tests.services.asking import SIZE, SWIMS, ask

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FULL_DAY = "/start r_sunrise_20261125"


async def sold_out(counter: Counter) -> OrderId:
    """Ada has the last two seats of the day."""
    return await counter.world.paid(counter.world.shop.slots[1])


async def joined(counter: Counter, user: int = BLAISE) -> None:
    await counter.say(user, FULL_DAY)
    await counter.press(user, "07:00 · ")
    await counter.press(user, "Rejoindre" if user == BLAISE else "Join")


async def offered(counter: Counter) -> OrderId:
    """The seats come free, and Blaise holds them."""
    order = await sold_out(counter)
    await joined(counter)
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Wed 25 Nov, 07:00")
    await counter.press(ADA, "Cancel this booking")
    await counter.press(ADA, "Cancel and refund")
    await counter.work()
    latest = (await counter.orders())[-1]
    assert latest != order
    return latest


async def everything_is_taken(counter: Counter) -> None:
    """Blaise holds one of the two seats; the other one is sold as well."""
    claire = await add_customer(counter.world.database, 1003)
    await counter.world.place(counter.world.shop.slots[1], claire, adult=1)


async def test_a_full_time_leads_to_its_waiting_list(counter: Counter) -> None:
    await sold_out(counter)
    await counter.say(ADA, FULL_DAY)
    await counter.press(ADA, "07:00 · full, waiting list")
    screen = counter.screen(ADA)
    assert "This time is fully booked." in screen.text
    assert "whoever waits first has 2 h to pay for them" in screen.text
    await counter.press(ADA, "+")
    await counter.press(ADA, "Join the waiting list")
    screen = counter.screen(ADA)
    assert screen.text.startswith("You are on the waiting list\nSunrise\nWed 25 Nov, 07:00\n2\N{NO-BREAK SPACE}adults")
    assert "You are first in line." in screen.text
    assert counter.labels(screen) == ["Leave the waiting list", "Back"]


async def test_bookings_show_what_one_waits_for_and_one_tap_ends_it(counter: Counter) -> None:
    await sold_out(counter)
    await joined(counter, ADA)
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Waiting list · Wed 25 Nov, 07:00 · Sunrise")
    await counter.press(ADA, "Leave the waiting list")
    assert counter.screen(ADA).text.startswith("You are no longer on the waiting list.")
    await counter.say(ADA, "/bookings")
    assert not any(label.startswith("Waiting") for label in counter.labels(counter.screen(ADA)))


async def test_an_offer_comes_as_an_order_that_can_be_paid(counter: Counter) -> None:
    order = await offered(counter)
    message = counter.screen(BLAISE)
    assert message.text.startswith(
        "Des places se libèrent : à vous jusqu’au lun. 23 nov., 12:00".replace(" :", "\xa0:")
    )
    assert "Vous attendiez ces places." in message.text
    labels = counter.labels(message)
    assert labels[0].startswith("Payer")
    assert labels[-1] == "Non merci"
    await counter.pay()
    assert (await counter.world.case(order)).order.state is State.PAID


async def test_no_thank_you_passes_it_on(counter: Counter) -> None:
    order = await offered(counter)
    await everything_is_taken(counter)
    await joined(counter, ADA)
    await counter.press(BLAISE, "Non merci")
    await counter.work()
    assert (await counter.world.case(order)).order.state is State.CANCELLED
    assert counter.screen(ADA).text.startswith("Places came free: yours until Mon 23 Nov, 12:00")


async def test_there_is_room_again_when_somebody_joins(counter: Counter) -> None:
    await sold_out(counter)
    await counter.say(BLAISE, FULL_DAY)
    await counter.press(BLAISE, "07:00 · ")
    more = schema.inventory.c.id == counter.world.shop.slots[1]
    await counter.world.database.run(lambda c: c.execute(update(schema.inventory).where(more).values(capacity=14)))
    await counter.press(BLAISE, "Rejoindre")
    assert counter.screen(BLAISE).text.startswith("Il y a de nouveau de la place")
    assert any(label.startswith("Continuer") for label in counter.labels(counter.screen(BLAISE)))


async def test_a_list_that_ends_is_told_with_a_way_on(counter: Counter) -> None:
    await sold_out(counter)
    await joined(counter, ADA)
    this = schema.inventory.c.id == counter.world.shop.slots[1]
    await counter.world.database.run(lambda c: c.execute(update(schema.inventory).where(this).values(closed=True)))
    await counter.world.waiting.catch_up()
    await counter.work()
    message = counter.screen(ADA)
    assert message.text.startswith("Your waiting list has ended\nSunrise\nWed 25 Nov 2026, 07:00")
    assert "no longer on offer" in message.text
    assert counter.labels(message) == ["See what is on offer"]


async def test_who_waited_in_vain_hears_it_when_sales_end(counter: Counter) -> None:
    await sold_out(counter)
    await joined(counter)
    await counter.world.advance(days=1, hours=21, minutes=5)
    await counter.work()
    assert counter.screen(BLAISE).text.startswith("Votre liste d’attente est close\nSunrise (fr)")


@pytest.mark.parametrize("data", ["1:C", "1:C:x:1", "1:C:g", "1:C:g:zz:1.1", "1:C:j:1:9.9.9", "1:C:j:!"])
async def test_a_forged_button_changes_nothing(counter: Counter, data: str) -> None:
    await counter.say(ADA, "/start")
    await counter.forge(ADA, data)
    assert not await counter.world.rows(schema.waiting)


async def test_old_buttons_of_a_party_nobody_can_be_become_one_that_can(counter: Counter) -> None:
    await sold_out(counter)
    await counter.say(ADA, FULL_DAY)
    adult = counter.world.shop.event.fares["adult"]
    slot = counter.world.shop.slots[1]
    await counter.forge(ADA, pack(Action.WAIT, "g", slot, f"{adult}.99"))
    assert counter.labels(counter.screen(ADA))[1].startswith("1")
    await counter.forge(ADA, pack(Action.WAIT, "j", slot, f"{adult}.99"))
    assert not await counter.world.rows(schema.waiting)


@pytest.mark.parametrize("fares", [12, 13])
async def test_who_chooses_more_prices_than_buttons_can_carry_is_told_so_instead_of_asked(
    counter: Counter, fares: int
) -> None:
    """Twelve fit; thirteen could still join the list, but their buttons have no room for an answer."""
    database = counter.world.database
    prices = [FareSeed(f"fare{number}", 1000 + number) for number in range(fares)]
    event = await add_event(database, counter.world.shop.category_id, "feast", prices, capacity=20, max_per_order=20)
    slot = await add_slot(database, event.id, at(2), capacity=20, taken=20)
    await counter.world.remember_unclaimed()
    await ask(database, event.id, SIZE)
    await counter.say(ADA, "/start")
    party = packed_counts(dict.fromkeys(event.fares.values(), 1))
    await counter.forge(ADA, pack(Action.WAIT, "g", slot, party))
    assert "This time is fully booked." in counter.screen(ADA).text
    await counter.press(ADA, f"Answer {fares} questions")
    if fares > 12:
        assert counter.alerts(ADA)[-1].startswith("So many different prices do not fit")
        return
    for _ in range(fares):
        await counter.press(ADA, "Small")
    await counter.press(ADA, "Join the waiting list")
    assert counter.screen(ADA).text.startswith("You are on the waiting list")


async def test_who_waits_is_asked_before_joining(counter: Counter) -> None:
    await sold_out(counter)
    await ask(counter.world.database, counter.world.shop.event.id, SWIMS)
    await counter.say(ADA, FULL_DAY)
    await counter.press(ADA, "07:00 · full, waiting list")
    assert counter.labels(counter.screen(ADA))[-2:] == ["Answer 1 question", "Back"]
    await counter.press(ADA, "Answer 1 question")
    await counter.press(ADA, "Back")
    assert "This time is fully booked." in counter.screen(ADA).text
    await counter.press(ADA, "Answer 1 question")
    await counter.press(ADA, "Yes")
    await counter.press(ADA, "Join the waiting list")
    assert counter.screen(ADA).text.startswith("You are on the waiting list")
