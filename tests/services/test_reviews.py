"""A guest's mark is theirs to give and to change, a sentence goes with it, and staff hear of what went wrong."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from functools import partial

import pytest
import pytest_asyncio
from sqlalchemy import insert

from bot.domain.errors import Gone, TooLong
from bot.domain.ids import BookingId, CustomerId, TelegramId
from bot.domain.keeping import COMMENT_MONTHS, months_before
from bot.domain.reviews import COMMENT_WITHIN, LONGEST_COMMENT
from bot.services.browsing import Browsing
from bot.services.customers import Customers
from bot.services.privacy import Privacy
from bot.services.retention import Retention
from storage import schema
from storage.database import Connection
from tests.builders import add_customer, add_paid_order, at
from tests.stored import tables_with
from tests.world import STAFF_CHAT, World

ADA = TelegramId(1001)
OVER = at(1, 10)
COLD = "It was cold, and the guide was late."


@pytest_asyncio.fixture
async def booking(world: World) -> AsyncIterator[BookingId]:
    """Ada's, and it is over."""
    await Customers(world.database, world.clock, ["en"]).meet(ADA, "Ada", "en")
    await world.paid(adult=1)
    world.clock.move_to(OVER)
    (row,) = await world.rows(schema.booking)
    yield BookingId(int(str(row._mapping["id"])))


@pytest.fixture
def ada(world: World) -> CustomerId:
    return world.shop.customer_id


async def said(world: World) -> list[tuple[object, object]]:
    return [(row._mapping["stars"], row._mapping["comment"]) for row in await world.rows(schema.review)]


async def marked(row: Mapping[str, object], connection: Connection) -> None:
    await connection.execute(insert(schema.review).values(dict(row)))


async def announced(world: World) -> list[object]:
    rows = [row._mapping for row in await world.rows(schema.outbox)]
    assert {row["chat_id"] for row in rows if row["kind"] in {"low_mark", "comment"}} <= {STAFF_CHAT}
    return [row["kind"] for row in rows if row["kind"] in {"low_mark", "comment"}]


async def test_a_mark_can_be_changed_and_stays_one(world: World, ada: CustomerId, booking: BookingId) -> None:
    assert await world.reviews.rate(ada, booking, 5)
    assert not await world.reviews.rate(ada, booking, 5)
    assert await world.reviews.rate(ada, booking, 3)
    assert await said(world) == [(3, None)]


@pytest.mark.fault(43)
async def test_only_the_guest_can_mark_a_visit_and_only_when_it_is_over(
    world: World, ada: CustomerId, booking: BookingId
) -> None:
    stranger = await add_customer(world.database, telegram_id=7)
    for customer, which in ((stranger, booking), (ada, BookingId(99))):
        with pytest.raises(Gone):
            await world.reviews.rate(customer, which, 5)
        with pytest.raises(Gone):
            await world.reviews.no_comment(customer, which)
    world.clock.move_to(at(1, 8))
    with pytest.raises(Gone):
        await world.reviews.rate(ada, booking, 5)
    assert await said(world) == []


async def test_a_sentence_goes_with_the_mark_before_it(world: World, ada: CustomerId, booking: BookingId) -> None:
    assert not await world.reviews.comment(ada, COLD)
    await world.reviews.rate(ada, booking, 4)
    assert await world.reviews.comment(ada, f"  {COLD}\0 ")
    assert not await world.reviews.comment(ada, "tours")
    assert await said(world) == [(4, COLD)]


async def test_nothing_is_taken_for_a_sentence_after_skip_or_a_day(
    world: World, ada: CustomerId, booking: BookingId
) -> None:
    await world.reviews.rate(ada, booking, 4)
    await world.reviews.no_comment(ada, booking)
    assert not await world.reviews.comment(ada, COLD)
    await world.reviews.rate(ada, booking, 5)
    world.clock.advance(COMMENT_WITHIN)
    assert not await world.reviews.comment(ada, COLD)
    assert await said(world) == [(5, None)]


async def test_a_sentence_is_awaited_about_one_visit_at_a_time(
    world: World, ada: CustomerId, booking: BookingId
) -> None:
    event, slot = world.shop.event, world.shop.slots[0]
    other = await add_paid_order(world.database, ada, event.id, slot, {event.fares["adult"]: 1}, "OTHER")
    await world.reviews.rate(ada, booking, 4)
    await world.reviews.rate(ada, other.booking_id, 2)
    assert await world.reviews.comment(ada, COLD)
    assert not await world.reviews.comment(ada, "tours")
    await world.reviews.rate(ada, booking, 5)
    await world.reviews.no_comment(ada, booking)
    assert not await world.reviews.comment(ada, "tours")
    assert sorted(await said(world), key=str) == [(2, COLD), (5, None)]


@pytest.mark.fault(44)
async def test_an_odd_sentence_is_kept_clean(world: World, ada: CustomerId, booking: BookingId) -> None:
    await world.reviews.rate(ada, booking, 4)
    assert not await world.reviews.comment(ada, " \0\ud800 ")
    assert await world.reviews.comment(ada, "😀\ud800" * LONGEST_COMMENT)
    assert await said(world) == [(4, "😀" * LONGEST_COMMENT)]


