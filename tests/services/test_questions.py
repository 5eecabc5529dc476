"""What guests answer is checked, kept until they order, goes with the order, and is erased."""

from datetime import timedelta

import pytest

from bot.domain.errors import AnswersMissing, BadAnswer, OutOfDate, TooMany
from bot.domain.ids import OrderId, TelegramId
from bot.domain.keeping import ANSWERS, PUT_ASIDE
from bot.domain.questions import AWAITED_FOR
from bot.domain.selection import Selection
from bot.services.bookings import Bookings
from bot.services.customers import Customers
from bot.services.privacy import Privacy
from bot.services.retention import Retention
from storage import schema
from tests.builders import add_customer
from tests.services.asking import DIET, NAME, SIZE, ask
from tests.world import World


def selection(world: World, count: int = 2) -> Selection:
    return Selection(world.shop.slots[0], {world.shop.event.fares["adult"]: count})


async def answer(world: World, *said: tuple[str, int, str]) -> None:
    for slug, guest, written in said:
        await world.questions.answer(world.shop.customer_id, selection(world), (slug, guest), written)


async def drafts(world: World) -> list[tuple[object, ...]]:
    rows = [row._mapping for row in await world.rows(schema.draft_answer)]
    return sorted((row["question"], row["guest"], row["value"]) for row in rows)


async def answers(world: World) -> list[tuple[object, ...]]:
    return [(row._mapping["guest"], row._mapping["value"]) for row in await world.rows(schema.answer)]


async def answered_order(world: World) -> OrderId:
    await ask(world.database, world.shop.event.id, NAME, DIET)
    await answer(world, ("diet", 0, "no nuts"), ("name", 1, "Ada"), ("name", 2, "Blaise"))
    return await world.place()


async def test_nothing_is_held_before_what_the_shop_must_know_is_answered(world: World) -> None:
    await ask(world.database, world.shop.event.id, NAME, DIET)
    await answer(world, ("name", 1, "Ada"), ("diet", 0, ""))
    with pytest.raises(AnswersMissing):
        await world.place()
    await answer(world, ("name", 2, "Blaise"))
    await world.place()


async def test_answers_go_with_the_order_and_are_drafts_no_more(world: World) -> None:
    await answered_order(world)
    assert await answers(world) == [(0, "no nuts"), (1, "Ada"), (2, "Blaise")]
    assert await drafts(world) == []


async def test_an_answer_can_be_changed_until_then(world: World) -> None:
    await ask(world.database, world.shop.event.id, DIET)
    await answer(world, ("diet", 0, "no nuts"), ("diet", 0, "anything"), ("diet", 0, "anything"))
    assert await drafts(world) == [("diet", 0, "anything")]


async def test_a_bad_answer_changes_nothing(world: World) -> None:
    await ask(world.database, world.shop.event.id, NAME, SIZE)
    await answer(world, ("size", 1, "s"))
    for slug, written in (("size", "xxl"), ("size", ""), ("name", "42"), ("name", "x" * 500)):
        with pytest.raises(BadAnswer):
            await answer(world, (slug, 1, written))
    with pytest.raises(OutOfDate):
        await answer(world, ("size", 3, "s"))
    with pytest.raises(OutOfDate):
        await answer(world, ("shoe", 1, "s"))
    assert await drafts(world) == [("size", 1, "s")]


async def test_what_cannot_be_had_is_not_asked_about(world: World) -> None:
    await ask(world.database, world.shop.event.id, NAME)
    with pytest.raises(TooMany):
        await world.questions.about(world.shop.customer_id, selection(world, 10**6))


async def test_answers_are_everybodys_own(world: World) -> None:
    await ask(world.database, world.shop.event.id, DIET)
    await answer(world, ("diet", 0, "no nuts"))
    other = await add_customer(world.database, telegram_id=1002)
    assert (await world.questions.about(other, selection(world))).said() == ()


