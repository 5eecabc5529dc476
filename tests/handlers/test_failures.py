"""Every refusal has words of its own, short enough for an alert."""

import pytest
from sqlalchemy import delete, update

from bot.domain.errors import (
    AlreadyHeld,
    DatabaseBusy,
    Gone,
    GuichetError,
    NotCancellable,
    NothingChosen,
    OutOfDate,
    PriceChanged,
    SoldOut,
    StillReleasing,
    TooLate,
    TooMany,
    TooManyOpenOrders,
)
from bot.domain.ids import OrderId
from bot.domain.orders import State
from handlers import markup
from handlers.failures import trouble, words
from handlers.texts import Texts
from storage import schema
from tests.clock import NOW
from tests.handlers.counter import ADA, BLAISE, Counter
from tests.handlers.walks import to_the_guests, to_the_summary

REFUSALS = [
    Gone(),
    OutOfDate(),
    SoldOut(0),
    SoldOut(2),
    PriceChanged(1, 2),
    NothingChosen(),
    TooMany(4),
    TooManyOpenOrders(1),
    TooManyOpenOrders(3),
    StillReleasing(OrderId(1)),
    AlreadyHeld(OrderId(1)),
    TooLate(NOW),
    *map(NotCancellable, (State.PAID, State.PROCESSING, State.CLOSING, State.EXPIRED)),
]


def test_every_refusal_has_words_of_its_own(texts: Texts) -> None:
    said = [words(refusal, texts) for refusal in REFUSALS]
    assert len(set(said)) == len(said)
    assert trouble(texts) not in said
    assert max(map(markup.units, said)) <= markup.ALERT


@pytest.mark.parametrize("error", [DatabaseBusy(), GuichetError()])
def test_whatever_else_happens_is_trouble(texts: Texts, error: GuichetError) -> None:
    assert words(error, texts) == trouble(texts)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_shop_without_a_catalogue_says_so(counter: Counter) -> None:
    await counter.world.database.run(lambda c: c.execute(delete(schema.shop)))
    await counter.say(BLAISE, "/start")
    assert counter.screen(BLAISE).text == "Bienvenue\nRien n’est proposé pour le moment."


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_time_that_has_closed_meanwhile_is_told(counter: Counter) -> None:
    await to_the_summary(counter, ADA)
    await counter.world.advance(days=1)
    await counter.press(ADA, "Hold and pay")
    assert counter.screen(ADA).text.startswith("Booking for this time has closed.")
    await counter.press(ADA, "Back")
    assert len(counter.messages(ADA)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_time_that_was_closed_by_staff_is_gone(counter: Counter) -> None:
    await to_the_guests(counter, ADA)
    await counter.world.database.run(lambda c: c.execute(update(schema.inventory).values(closed=True)))
    await counter.press(ADA, "−")
    assert counter.screen(ADA).text.startswith("This is no longer on offer.")


@pytest.mark.fault(32)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("counts", ["1.1-2.9", "1.7pr", ""])
async def test_absurd_parties_are_refused_kindly(counter: Counter, counts: str) -> None:
    await to_the_summary(counter, ADA)
    slot = counter.world.shop.slots[0]
    for data in (f"1:s:{slot}:{counts}", f"1:u:{slot}:{counts}", f"1:p:{slot}:{counts}:0:abcdefgh"):
        await counter.forge(ADA, data)
    assert await counter.orders() == []