async def test_of_a_sentence_that_is_too_long_nothing_is_kept_and_another_one_is_awaited(
    world: World, ada: CustomerId, booking: BookingId
) -> None:
    await world.reviews.rate(ada, booking, 4)
    with pytest.raises(TooLong) as refused:
        await world.reviews.comment(ada, "x" * (LONGEST_COMMENT + 1))
    assert (refused.value.most, refused.value.written) == (LONGEST_COMMENT, LONGEST_COMMENT + 1)
    assert await said(world) == [(4, None)]
    assert await announced(world) == []
    assert await world.reviews.comment(ada, COLD)


@pytest.mark.parametrize(("stars", "kind"), [(1, "low_mark"), (2, "low_mark"), (3, "comment"), (5, "comment")])
async def test_staff_hear_once_of_every_sentence(
    world: World, ada: CustomerId, booking: BookingId, stars: int, kind: str
) -> None:
    await world.reviews.rate(ada, booking, stars)
    assert await announced(world) == []
    await world.reviews.comment(ada, COLD)
    assert await announced(world) == [kind]
    assert (await world.reviews.for_staff(booking, kind)).review.comment == COLD
    await world.reviews.rate(ada, booking, {1: 2, 2: 1, 3: 4, 5: 3}[stars])
    await world.reviews.rate(ada, booking, stars)
    assert await announced(world) == [kind]
    assert await world.concerns() == []


async def test_staff_hear_of_another_sentence_about_the_same_visit(
    world: World, ada: CustomerId, booking: BookingId
) -> None:
    await world.reviews.rate(ada, booking, 2)
    await world.reviews.comment(ada, COLD)
    await world.reviews.rate(ada, booking, 1)
    await world.reviews.comment(ada, "And wet.")
    assert await announced(world) == ["low_mark", "low_mark"]


async def test_a_mark_that_was_raised_again_is_not_announced_as_low(
    world: World, ada: CustomerId, booking: BookingId
) -> None:
    await world.reviews.rate(ada, booking, 1)
    await world.reviews.comment(ada, COLD)
    await world.reviews.rate(ada, booking, 5)
    with pytest.raises(Gone):
        await world.reviews.for_staff(booking, "low_mark")
    assert (await world.reviews.for_staff(booking, "comment")).review.stars == 5


async def test_a_mark_that_is_lowered_below_an_old_sentence_is_announced(
    world: World, ada: CustomerId, booking: BookingId
) -> None:
    await world.reviews.rate(ada, booking, 5)
    await world.reviews.comment(ada, COLD)
    await world.reviews.rate(ada, booking, 1)
    assert await announced(world) == ["comment", "low_mark"]


async def test_a_card_shows_the_average_of_five_marks(world: World) -> None:
    browsing, event = Browsing(world.database, world.clock, "EUR"), world.shop.event
    for number in range(5):
        card = await browsing.card(event.id)
        assert card.rating is None
        paid = await add_paid_order(
            world.database,
            world.shop.customer_id,
            event.id,
            world.shop.slots[0],
            {event.fares["adult"]: 1},
            f"C{number}",
        )
        row = {"booking_id": paid.booking_id, "resource_id": event.id, "stars": 4 + number % 2, "at": OVER}
        await world.database.run(partial(marked, row))
    found = (await browsing.card(event.id)).rating, (await browsing.card_by_slug("sunrise")).rating
    assert [(str(rating.average), rating.guests) for rating in found if rating] == [("4.4", 5)] * 2
    assert (await browsing.card(world.shop.item.id)).rating is None


async def test_what_was_written_is_in_the_copy_and_is_forgotten(
    world: World, ada: CustomerId, booking: BookingId
) -> None:
    await world.reviews.rate(ada, booking, 2)
    await world.reviews.comment(ada, COLD)
    privacy = Privacy(world.database, world.clock, ())
    copy = json.loads(await privacy.copy(ada, ADA))
    (review,) = copy["orders"][0]["reviews"]
    assert (review["stars"], review["comment"]) == (2, COLD)
    assert set(review) == {"stars", "comment", "at", "code"}
    assert await privacy.forget(ada) == ()
    assert await said(world) == [(2, None)]
    assert await tables_with(world.database, "cold") == set()
    with pytest.raises(Gone):
        await world.reviews.for_staff(booking, "low_mark")


async def test_what_was_written_is_kept_for_so_many_months(world: World, ada: CustomerId, booking: BookingId) -> None:
    await world.reviews.rate(ada, booking, 4)
    await world.reviews.comment(ada, COLD)
    retention, begun = Retention(world.database, world.clock, 10, frozenset()), world.clock.now()
    world.clock.move_to(begun + timedelta(days=28 * COMMENT_MONTHS))
    await retention.erase_old()
    assert await said(world) == [(4, COLD)]
    while months_before(world.clock.now(), COMMENT_MONTHS) <= begun:
        world.clock.advance(timedelta(days=1))
    await retention.erase_old()
    assert await said(world) == [(4, None)]
