"""The basket in the chat: several things, one button that says what all costs, and a clear word on what is gone."""

import pytest
from sqlalchemy import update

from bot.domain.orders import State
from handlers.callbacks import Action, pack
from storage import schema
from storage.database import Connection
from tests.handlers.counter import ADA, BLAISE, Counter
from tests.handlers.walks import to_the_card, to_the_summary
from tests.rentals import add_rental
from tests.services.asking import NAME, ask

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def fill(counter: Counter) -> None:
    """One adult on the first day, one on the second, one lantern: 39 + 39 + 12."""
    await to_the_summary(counter, ADA)
    await counter.press(ADA, "Add to basket")
    await to_the_card(counter, ADA)
    await counter.press(ADA, "Choose a date")
    await counter.press(ADA, "25")
    await counter.press(ADA, "07:00")
    await counter.press(ADA, "Continue")
    await counter.press(ADA, "Add to basket")
    await counter.say(ADA, "/start r_lantern")
    await counter.press(ADA, "Choose how many")
    await counter.press(ADA, "Continue")
    await counter.press(ADA, "Add to basket")


def shown(counter: Counter, user: int = ADA) -> str:
    return plain(counter.screen(user).text)


def labels(counter: Counter, user: int = ADA) -> list[str]:
    return [plain(label) for label in counter.labels(counter.screen(user))]


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


async def slots(counter: Counter, **values: object) -> None:
    async def work(connection: Connection) -> None:
        of_event = schema.inventory.c.resource_id == counter.world.shop.event.id
        await connection.execute(update(schema.inventory).where(of_event).values(**values))

    await counter.world.database.run(work)
    await counter.world.remember_unclaimed()


async def paid(counter: Counter) -> None:
    await fill(counter)
    await counter.press(ADA, "Hold and pay €90.00")
    await counter.work()
    await counter.pay()


async def test_the_basket_shows_everything_with_its_price_and_the_total_in_the_button(counter: Counter) -> None:
    await fill(counter)
    said = shown(counter)
    assert said.startswith("It is in your basket")
    for words in ("Tue 24 Nov, 07:00 · Sunrise", "1 adult · €39.00", "Lantern", "1 piece · €12.00", "Total €90.00"):
        assert words in said
    assert labels(counter) == [
        "Hold and pay €90.00",
        "Remove: Tue 24 Nov, 07:00 · Sunrise",
        "Remove: Wed 25 Nov, 07:00 · Sunrise",
        "Remove: Lantern",
        "Empty",
        "Back",
    ]


async def test_the_basket_says_of_each_thing_what_its_summary_says_of_cancelling(counter: Counter) -> None:
    await add_rental(counter.world.database, counter.world.shop.category_id)
    for begin in (to_the_summary, to_a_stay, to_a_lantern):
        await begin(counter, ADA)
        told = shown(counter).splitlines()[-2:]
        await counter.press(ADA, "Add to basket")
        assert told[0] in shown(counter).splitlines()
        assert shown(counter).splitlines()[-1] == told[1] == "The shop’s terms: /terms"
    assert {line for line in shown(counter).splitlines() if "refund" in line or "back" in line} == {
        "50 % back until 2 h before",
        "Free cancellation until 24 h before, 50 % back until 2 h before",
        "No refund after paying",
    }


async def to_a_stay(counter: Counter, user: int, first: str = "26", last: str = "29") -> None:
    await counter.say(user, "/start r_room")
    for label in ("Choose your dates", first, last, "Continue"):
        await counter.press(user, label)


async def to_a_lantern(counter: Counter, user: int) -> None:
    await counter.say(user, "/start r_lantern")
    await counter.press(user, "Choose how many")
    await counter.press(user, "Continue")


async def test_home_has_a_basket_only_when_there_is_something_in_it(counter: Counter) -> None:
    await counter.say(ADA, "/start")
    assert not any(label.startswith("Basket") for label in labels(counter))
    await fill(counter)
    await counter.say(ADA, "/start")
    await counter.press(ADA, "Basket (3)")
    await counter.press(ADA, "Remove: Lantern")
    assert "Hold and pay €78.00" in labels(counter)
    await counter.press(ADA, "Empty")
    assert "Nothing is in it." in shown(counter)


