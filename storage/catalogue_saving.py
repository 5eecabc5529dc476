"""Puts a catalogue file into the tables, by slug; what the file no longer names is out of sale, never deleted."""

from collections.abc import Mapping

from sqlalchemy import select, update

from bot.domain.catalogue_document import rules_document
from bot.domain.catalogue_entries import CatalogueFile, CategoryEntry, FareEntry, ResourceEntry, ShopTexts
from bot.domain.file_questions import kept_questions
from bot.domain.ids import CategoryId, MediaId, ResourceId
from bot.domain.refund_rules import kept_steps
from storage.database import Connection
from storage.schema import category, fare, resource, shop
from storage.upserts import upsert

Photos = Mapping[str, MediaId]

LOCK = select(resource.c.id).order_by(resource.c.id).with_for_update(key_share=True)
IDS = select(resource.c.id, resource.c.slug)


async def lock(connection: Connection) -> None:
    """Let one import at a time through; orders go on being placed meanwhile."""
    await connection.execute(LOCK)


async def save(connection: Connection, file: CatalogueFile, photos: Photos) -> dict[str, ResourceId]:
    """All but the inventory, whose resources' ids it returns by slug. Pictures are named by their digest."""
    await _save_shop(connection, file.shop, photos)
    await connection.execute(update(category).values(active=False))
    await connection.execute(update(resource).values(active=False))
    categories = {
        entry.slug: await _save_category(connection, entry, position) for position, entry in enumerate(file.categories)
    }
    return {
        entry.slug: await _save_resource(connection, entry, position, categories[entry.category], photos)
        for position, entry in enumerate(file.resources)
    }


async def ids_by_slug(connection: Connection) -> dict[str, ResourceId]:
    rows = await connection.execute(IDS)
    return {row.slug: ResourceId(row.id) for row in rows}


async def _save_shop(connection: Connection, texts: ShopTexts, photos: Photos) -> None:
    values = {
        "id": 1,
        "name": texts.name,
        "welcome": texts.welcome,
        "terms": texts.terms,
        "privacy_note": texts.privacy_note,
        "banner_id": photos[texts.banner],
    }
    await upsert(connection, shop, ["id"], values)


async def _save_category(connection: Connection, entry: CategoryEntry, position: int) -> CategoryId:
    values = {
        "slug": entry.slug,
        "position": position,
        "emoji": entry.emoji,
        "name": entry.name,
        "active": True,
    }
    return CategoryId(await upsert(connection, category, ["slug"], values))


async def _save_resource(
    connection: Connection, entry: ResourceEntry, position: int, category_id: CategoryId, photos: Photos
) -> ResourceId:
    values = {
        "slug": entry.slug,
        "category_id": category_id,
        "kind": entry.kind.value,
        "position": position,
        "name": entry.name,
        "description": entry.description,
        "place": entry.place,
        "time_zone": entry.time_zone,
        "duration_minutes": entry.duration_minutes or None,
        "capacity": entry.capacity,
        "max_per_order": entry.max_per_order,
        "closes_minutes_before": entry.closes_minutes_before,
        "horizon_days": entry.horizon_days,
        "photo_id": photos[entry.photo],
        "latitude": entry.spot and entry.spot.latitude,
        "longitude": entry.spot and entry.spot.longitude,
        "address": entry.address or None,
        "cancellation": kept_steps(entry.cancellation),
        "questions": kept_questions(entry.questions),
        "rules": rules_document(entry),
        "active": True,
    }
    resource_id = ResourceId(await upsert(connection, resource, ["slug"], values))
    await connection.execute(update(fare).where(fare.c.resource_id == resource_id).values(active=False))
    for fare_position, each in enumerate(entry.fares):
        await _save_fare(connection, resource_id, each, fare_position)
    return resource_id


async def _save_fare(connection: Connection, resource_id: ResourceId, entry: FareEntry, position: int) -> None:
    values = {
        "resource_id": resource_id,
        "slug": entry.slug,
        "position": position,
        "name": entry.name,
        "counted": entry.counted,
        "unit_amount": entry.price,
        "seats": entry.seats,
        "active": True,
    }
    await upsert(connection, fare, ["resource_id", "slug"], values)