async def test_the_awaited_question_is_remembered_and_left(world: World) -> None:
    customers = Customers(world.database, world.clock, ["en"])
    await world.questions.expect(world.shop.customer_id, selection(world), ("name", 2))
    asked = (await customers.by_id(world.shop.customer_id)).asked
    assert asked is not None
    assert (asked.key, asked.inventory_id, dict(asked.counts)) == (
        ("name", 2),
        world.shop.slots[0],
        dict(selection(world).counts),
    )
    assert abs(asked.until - world.clock.now() - AWAITED_FOR) < timedelta(seconds=1)
    await world.questions.leave(world.shop.customer_id)
    assert (await customers.by_id(world.shop.customer_id)).asked is None


async def test_the_customer_sees_them_with_the_booking(world: World) -> None:
    order = await answered_order(world)
    await world.work()
    await world.pay(order)
    await world.hear()
    (booking,) = (await world.case(order)).bookings
    assert booking.id is not None
    shown = await Bookings(world.database, world.clock).show(world.shop.customer_id, booking.id)
    assert [each.value for each in shown.ordered.answers] == ["no nuts", "Ada", "Blaise"]


async def test_in_a_basket_open_questions_are_marked(world: World) -> None:
    await ask(world.database, world.shop.event.id, NAME)
    await world.baskets.add(world.shop.customer_id, selection(world, 1))
    view = await world.baskets.show(world.shop.customer_id)
    assert view.first_unanswered is not None
    with pytest.raises(AnswersMissing):
        await world.ordering.place_basket(
            world.shop.customer_id, nonce="n", confirmed_total=3900, seen=view.digest, language="en"
        )
    await answer(world, ("name", 1, "Ada"))
    view = await world.baskets.show(world.shop.customer_id)
    assert view.first_unanswered is None
    await world.ordering.place_basket(
        world.shop.customer_id, nonce="n", confirmed_total=3900, seen=view.digest, language="en"
    )
    assert await answers(world) == [(1, "Ada")]


async def test_an_order_that_is_put_back_brings_its_answers(world: World) -> None:
    order = await answered_order(world)
    await world.ordering.cancel(world.shop.customer_id, order)
    await world.baskets.fill_again(world.shop.customer_id, order)
    assert await drafts(world) == [("diet", 0, "no nuts"), ("name", 1, "Ada"), ("name", 2, "Blaise")]


async def test_a_copy_of_ones_data_has_answers_and_basket(world: World) -> None:
    await answered_order(world)
    await answer(world, ("diet", 0, "no eggs"))
    await world.baskets.add(world.shop.customer_id, selection(world))
    copied = (await Privacy(world.database, world.clock, ()).copy(world.shop.customer_id, TelegramId(1001))).decode()
    for words in ("no nuts", "no eggs", "Blaise", "basket"):
        assert words in copied


async def test_who_is_forgotten_leaves_no_answer_and_no_basket(world: World) -> None:
    order = await answered_order(world)
    await answer(world, ("diet", 0, "no eggs"))
    await world.baskets.add(world.shop.customer_id, selection(world))
    await world.questions.expect(world.shop.customer_id, selection(world), ("name", 2))
    await world.work()
    await world.ordering.cancel(world.shop.customer_id, order)
    await world.hear()
    assert await Privacy(world.database, world.clock, ()).forget(world.shop.customer_id) == ()
    assert [await world.rows(table) for table in (schema.answer, schema.draft_answer, schema.basket_entry)] == [
        [],
        [],
        [],
    ]


async def test_what_was_put_aside_and_answered_goes_by_itself(world: World) -> None:
    order = await answered_order(world)
    await answer(world, ("diet", 0, "no eggs"))
    await world.baskets.add(world.shop.customer_id, selection(world))
    await world.work()
    await world.pay(order)
    await world.hear()
    retention = Retention(world.database, world.clock, 10, ())
    await world.advance(days=PUT_ASIDE.days - 1)
    await retention.erase_old()
    assert (len(await drafts(world)), len(await answers(world))) == (1, 3)
    assert await world.baskets.count(world.shop.customer_id) == 1
    await world.advance(days=2)
    await retention.erase_old()
    assert (await drafts(world), len(await answers(world))) == ([], 3)
    assert await world.baskets.count(world.shop.customer_id) == 0
    await world.advance(days=ANSWERS.days)
    await retention.erase_old()
    assert await answers(world) == []
