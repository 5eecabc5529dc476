"""A shop's catalogue file is taken whole or not at all, and nobody who has a seat loses it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

import bot
from bot.domain.catalogue import DayState
from bot.domain.catalogue_changes import Change, ChangeKind
from bot.domain.catalogue_entries import CatalogueMistakes
from bot.domain.errors import Gone
from bot.domain.ids import InventoryId, TelegramId
from bot.services.browsing import Browsing
from bot.services.catalogue_import import CatalogueImport
from bot.services.catalogue_upload import CatalogueUpload
from storage import schema
from storage.database import Database
from tests.builders import add_customer, add_order
from tests.clock import NOW, FakeClock

DEMO = Path(bot.__file__).parent / "sandbox" / "demo" / "catalogue.toml"
JPEG, PNG = b"\xff\xd8\xff a picture", b"\x89PNG\r\n\x1a\n a drawing"
PICTURES = {"lake.jpg": JPEG, "lantern.png": PNG}
FILE = """
format = 1
[shop]
banner = "lake.jpg"
name = { en = "Lac", fr = "Lac" }
welcome = { en = "Walks.\\nBoats.", fr = "Balades." }
terms = { en = 'Be "early".', fr = "Tôt." }
[[category]]
slug = "walks"
emoji = "🥾"
name = { en = "Walks", fr = "Balades" }
[[category]]
slug = "things"
emoji = "🏮"
name = { en = "Things", fr = "Objets" }
[[resource]]
slug = "sunrise"
category = "walks"
kind = "event"
photo = "lake.jpg"
latitude = 45.79858
longitude = 6.10534
address = "Route du Semnoz"
duration_minutes = 180
capacity = 12
closes_minutes_before = 120
horizon_days = 10
name = { en = "Sunrise", fr = "Aube" }
description = { en = "Up.", fr = "Haut." }
place = { en = "Car park", fr = "Parking" }
[[resource.fare]]
slug = "adult"
name = { en = "Adult", fr = "Adulte" }
counted = { en = ["adult", "adults"], fr = ["adulte", "adultes"] }
price = "39.00"
[[resource.fare]]
slug = "child"
name = { en = "Child", fr = "Enfant" }
counted = { en = ["child", "children"], fr = ["enfant", "enfants"] }
price = "19.50"
[[resource.schedule]]
weekdays = ["sat", "sun"]
times = ["06:00"]
[[resource.schedule]]
dates = ["2026-12-02"]
times = ["18:00", "20:30"]
from = 2026-12-01
until = 2026-12-31
capacity = 4
[[resource.closed]]
from = 2026-12-25
until = 2026-12-26
[[resource]]
slug = "lantern"
category = "things"
kind = "item"
photo = "lantern.png"
stock = 5
name = { en = "Lantern", fr = "Lanterne" }
description = { en = "Light.", fr = "Lumière." }
place = { en = "Shop", fr = "Boutique" }
[[resource.fare]]
slug = "piece"
name = { en = "Piece", fr = "Pièce" }
counted = { en = ["lantern", "lanterns"], fr = ["lanterne", "lanternes"] }
price = "12.00"
"""
BOAT = """
[[resource]]
slug = "boat"
category = "things"
kind = "rental"
photo = "lake.jpg"
step = "day"
check_in = "09:00"
check_out = "18:00"
max_stay = 4
capacity = 2
horizon_days = 10
name = { en = "Boat", fr = "Barque" }
description = { en = "Oars.", fr = "Rames." }
place = { en = "Jetty", fr = "Ponton" }
[[resource.fare]]
slug = "boat"
name = { en = "Boat", fr = "Barque" }
counted = { en = ["boat", "boats"], fr = ["barque", "barques"] }
price = "20.00"
"""
SLOTS = [
    "2026-11-28T06:00",
    "2026-11-29T06:00",
    "2026-12-02T18:00",
    "2026-12-02T20:30",
    "2026-12-05T06:00",
    "2026-12-06T06:00",
]


@pytest.fixture
def importing(database: Database, clock: FakeClock) -> CatalogueImport:
    return CatalogueImport(database, clock, currency="EUR", time_zone="Europe/Paris", languages=["en", "fr"])


async def take(
    importing: CatalogueImport, text: str = FILE, pictures: Mapping[str, bytes] | None = None
) -> tuple[Change, ...]:
    given = PICTURES if pictures is None else pictures
    return await importing.apply(await importing.plan(importing.read(text.encode()), given))


async def keys(database: Database, slug: str = "sunrise", *, closed: bool = False) -> list[str]:
    table = schema.inventory
    query = select(table.c.key).join(schema.resource, schema.resource.c.id == table.c.resource_id)
    found = query.where(schema.resource.c.slug == slug, table.c.closed == closed).order_by(table.c.key)
    async with database.read() as connection:
        return list(await connection.scalars(found))


async def hold(database: Database, browsing: Browsing, slug: str, key: str, count: int) -> InventoryId:
    """An order of `count` of the first fare."""
    card = await browsing.card_by_slug(slug)
    table = schema.inventory
    query = select(table.c.id).where(table.c.resource_id == card.id, table.c.key == key)
    async with database.read() as connection:
        inventory_id = InventoryId((await connection.execute(query)).scalar_one())
    await add_order(database, await add_customer(database), card.id, inventory_id, {card.fares[0].id: count})
    return inventory_id


@pytest.fixture
def browsing(database: Database, clock: FakeClock) -> Browsing:
    return Browsing(database, clock, "EUR")


def mistakes(raised: pytest.ExceptionInfo[CatalogueMistakes]) -> list[str]:
    return [str(mistake) for mistake in raised.value.mistakes]


async def test_a_first_import_opens_the_shop(
    importing: CatalogueImport, database: Database, browsing: Browsing
) -> None:
    await take(importing)
    assert [category.slug for category in (await browsing.home()).categories] == ["walks", "things"]
    assert await keys(database) == SLOTS
    card = await browsing.card_by_slug("lantern")
    assert card.stock is not None
    assert card.stock.left == 5
    assert card.photo is not None
    assert (await browsing.picture(card.photo)).content == PNG
    month = (await browsing.month((await browsing.card_by_slug("sunrise")).id, 2026, 12)).month
    assert (month.days[2], month.days[5]) == (DayState.OPEN, DayState.BEYOND)


async def test_a_plan_changes_nothing(importing: CatalogueImport, browsing: Browsing) -> None:
    plan = await importing.plan(importing.read(FILE.encode()), PICTURES)
    assert Change(ChangeKind.ADDED, "resource", "sunrise") in plan.changes
    assert "+ slots sunrise: 6 (2026-11-28 – 2026-12-06)" in [str(change) for change in plan.changes]
    with pytest.raises(Gone):
        await browsing.home()


async def test_a_file_taken_twice_changes_nothing(importing: CatalogueImport) -> None:
    await take(importing)
    assert await take(importing) == ()


async def test_what_changes_is_told_with_before_and_after(importing: CatalogueImport) -> None:
    await take(importing)
    changed = FILE.replace('"39.00"', '"42.00"').replace('en = "Lac"', 'en = "Lake"').replace("stock = 5", "stock = 7")
    changed = changed.replace("6.10534", "6.2").replace('address = "Route du Semnoz"\n', "")
    assert {str(change) for change in await take(importing, changed)} == {
        "~ shop name.en: Lac → Lake",
        "~ fare sunrise/adult price: 39.00 → 42.00",
        "~ resource lantern stock: 5 → 7",
        "~ resource sunrise longitude: 6.10534 → 6.2",
        "~ resource sunrise address: Route du Semnoz",
    }


async def test_a_new_order_of_things_is_one_line(importing: CatalogueImport) -> None:
    await take(importing)
    start = FILE.index("[[resource]]")
    lantern = FILE.index('[[resource]]\nslug = "lantern"')
    swapped = FILE[:start] + FILE[lantern:] + FILE[start:lantern]
    assert [str(change) for change in await take(importing, swapped)] == [
        "~ resource order: sunrise, lantern → lantern, sunrise"
    ]


async def test_a_new_price_leaves_placed_orders_alone(
    importing: CatalogueImport, database: Database, browsing: Browsing
) -> None:
    await take(importing)
    await hold(database, browsing, "sunrise", SLOTS[0], 2)
    await take(importing, FILE.replace('"39.00"', '"42.00"'))
    async with database.read() as connection:
        assert await connection.scalar(select(schema.order_line.c.unit_amount)) == 3900
    assert (await browsing.card_by_slug("sunrise")).fares[0].unit.minor == 4200


async def test_what_the_file_no_longer_names_is_out_of_sale(
    importing: CatalogueImport, database: Database, browsing: Browsing
) -> None:
    await take(importing)
    shorter = FILE[: FILE.index('[[resource]]\nslug = "lantern"')]
    told = [str(change) for change in await take(importing, shorter)]
    assert "- resource lantern" in told
    assert "- fare lantern/piece" in told
    with pytest.raises(Gone):
        await browsing.card_by_slug("lantern")
    assert "+ resource lantern" in [str(change) for change in await take(importing)]
    assert (await browsing.card_by_slug("lantern")).fares


async def test_a_fare_that_vanished_is_not_offered(importing: CatalogueImport, browsing: Browsing) -> None:
    await take(importing)
    start, end = FILE.index('[[resource.fare]]\nslug = "child"'), FILE.index("[[resource.schedule]]")
    await take(importing, FILE[:start] + FILE[end:])
    assert [fare.slug for fare in (await browsing.card_by_slug("sunrise")).fares] == ["adult"]


@pytest.mark.parametrize(("held", "said"), [(1, "1 seat taken"), (2, "2 seats taken")])
async def test_seats_in_the_way_are_counted_in_words_that_fit_the_number(
    importing: CatalogueImport, database: Database, browsing: Browsing, held: int, said: str
) -> None:
    await take(importing)
    await hold(database, browsing, "sunrise", SLOTS[0], held)
    told = await take(importing, FILE.replace('"sat", "sun"', '"mon"'))
    assert f"~ slot sunrise {SLOTS[0]} closed: {said} → yes" in [str(change) for change in told]


async def test_a_slot_that_vanished_stays_closed_for_who_has_a_seat(
    importing: CatalogueImport, database: Database, browsing: Browsing
) -> None:
    await take(importing)
    await hold(database, browsing, "sunrise", SLOTS[0], 2)
    told = await take(importing, FILE.replace('"sat", "sun"', '"mon"'))
    assert f"~ slot sunrise {SLOTS[0]} closed: 2 seats taken → yes" in [str(change) for change in told]
    assert await keys(database, closed=True) == [SLOTS[0]]
    assert SLOTS[1] not in await keys(database)
    await take(importing)
    assert await keys(database) == sorted(SLOTS)


async def test_a_slot_of_an_order_that_ended_is_closed_not_deleted(
    importing: CatalogueImport, database: Database, browsing: Browsing
) -> None:
    await take(importing)
    inventory_id = await hold(database, browsing, "sunrise", SLOTS[0], 2)
    freed = schema.inventory.update().where(schema.inventory.c.id == inventory_id).values(taken=0)
    await database.run(lambda connection: connection.execute(freed))
    await take(importing, FILE.replace('"sat", "sun"', '"mon"'))
    assert await keys(database, closed=True) == [SLOTS[0]]


async def test_no_capacity_sinks_below_what_is_taken(
    importing: CatalogueImport, database: Database, browsing: Browsing
) -> None:
    await take(importing)
    await hold(database, browsing, "sunrise", SLOTS[0], 5)
    smaller = FILE.replace("capacity = 12", "capacity = 4").replace('en = "Lac"', 'en = "Lake"')
    with pytest.raises(CatalogueMistakes) as raised:
        await take(importing, smaller)
    assert mistakes(raised) == ["resource[0] (sunrise), slot 2026-11-28T06:00: at least 5, the seats taken; not 4"]
    assert (await browsing.home()).shop.name["en"] == "Lac"
    await take(importing, FILE.replace("capacity = 12", "capacity = 5"))


async def test_seats_taken_after_the_plan_refuse_its_application(
    importing: CatalogueImport, database: Database, browsing: Browsing
) -> None:
    await take(importing)
    plan = await importing.plan(importing.read(FILE.replace("stock = 5", "stock = 1").encode()), PICTURES)
    await hold(database, browsing, "lantern", "stock", 3)
    with pytest.raises(CatalogueMistakes) as raised:
        await importing.apply(plan)
    assert mistakes(raised) == ["resource[1] (lantern).stock: at least 3, which are taken; not 1"]


async def test_a_slot_with_seats_taken_does_not_move(
    importing: CatalogueImport, database: Database, browsing: Browsing
) -> None:
    await take(importing)
    await hold(database, browsing, "sunrise", SLOTS[0], 1)
    with pytest.raises(CatalogueMistakes, match="the same start as before"):
        await take(importing, FILE.replace("horizon_days", 'time_zone = "America/Lima"\nhorizon_days'))


async def test_a_rental_is_not_let_by_another_step_than_before(importing: CatalogueImport) -> None:
    await take(importing, FILE + BOAT)
    by_the_hour = BOAT.replace('"day"', '"hour"')
    with pytest.raises(CatalogueMistakes) as raised:
        await take(importing, FILE + by_the_hour)
    assert mistakes(raised) == ['resource[2].step: "day", as before; another step needs another slug']
    await take(importing)
    with pytest.raises(CatalogueMistakes, match="another step needs another slug"):
        await take(importing, FILE + by_the_hour)
    await take(importing, FILE + by_the_hour.replace('"boat"', '"boat-by-the-hour"', 1))


async def test_a_thing_does_not_become_of_another_kind(importing: CatalogueImport) -> None:
    await take(importing)
    start = FILE.index('[[resource]]\nslug = "lantern"')
    event = FILE[start:].replace('"lantern"\n', '"sunrise"\n', 1)
    with pytest.raises(CatalogueMistakes, match="another kind needs another slug"):
        await take(importing, FILE[: FILE.index("[[resource]]")] + event)


async def test_a_picture_that_is_not_given_stays(importing: CatalogueImport, browsing: Browsing) -> None:
    with pytest.raises(CatalogueMistakes) as raised:
        await take(importing, pictures={"lake.jpg": JPEG})
    assert mistakes(raised) == ["resource[1].photo: a picture that is there; lantern.png is not"]
    await take(importing)
    assert await take(importing, pictures={}) == ()
    assert len(await take(importing, pictures={"lantern.png": PNG + b"!"})) == 1


async def test_only_pictures_are_taken_as_pictures(importing: CatalogueImport) -> None:
    with pytest.raises(CatalogueMistakes) as raised:
        await take(importing, pictures=PICTURES | {"lake.jpg": b"GIF89a"})
    assert mistakes(raised) == ["lake.jpg: a JPEG or PNG picture of at most 10 MB"]


@pytest.mark.parametrize("content", [b"format = ", b"\xff\xfe", b"x = " + b"[" * 5000])
async def test_what_is_no_toml_is_a_mistake(importing: CatalogueImport, content: bytes) -> None:
    with pytest.raises(CatalogueMistakes, match="TOML in UTF-8"):
        importing.read(content)


async def test_slots_come_within_the_horizon_as_days_pass(
    importing: CatalogueImport, database: Database, clock: FakeClock
) -> None:
    await take(importing)
    assert await importing.extend_slots() == 0
    clock.advance(timedelta(days=7))
    assert await importing.extend_slots() == 2
    assert await keys(database) == [*SLOTS, "2026-12-12T06:00", "2026-12-13T06:00"]


async def test_what_has_been_stays_as_it_was(importing: CatalogueImport, database: Database, clock: FakeClock) -> None:
    await take(importing)
    clock.move_to(NOW + timedelta(days=6))
    await take(importing, FILE.replace('"sat", "sun"', '"mon"'))
    assert SLOTS[0] in await keys(database)


async def test_an_export_imports_to_the_same(importing: CatalogueImport) -> None:
    await take(importing)
    exported = await importing.export()
    assert set(exported.pictures) == {"banner.jpg", "pictures/sunrise.jpg", "pictures/lantern.png"}
    assert await take(importing, exported.text, exported.pictures) == ()
    again, original = importing.read(exported.text.encode()), importing.read(FILE.encode())
    renamed = tuple(replace(entry, photo=f"pictures/{entry.slug}") for entry in original.resources)
    assert [replace(entry, photo=entry.photo[:-4]) for entry in again.resources] == list(renamed)
    assert again.categories == original.categories


async def test_an_import_adds_nothing_twice(importing: CatalogueImport, database: Database) -> None:
    for _ in range(2):
        await take(importing)
    async with database.read() as connection:
        for table, count in ((schema.media, 2), (schema.fare, 3), (schema.inventory, 7), (schema.resource, 2)):
            assert await connection.scalar(select(func.count()).select_from(table)) == count


async def test_the_demo_shops_file_comes_back_as_it_went_in(importing: CatalogueImport) -> None:
    file = importing.read(DEMO.read_bytes())
    paths = [file.shop.banner, *(entry.photo for entry in file.resources)]
    await importing.apply(await importing.plan(file, {path: JPEG + path.encode() for path in paths}))
    exported = await importing.export()
    again = importing.read(exported.text.encode())
    assert (await importing.plan(again, exported.pictures)).changes == ()
    assert len(again.resources) == len(file.resources)


async def test_a_resource_without_a_picture_is_exported_without(importing: CatalogueImport, database: Database) -> None:
    await take(importing)
    without = schema.resource.update().where(schema.resource.c.slug == "lantern").values(photo_id=None)
    await database.run(lambda connection: connection.execute(without))
    assert "pictures/lantern.png" not in (await importing.export()).pictures


async def test_a_file_sent_by_an_owner_is_taken_in_their_name(importing: CatalogueImport, database: Database) -> None:
    upload = CatalogueUpload(importing)
    pictures = PICTURES | {"notes.png": b"not named by the file"}
    seen = await upload.preview(FILE.encode(), pictures)
    assert await upload.apply(FILE.encode(), pictures, TelegramId(7)) == seen
    async with database.read() as connection:
        row = (await connection.execute(select(schema.audit))).one()
    assert (row.actor, row.action, row.data) == (7, "catalogue.imported", {"changes": len(seen)})
