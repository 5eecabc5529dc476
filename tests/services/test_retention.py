"""What has been kept for long enough is erased by itself, and nothing sooner."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from bot.domain.catalogue_entries import Rental
from bot.domain.ids import TelegramId
from bot.domain.keeping import ANSWERS, AUDIT_MONTHS, ENDED_MESSAGES, EVENT_BODIES, UNSEEN_MONTHS, months_before
from bot.domain.selection import Selection
from bot.services.customers import Customers
from bot.services.retention import Retention
from storage import audit, schema
from tests.builders import add_customer
from tests.rentals import ROOM, add_rental
from tests.services.asking import DIET, ask
from tests.stored import tables_with
from tests.world import World

YEARS = 10
EMAIL, NAME = "ada.l@example.org", "Ada Lovelace"
MOMENT = timedelta(seconds=1)

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is no matter of the database's dialect."""


@pytest.fixture
def retention(world: World) -> Retention:
    return Retention(world.database, world.clock, YEARS, frozenset())


async def bought(world: World) -> None:
    order = await world.placed_with_link()
    world.stripe.pay(await world.session_id(order), "success", name=NAME, email=EMAIL)
    await world.hear()


async def at(world: World, retention: Retention, moment: datetime) -> None:
    """What it does when it is that late."""
    world.clock.move_to(moment)
    await retention.erase_old()


def after(begun: datetime, months: int) -> datetime:
    """The first day on which `begun` is more than so many months ago."""
    day = begun + timedelta(days=28 * months)
    while months_before(day, months) <= begun:
        day += timedelta(hours=1)
    return day


async def test_what_stripe_sent_loses_its_body_after_its_time(world: World, retention: Retention) -> None:
    begun = world.clock.now()
    await bought(world)
    await at(world, retention, begun + EVENT_BODIES)
    assert "inbox" in await tables_with(world.database, EMAIL)
    await at(world, retention, begun + EVENT_BODIES + MOMENT)
    assert "inbox" not in await tables_with(world.database, EMAIL)
    rows = [row._mapping for row in await world.rows(schema.inbox)]
    assert {row["body"] for row in rows} == {b""}
    assert "settled" in {row["state"] for row in rows}
    assert all(str(row["event_id"]).startswith("evt_") for row in rows)


@one_database
async def test_what_is_not_settled_keeps_its_body(world: World, retention: Retention) -> None:
    begun = world.clock.now()
    await bought(world)
    await world.database.run(lambda connection: connection.execute(update(schema.inbox).values(state="waiting")))
    await at(world, retention, begun + 2 * EVENT_BODIES)
    assert "inbox" in await tables_with(world.database, EMAIL)


async def test_messages_are_kept_for_a_while_after_they_were_sent(world: World, retention: Retention) -> None:
    begun = world.clock.now()
    await bought(world)

    async def states() -> list[object]:
        return [row._mapping["state"] for row in await world.rows(schema.outbox)]

    assert {"sent", "due"} == set(await states())
    await at(world, retention, begun + ENDED_MESSAGES)
    assert "sent" in await states()
    await at(world, retention, begun + ENDED_MESSAGES + MOMENT)
    assert set(await states()) == {"due"}


async def test_the_audit_log_is_kept_for_so_many_months(world: World, retention: Retention) -> None:
    begun = world.clock.now()
    await world.database.run(lambda connection: audit.append(connection, begun, TelegramId(5), "tap.refused", {}))
    late = after(begun, AUDIT_MONTHS)
    await at(world, retention, late - timedelta(hours=1))
    assert len(await world.rows(schema.audit)) == 1
    await at(world, retention, late)
    assert await world.rows(schema.audit) == []


async def test_who_never_bought_anything_is_forgotten_so_long_after_the_last_visit(
    world: World, retention: Retention
) -> None:
    customers = Customers(world.database, world.clock, ["en"])
    await customers.meet(TelegramId(7), "Grace", "en")
    await world.advance(days=30)
    await customers.meet(TelegramId(7), "Grace", "en")
    late = after(world.clock.now(), UNSEEN_MONTHS)
    await at(world, retention, late - timedelta(hours=1))
    assert await tables_with(world.database, "Grace") == {"customer"}
    await at(world, retention, late)
    assert await tables_with(world.database, "Grace") == set()