async def test_all_is_paid_once_and_every_booking_has_its_ticket(counter: Counter) -> None:
    await paid(counter)
    texts = [message.text for message in counter.messages(ADA)]
    card = next(text for text in texts if text.startswith("Paid · your tickets are below"))
    for words in ("Sunrise", "Tue 24 Nov 2026", "Wed 25 Nov 2026", "Lantern", "Total €90.00"):
        assert words in card
    assert sum(text.startswith("You are booked") for text in texts) == 2
    assert sum(text.startswith("It is yours") for text in texts) == 1
    await counter.say(ADA, "/bookings")
    assert "3 bookings ahead." in shown(counter)


async def test_what_became_full_is_named_and_the_basket_stays(counter: Counter) -> None:
    await fill(counter)
    await slots(counter, capacity=12, taken=12)
    await counter.press(ADA, "Hold and pay €90.00")
    said = shown(counter)
    assert said.startswith(
        "Nothing was held, for this can no longer be had: Tue 24 Nov, 07:00 · Sunrise, Wed 25 Nov, 07:00 · Sunrise."
    )
    assert said.count("Nothing is left; someone was faster.") == 2
    assert "Please remove what can no longer be had like this; the rest can then be paid." in said
    assert not any(label.startswith("Hold") for label in labels(counter))
    await counter.press(ADA, "Remove: Tue")
    await counter.press(ADA, "Remove: Wed")
    await counter.press(ADA, "Hold and pay €12.00")
    assert shown(counter).startswith("Your order is below")


async def test_closed_dates_and_other_prices_are_marked(counter: Counter) -> None:
    await fill(counter)

    async def dearer(connection: Connection) -> None:
        piece = schema.fare.c.slug == "piece"
        await connection.execute(update(schema.fare).where(piece).values(unit_amount=1500))

    await counter.world.database.run(dearer)
    await slots(counter, closed=True)
    await counter.say(ADA, "/start")
    await counter.press(ADA, "Basket")
    said = shown(counter)
    assert said.count("This is no longer on offer.") == 2
    assert "1 piece · €15.00" in said
    assert "The price has changed: it was €12.00." in said
    assert "Total €15.00" in said


@pytest.mark.fault(31)
async def test_a_price_that_changed_since_is_confirmed_anew(counter: Counter) -> None:
    await fill(counter)

    async def dearer(connection: Connection) -> None:
        await connection.execute(update(schema.fare).values(unit_amount=schema.fare.c.unit_amount + 100))

    await counter.world.database.run(dearer)
    await counter.press(ADA, "Hold and pay €90.00")
    assert shown(counter).startswith("Your basket has changed, and nothing was held. Please look again.")
    await counter.press(ADA, "Hold and pay €93.00")
    assert len(await counter.orders()) == 1


@pytest.mark.fault(28)
async def test_ten_taps_hold_it_once(counter: Counter) -> None:
    await fill(counter)
    screen = counter.screen(ADA)
    pay = screen.keyboard[0][0].value
    for _ in range(10):
        await counter.forge(ADA, pay, screen.id)
    assert len(await counter.orders()) == 1
    assert shown(counter).startswith("Your order is below")


@pytest.mark.fault(29)
async def test_a_tap_from_before_a_pause_holds_nothing(counter: Counter) -> None:
    await fill(counter)
    counter.wire.refused["answerCallbackQuery"] = [(400, "Bad Request: query is too old and response timeout expired")]
    screen = counter.screen(ADA)
    counter.telegram.press(ADA, screen.id, text="Hold and pay €90.00")
    await counter.turn()
    assert await counter.orders() == []
    assert shown(counter).startswith("Your basket")


async def test_an_order_that_ended_goes_back_into_the_basket_on_a_message_of_its_own(counter: Counter) -> None:
    await fill(counter)
    await counter.press(ADA, "Hold and pay €90.00")
    await counter.work()
    await counter.press(ADA, "Cancel")
    await counter.work()
    card = counter.messages(ADA)[-1]
    assert card.text.startswith("Cancelled · nothing was charged")
    await counter.press(ADA, "Back into the basket")
    assert "Hold and pay €90.00" in labels(counter)
    assert counter.screen(ADA).id != card.id


