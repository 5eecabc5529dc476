"""Rules of `/attention` and of the announcements in the alerts chat."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, insert, select
from telegram import Bot

from bot.domain.attention import Opening
from bot.domain.effects import TO_STAFF, Concern, Notice
from bot.domain.errors import Gone
from bot.domain.ids import AttentionId, ChatId, OrderId
from bot.domain.money import Money
from bot.domain.orders import State
from bot.domain.outbox import NoLongerTrue, OutboxMessage
from bot.services.attention import AttentionList
from bot.services.bells import Bells
from bot.services.bookings import Bookings
from bot.services.reviews import Reviews
from bot.services.staff_news import StaffNews
from handlers.attention_screen import ADVICE, TITLES
from handlers.staff_notices import _STATES, StaffRenderers, render_order
from handlers.texts import Translations
from storage import attention, schema
from storage.database import Connection, Database
from tests.builders import PaidOrder, add_paid_order, small_shop
from tests.clock import NOW, FakeClock
from tests.handlers.staff.shop import MANAGER, OWNER, ZONE, StaffShop, buttons
from tests.handlers.staff.telegram import GROUP, RecordedTelegram, command, group, tap

AMOUNT = Money(9700, "EUR")


async def opened(database: Database, key: str, concern: Concern, order_id: OrderId | None = None) -> AttentionId:
    opening = Opening(key, concern, NOW - timedelta(hours=1), order_id, AMOUNT, {"detail": "fraudulent <b>"})
    item_id = await database.run(lambda connection: attention.open_item(connection, opening))
    assert item_id is not None
    return item_id


async def sold(database: Database) -> PaidOrder:
    shop = await small_shop(database)
    counts = {shop.event.fares["adult"]: 2, shop.event.fares["child"]: 1}
    return await add_paid_order(database, shop.customer_id, shop.event.id, shop.slots[0], counts)


def plain(parameters: dict[str, object]) -> list[str]:
    return str(parameters["text"]).replace("\N{NO-BREAK SPACE}", " ").splitlines()


def test_every_concern_and_every_state_has_its_words() -> None:
    assert set(TITLES) == set(ADVICE) == set(Concern)
    assert set(_STATES) == set(State)


async def test_an_item_says_what_happened_since_when_and_what_can_be_done(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot
) -> None:
    order = await sold(shop.database)
    await opened(shop.database, "dispute:dp_1A", Concern.DISPUTE, order.order_id)
    await shop.feed(command(bot, MANAGER, "/attention"))
    (sent,) = telegram.made("sendMessage")
    assert plain(sent) == [
        "<b>A customer disputes a payment</b>",
        "Answer in Stripe before its deadline.",
        "",
        "Since Mon 23 Nov 2026, 09:00",
        "Amount €97.00",
        "Ada, order K7Q4-MZ",
        "In Stripe: dp_1A",
        "Note: fraudulent &lt;b&gt;",
    ]
    assert list(buttons(sent)) == ["Done", "Show the order"]
    await shop.feed(tap(bot, MANAGER, buttons(sent)["Show the order"]))
    assert plain(telegram.made("sendMessage")[1]) == [
        "<b>Paid</b>",
        "Sunrise",
        "Tue 24 Nov 2026, 07:00",
        "2 adults, 1 child",
        "Ada, order K7Q4-MZ",
        "Total €97.00",
    ]


async def test_staff_leaf_through_the_list_and_close_an_item(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot
) -> None:
    first = await opened(shop.database, "event:evt_1", Concern.BAD_EVENT)
    await opened(shop.database, "mismatch:cs_2", Concern.AMOUNT_MISMATCH)
    await shop.feed(command(bot, OWNER, "/attention"))
    (sent,) = telegram.made("sendMessage")
    assert list(buttons(sent)) == ["Done", "1/2", "›"]
    await shop.feed(tap(bot, OWNER, buttons(sent)["›"]))
    assert list(buttons(telegram.made("editMessageText")[0])) == ["Done", "‹", "2/2"]
    await shop.feed(tap(bot, OWNER, buttons(sent)["Done"]))
    closed = telegram.made("editMessageText")[1]
    assert plain(closed)[0] == "<b>Done since Mon 23 Nov 2026, 10:00</b>"
    assert await shop.audit() == [(OWNER, "attention.closed", {"attention": first})]
    await shop.feed(tap(bot, OWNER, buttons(closed)["Show what is open"]))
    assert list(buttons(telegram.made("editMessageText")[2])) == ["Done"]


async def test_an_empty_list_says_so(shop: StaffShop, telegram: RecordedTelegram, bot: Bot) -> None:
    await shop.feed(command(bot, OWNER, "/attention"))
    assert "Nothing needs a look" in str(telegram.made("sendMessage")[0]["text"])


@pytest.fixture
def renderers(database: Database, clock: FakeClock) -> StaffRenderers:
    news, texts = StaffNews(database, Bookings(database, clock)), Translations(("en", "fr")).for_("en")
    reviews = Reviews(database, clock, [], Bells())
    return StaffRenderers(news, AttentionList(database, clock), reviews, texts, ZONE)


def due(kind: str, **data: object) -> OutboxMessage:
    return OutboxMessage(1, ChatId(GROUP), kind, data, 0, NOW)


def test_what_is_for_staff_has_a_text_for_them_and_goes_to_no_customer(renderers: StaffRenderers) -> None:
    for_staff = {notice for notice in Notice if notice in renderers.by_kind}
    assert for_staff == {notice for notice in Notice if notice.startswith("staff_")} == TO_STAFF


async def test_a_sale_and_a_refund_are_announced_with_who_and_what(
    database: Database, renderers: StaffRenderers
) -> None:
    order = await sold(database)
    sale = await renderers.by_kind["staff_sale"](due("staff_sale", order_id=order.order_id))
    assert sale.html.replace("\N{NO-BREAK SPACE}", " ").splitlines() == [
        "<b>Sold, €97.00</b>",
        "Sunrise",
        "Tue 24 Nov 2026, 07:00",
        "2 adults, 1 child",
        "Ada, order K7Q4-MZ",
    ]
    data = {"order_id": order.order_id, "amount": 1000, "currency": "EUR"}
    refund = await renderers.by_kind["staff_refund"](due("staff_refund", **data))
    assert refund.html.startswith("<b>Refunded, €10.00</b>")


@pytest.mark.fault(44)
async def test_a_low_mark_is_announced_with_the_guests_words_until_it_is_taken_back(
    database: Database, renderers: StaffRenderers
) -> None:
    order = await sold(database)
    said = {"booking_id": order.booking_id, "stars": 2, "comment": "<b>Cold\n\nand wet\u202e", "at": NOW}

    async def give(stars: int, connection: Connection) -> None:
        await connection.execute(delete(schema.review))
        resource = select(schema.booking.c.resource_id).scalar_subquery()
        await connection.execute(insert(schema.review).values({**said, "stars": stars, "resource_id": resource}))

    await database.run(partial(give, 2))
    told = await renderers.by_kind["low_mark"](due("low_mark", booking_id=order.booking_id))
    lines = told.html.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert (lines[0], lines[1], lines[-1]) == ("<b>2 of 5 from a guest</b>", "Sunrise", "&lt;b&gt;Cold  and wet")
    await database.run(partial(give, 4))
    with pytest.raises(Gone):
        await renderers.by_kind["low_mark"](due("low_mark", booking_id=order.booking_id))
    told = await renderers.by_kind["comment"](due("comment", booking_id=order.booking_id))
    assert told.html.startswith("<b>4 of 5 from a guest</b>\nSunrise\n")


async def test_of_a_basket_the_words_of_a_guest_name_the_visit_that_they_are_about(
    database: Database, renderers: StaffRenderers
) -> None:
    order = await sold(database)

    async def say(connection: Connection) -> None:
        visit = (await connection.execute(select(schema.booking))).one()
        said = {"stars": 4, "comment": "Lovely", "at": NOW}
        row = insert(schema.review).values(booking_id=visit.id, resource_id=visit.resource_id, **said)
        await connection.execute(row)
        slots = select(schema.inventory.c.id).where(schema.inventory.c.id != visit.inventory_id)
        lines = [line._mapping for line in await connection.execute(select(schema.order_line))]
        for other in (await connection.scalars(slots)).all():
            added = {**lines[0], "inventory_id": other}
            del added["id"]
            await connection.execute(insert(schema.order_line).values(added))

    await database.run(say)
    told = await renderers.by_kind["comment"](due("comment", booking_id=order.booking_id))
    lines = told.html.splitlines()
    assert (lines.count("Sunrise"), lines[2]) == (1, "Tue 24 Nov 2026, 07:00")


async def test_an_item_in_the_alerts_chat_is_closed_there(
    shop: StaffShop, telegram: RecordedTelegram, bot: Bot, renderers: StaffRenderers
) -> None:
    item_id = await opened(shop.database, "refund_failed:re_1", Concern.FAILED_REFUND)
    announced = await renderers.by_kind["attention"](due("attention", attention_id=item_id))
    (done,) = [button for row in announced.rows for button in row]
    assert done.data is not None
    await shop.feed(tap(bot, MANAGER, done.data, group(), language="fr"))
    (edited,) = telegram.made("editMessageText")
    assert edited["chat_id"] == GROUP
    assert plain(edited)[0].startswith("<b>Done since")
    assert buttons(edited) == {}


async def test_what_is_closed_or_gone_is_not_announced_any_more(database: Database, renderers: StaffRenderers) -> None:
    item_id = await opened(database, "refund_failed:re_1", Concern.FAILED_REFUND)
    await renderers.attention.close(item_id, MANAGER)
    with pytest.raises(NoLongerTrue):
        await renderers.item(due("attention", attention_id=item_id))
    with pytest.raises(NoLongerTrue):
        await renderers.sale(due("staff_sale", order_id=99))


async def test_an_order_that_is_not_there_is_gone(renderers: StaffRenderers) -> None:
    with pytest.raises(Gone):
        await renderers.news.order(OrderId(99))


async def test_an_order_says_what_was_refunded(database: Database, renderers: StaffRenderers) -> None:
    order = await sold(database)
    news = await renderers.news.order(order.order_id)
    shown = render_order(type(news)(**{**vars(news), "refunded": Money(100, "EUR")}), renderers.texts)
    assert shown.html.endswith("Refunded €1.00")