@one_database
async def test_who_was_never_seen_counts_from_the_beginning(world: World, retention: Retention) -> None:
    """Rows that are older than the note of when somebody was seen."""
    await add_customer(world.database, 8, name="Grace")
    await at(world, retention, after(world.clock.now(), UNSEEN_MONTHS))
    assert await tables_with(world.database, "Grace") == set()


@one_database
async def test_who_only_held_something_is_forgotten_too_and_the_order_stays(world: World, retention: Retention) -> None:
    order = await world.placed_with_link()
    await world.live_through(60, 20)
    world.clock.advance(timedelta(days=500))
    await retention.erase_old()
    assert (await world.case(order)).order.contact_name is None
    assert await tables_with(world.database, "Ada", 1001) == set()


@one_database
async def test_an_order_that_is_still_open_keeps_its_customer(world: World, retention: Retention) -> None:
    await world.placed_with_link()
    world.clock.advance(timedelta(days=500))
    await retention.erase_old()
    assert "customer" in await tables_with(world.database, "Ada")


async def test_who_has_paid_is_kept_for_the_books_and_no_longer(world: World, retention: Retention) -> None:
    begun = world.clock.now()
    await bought(world)
    late = after(begun, 12 * YEARS)
    await at(world, retention, late - timedelta(hours=1))
    assert await tables_with(world.database, NAME, EMAIL) == {"orders"}
    assert "customer" in await tables_with(world.database, "Ada")
    await at(world, retention, late)
    assert await tables_with(world.database, NAME, EMAIL, "Ada", 1001) == set()
    assert len(await world.rows(schema.booking)) == 1


@one_database
async def test_an_old_order_forgets_its_customer_who_stays(world: World, retention: Retention) -> None:
    begun = world.clock.now()
    await bought(world)
    world.clock.move_to(after(begun, 12 * YEARS))
    await Customers(world.database, world.clock, ["en"]).meet(TelegramId(1001), "Ada", "en")
    await retention.erase_old()
    assert await tables_with(world.database, NAME, EMAIL) == set()
    assert "customer" in await tables_with(world.database, "Ada")


async def test_answers_about_a_stay_are_kept_until_its_last_day_is_long_over(
    world: World, retention: Retention
) -> None:
    """Forty nights: thirty days after the first of them the guest is still there, and still allergic."""
    monthly: Rental = replace(ROOM, longest=60, prices=())
    room = await add_rental(world.database, world.shop.category_id, monthly)
    stay = Selection(room.row(1), {room.fare: 1}, 40)
    await ask(world.database, room.id, DIET)
    await world.questions.answer(world.shop.customer_id, stay, ("diet", 0), "no nuts")
    order = await world.ordering.place(
        world.shop.customer_id, stay, nonce="n", confirmed_total=40 * 9000, language="en"
    )
    await world.work()
    await world.pay(order)
    await world.hear()
    rows = {row._mapping["id"]: row._mapping for row in await world.rows(schema.inventory)}
    first_over, over = (rows[room.row(day)]["ends_at"] for day in (1, 40))
    for moment, kept in ((first_over + ANSWERS + MOMENT, 1), (over + ANSWERS, 1), (over + ANSWERS + MOMENT, 0)):
        await at(world, retention, moment)
        assert len(await world.rows(schema.answer)) == kept


@one_database
async def test_more_than_fits_into_one_step_is_erased_step_by_step(
    world: World, retention: Retention, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.retention.AT_ONCE", 2)
    lines: list[dict[str, object]] = [
        {"at": world.clock.now(), "actor": None, "action": "x", "data": {}} for _ in range(5)
    ]
    await world.database.run(lambda connection: connection.execute(insert(schema.audit), lines))
    await at(world, retention, after(world.clock.now(), AUDIT_MONTHS))
    assert await world.rows(schema.audit) == []


@one_database
async def test_the_books_add_up_after_everything_is_erased(world: World, retention: Retention) -> None:
    await bought(world)
    world.clock.advance(timedelta(days=12 * 366))
    await retention.erase_old()
    await world.check_sales()
    await world.check_money()