async def test_open_questions_come_before_paying(counter: Counter) -> None:
    await fill(counter)
    await ask(counter.world.database, counter.world.shop.event.id, NAME)
    await counter.say(ADA, "/start")
    await counter.press(ADA, "Basket")
    assert "The shop has questions about this." in shown(counter)
    for name in ("Ada", "Augusta"):
        await counter.press(ADA, "Answer the questions")
        await counter.say(ADA, name)
        assert f"Your name? {name}" in shown(counter)
        await counter.press(ADA, "Add to basket")
    await counter.press(ADA, "Hold and pay €90.00")
    answers = await counter.world.rows(schema.answer)
    assert [row._mapping["value"] for row in answers] == ["Ada", "Augusta"]


async def test_one_booking_of_several_is_cancelled_and_its_own_refund_is_told(counter: Counter) -> None:
    await paid(counter)
    await counter.say(ADA, "/bookings")
    await counter.press(ADA, "Wed 25 Nov")
    await counter.press(ADA, "Cancel this booking")
    await counter.press(ADA, "Cancel and refund €39.00")
    await counter.work()
    await counter.world.deliver_webhooks()
    await counter.work()
    refunded = next(message.text for message in counter.messages(ADA) if message.text.startswith("Refunded, €39.00"))
    assert "Wed 25 Nov 2026" in refunded
    assert "Tue 24 Nov 2026" not in refunded
    assert "Lantern" not in refunded
    case = await counter.world.case((await counter.orders())[-1])
    assert (case.order.state, len(case.claims)) == (State.PAID, 2)


@pytest.mark.fault(43)
@pytest.mark.parametrize(
    "data",
    [
        pack(Action.BASKET, "r"),
        pack(Action.BASKET, "r", 4711),
        pack(Action.BASKET, "o", 1),
        pack(Action.BASKET, "o", 4711),
        pack(Action.BASKET, "?"),
        pack(Action.PLACE_BASKET),
        pack(Action.PLACE_BASKET, 9000, "abcdefgh"),
        pack(Action.PLACE_BASKET, 0, "abcdefgh", 0),
        pack(Action.ADD_TO_BASKET, 4711, "1.1"),
        pack(Action.ADD_TO_BASKET, 1, ""),
    ],
)
async def test_forged_buttons_change_nothing_of_anybody(counter: Counter, data: str) -> None:
    await paid(counter)
    await counter.say(BLAISE, "/start")
    await counter.forge(BLAISE, data)
    assert len(await counter.orders()) == 1
    assert await counter.world.rows(schema.basket_entry) == []


async def stay_aside(counter: Counter, first: str, last: str) -> None:
    await to_a_stay(counter, ADA, first, last)
    await counter.press(ADA, "Add to basket")


async def test_a_stay_is_put_beside_other_things_and_paid_with_them(counter: Counter) -> None:
    await add_rental(counter.world.database, counter.world.shop.category_id)
    await fill(counter)
    await stay_aside(counter, "26", "29")
    said = shown(counter)
    for words in ("Thu 26 Nov, 3 nights · Room", "1 room · €310.00", "Total €400.00"):
        assert words in said
    assert "Remove: Thu 26 Nov, 3 nights · Room" in labels(counter)
    await counter.press(ADA, "Hold and pay €400.00")
    await counter.work()
    assert "Thu 26 Nov 2026, 15:00 – Sun 29 Nov 2026, 11:00, 3 nights" in shown(counter)
    await counter.pay()
    (order,) = await counter.orders()
    case = await counter.world.case(order)
    assert (case.order.state, len(case.bookings)) == (State.PAID, 4)


async def test_what_another_stay_from_the_same_day_replaces_is_said_at_the_tap(counter: Counter) -> None:
    await add_rental(counter.world.database, counter.world.shop.category_id)
    for last in ("29", "28", "28"):
        await stay_aside(counter, "26", last)
    assert [plain(told) for told in counter.alerts(ADA) if told] == [
        "This replaces what was in your basket: Thu 26 Nov, 3 nights · Room, 1 room."
    ]
    assert shown(counter).startswith("It is in your basket")
    assert "Thu 26 Nov, 2 nights · Room" in shown(counter)


async def test_a_stay_over_days_of_another_one_is_refused_with_a_word_on_why(counter: Counter) -> None:
    await add_rental(counter.world.database, counter.world.shop.category_id)
    await stay_aside(counter, "26", "29")
    await stay_aside(counter, "27", "28")
    assert "Your basket has the same already for some of this time." in plain(counter.alerts(ADA)[-1])
    assert await counter.world.baskets.count(counter.world.shop.customer_id) == 1
