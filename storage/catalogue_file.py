"""The stored catalogue in the words of a catalogue file."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Row, select

from bot.domain.catalogue_changes import StoredCatalogue
from bot.domain.catalogue_document import read_rules
from bot.domain.catalogue_entries import (
    CatalogueFile,
    CategoryEntry,
    EntryKind,
    FareEntry,
    ResourceEntry,
    ShopTexts,
)
from bot.domain.file_questions import read_kept as read_questions
from bot.domain.file_rentals import read_kept_rental, step_of
from bot.domain.refund_rules import read_kept
from storage.bookings import spot_of
from storage.database import Connection
from storage.schema import category, fare, media, resource, shop

AnyRow = Row[tuple[object, ...]]

KINDS = select(resource.c.slug, resource.c.kind, resource.c.rules)
SHOP = select(shop, media.c.digest).outerjoin(media, media.c.id == shop.c.banner_id)
CATEGORIES = select(category).where(category.c.active).order_by(category.c.position, category.c.id)
RESOURCES = (
    select(resource, category.c.slug.label("category"), media.c.digest)
    .join(category, category.c.id == resource.c.category_id)
    .outerjoin(media, media.c.id == resource.c.photo_id)
    .where(resource.c.active)
    .order_by(resource.c.position, resource.c.id)
)
FARES = select(fare).where(fare.c.active).order_by(fare.c.position, fare.c.id)


async def load(connection: Connection, currency: str) -> StoredCatalogue:
    """All that is active. A shop that has no catalogue yet has empty texts."""
    known = (await connection.execute(KINDS)).all()
    file = CatalogueFile(currency, await _shop(connection), await _categories(connection), await resources(connection))
    steps = {row.slug: step for row in known if (step := step_of(row.rules)) is not None}
    return StoredCatalogue(file, {row.slug: EntryKind(row.kind) for row in known}, steps)


async def _shop(connection: Connection) -> ShopTexts:
    row = (await connection.execute(SHOP)).one_or_none()
    if row is None:
        return ShopTexts("", {}, {}, {}, {})
    return ShopTexts(row.digest or "", row.name, row.welcome, row.terms, row.privacy_note)


async def _categories(connection: Connection) -> tuple[CategoryEntry, ...]:
    return tuple(CategoryEntry(row.slug, row.emoji, row.name) for row in await connection.execute(CATEGORIES))


async def resources(connection: Connection) -> tuple[ResourceEntry, ...]:
    """What is active of them."""
    fares = await _fares(connection)
    return tuple(_resource(row, fares[row.id]) for row in await connection.execute(RESOURCES))


async def _fares(connection: Connection) -> Mapping[int, tuple[FareEntry, ...]]:
    by_resource: defaultdict[int, tuple[FareEntry, ...]] = defaultdict(tuple)
    for row in await connection.execute(FARES):
        counted = {language: (words[0], words[1]) for language, words in row.counted.items()}
        by_resource[row.resource_id] += (FareEntry(row.slug, row.name, counted, row.unit_amount, row.seats),)
    return by_resource


def _resource(row: AnyRow, fares: tuple[FareEntry, ...]) -> ResourceEntry:
    schedule, closed = read_rules(row.rules)
    return ResourceEntry(
        slug=row.slug,
        category=row.category,
        kind=EntryKind(row.kind),
        photo=row.digest or "",
        name=row.name,
        description=row.description,
        place=row.place,
        time_zone=row.time_zone,
        capacity=row.capacity,
        max_per_order=row.max_per_order,
        duration_minutes=row.duration_minutes or 0,
        closes_minutes_before=row.closes_minutes_before,
        horizon_days=row.horizon_days,
        fares=fares,
        schedule=schedule,
        closed=closed,
        spot=spot_of(row),
        address=row.address or "",
        cancellation=read_kept(row.cancellation),
        rental=read_kept_rental(row.rules),
        questions=read_questions(row.questions),
    )
