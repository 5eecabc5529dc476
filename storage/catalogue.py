"""What is on offer, as customers see it and as an order is placed against it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Row, Select, and_, bindparam, func, select

from bot.domain.availability import Terms
from bot.domain.catalogue import (
    CategoryView,
    EntryKind,
    FareView,
    ResourceCard,
    ResourceRow,
    ShopView,
    Teaser,
)
from bot.domain.file_questions import read_kept as read_questions
from bot.domain.file_rentals import read_kept_rental
from bot.domain.ids import CategoryId, FareId, InventoryId, MediaId, ResourceId
from bot.domain.money import Money
from bot.domain.refund_rules import read_kept
from bot.domain.rentals import Letting, lowest_price, reach
from bot.domain.search import Searchable
from bot.domain.selection import Offer, OfferedFare
from storage import inventory_views, lettings
from storage.database import Connection
from storage.schema import category, fare, inventory, resource, shop

AnyRow = Row[tuple[object, ...]]
_OFFERED = and_(
    resource.c.active,
    category.c.active,
    category.c.id == resource.c.category_id,
    resource.c.id.in_(select(fare.c.resource_id).where(fare.c.active)),
)
THIS: BindParameter[int | str] = bindparam("this")
SHOP = select(shop)
CATEGORIES = (
    select(category)
    .where(category.c.id.in_(select(resource.c.category_id).select_from(resource.join(category, _OFFERED))))
    .order_by(category.c.position, category.c.id)
)
CATEGORY = select(category).where(category.c.id == THIS, category.c.active)
COUNT = select(func.count()).select_from(resource.join(category, _OFFERED)).where(category.c.id == THIS)
RESOURCES = select(resource).select_from(resource.join(category, _OFFERED))
PAGE = (
    RESOURCES.where(category.c.id == THIS)
    .order_by(resource.c.position, resource.c.id)
    .offset(bindparam("skip"))
    .limit(bindparam("most"))
)
CHOSEN = RESOURCES.where(resource.c.id.in_(bindparam("resources", expanding=True)))
WORDS = (
    select(
        resource.c.id, resource.c.name, resource.c.place, resource.c.description, category.c.name.label("category_name")
    )
    .select_from(resource.join(category, _OFFERED))
    .order_by(category.c.position, category.c.id, resource.c.position, resource.c.id)
)
BY_ID = RESOURCES.where(resource.c.id == THIS)
BY_SLUG = RESOURCES.where(resource.c.slug == THIS)
OFFER = (
    select(
        inventory,
        resource.c.kind,
        resource.c.rules,
        resource.c.time_zone,
        resource.c.horizon_days,
        resource.c.max_per_order,
        resource.c.cancellation,
        resource.c.questions,
        resource.c.closes_minutes_before,
        and_(resource.c.active, category.c.active).label("active"),
    )
    .join(resource, resource.c.id == inventory.c.resource_id)
    .join(category, category.c.id == resource.c.category_id)
    .where(inventory.c.id == THIS)
)
FARES = (
    select(fare)
    .where(fare.c.resource_id.in_(bindparam("resources", expanding=True)), fare.c.active)
    .order_by(fare.c.position, fare.c.id)
)


async def shop_view(connection: Connection) -> ShopView | None:
    row = (await connection.execute(SHOP)).one_or_none()
    if row is None:
        return None
    return ShopView(row.name, row.welcome, row.terms, row.privacy_note, _media(row.banner_id))


async def categories(connection: Connection) -> tuple[CategoryView, ...]:
    """The categories under which something is on offer, in the shop's order."""
    return tuple(_category(row) for row in await connection.execute(CATEGORIES))


async def category_view(connection: Connection, category_id: CategoryId) -> CategoryView | None:
    row = (await connection.execute(CATEGORY, {"this": category_id})).one_or_none()
    return None if row is None else _category(row)


async def count_in(connection: Connection, category_id: CategoryId) -> int:
    """How many resources a category has on offer."""
    return await connection.scalar(COUNT, {"this": category_id}) or 0


async def rows_in(
    connection: Connection, category_id: CategoryId, currency: str, now: datetime, *, skip: int, most: int
) -> tuple[ResourceRow, ...]:
    """Some of a category's resources, in the shop's order."""
    found = (await connection.execute(PAGE, {"this": category_id, "skip": skip, "most": most})).all()
    return await _rows(connection, found, currency, now)


async def rows_of(
    connection: Connection, resource_ids: Sequence[ResourceId], currency: str, now: datetime
) -> tuple[ResourceRow, ...]:
    """These resources, in this order, without those that are not on offer."""
    found = (await connection.execute(CHOSEN, {"resources": list(resource_ids)})).all()
    return await _rows(connection, sorted(found, key=lambda row: resource_ids.index(row.id)), currency, now)


async def teasers_of(
    connection: Connection, resource_ids: Sequence[ResourceId], currency: str, now: datetime
) -> tuple[Teaser, ...]:
    """The same, as other chats see them."""
    found = (await connection.execute(CHOSEN, {"resources": list(resource_ids)})).all()
    ordered = sorted(found, key=lambda row: resource_ids.index(row.id))
    shown = await _rows(connection, ordered, currency, now)
    return tuple(
        Teaser(each, row.description, row.place, _media(row.photo_id)) for each, row in zip(shown, ordered, strict=True)
    )


async def searchable(connection: Connection) -> tuple[Searchable, ...]:
    """The words of all that is on offer, in the shop's order."""
    return tuple(
        Searchable(ResourceId(row.id), row.name, row.category_name, row.place, row.description)
        for row in await connection.execute(WORDS)
    )


async def _rows(
    connection: Connection, found: Sequence[AnyRow], currency: str, now: datetime
) -> tuple[ResourceRow, ...]:
    fares = await _fares(connection, [row.id for row in found], currency)
    free = await inventory_views.with_something_to_book(
        connection,
        [(ResourceId(row.id), _terms(row)) for row in found if row.kind != EntryKind.ITEM],
        [ResourceId(row.id) for row in found if row.kind == EntryKind.ITEM],
        now,
    )
    return tuple(_row(row, fares[row.id], sold_out=row.id not in free) for row in found)


async def card(connection: Connection, resource_id: ResourceId, currency: str) -> ResourceCard | None:
    return await _card(connection, BY_ID, resource_id, currency)


async def card_by_slug(connection: Connection, slug: str, currency: str) -> ResourceCard | None:
    return await _card(connection, BY_SLUG, slug, currency)


async def offer(connection: Connection, inventory_id: InventoryId, currency: str) -> Offer | None:
    """What is on sale of one inventory row at this moment; `open` is false where any of it is out of sale."""
    row = (await connection.execute(OFFER, {"this": inventory_id})).one_or_none()
    if row is None:
        return None
    fares = (await _fares(connection, [row.resource_id], currency))[row.resource_id]
    return Offer(
        resource_id=ResourceId(row.resource_id),
        inventory_id=inventory_id,
        fares=tuple(OfferedFare(each.id, each.unit, each.seats) for each in fares),
        left=max(row.capacity - row.taken, 0),
        max_per_order=row.max_per_order,
        dated=row.kind == EntryKind.EVENT,
        open=bool(row.active) and not row.closed,
        closes_at=row.starts_at and row.starts_at - timedelta(minutes=row.closes_minutes_before),
        rules=read_kept(row.cancellation),
        letting=await _letting(connection, row, fares),
        questions=read_questions(row.questions),
    )


async def _letting(connection: Connection, row: AnyRow, fares: tuple[FareView, ...]) -> Letting | None:
    """From the day of an inventory row on what the longest stay can take; None for what is no rental."""
    rental = read_kept_rental(row.rules)
    if rental is None or not fares:
        return None
    span = lettings.Span(row.local_day, reach(rental, row.local_day))
    return await lettings.load(connection, ResourceId(row.resource_id), rental, _terms(row), fares[0].unit, span)


def terms_of(shown: ResourceCard) -> Terms:
    return Terms(shown.time_zone, shown.closes_minutes_before, shown.horizon_days)


async def _card(
    connection: Connection, query: Select[tuple[object, ...]], this: ResourceId | str, currency: str
) -> ResourceCard | None:
    row = (await connection.execute(query, {"this": this})).one_or_none()
    if row is None:
        return None
    fares = (await _fares(connection, [row.id], currency))[row.id]
    shown = _shown(row, fares)
    if shown.dated:
        return shown
    return replace(shown, stock=await inventory_views.stock(connection, shown.id))


async def _fares(
    connection: Connection, resource_ids: Iterable[int], currency: str
) -> Mapping[int, tuple[FareView, ...]]:
    """The active fares of each resource, in the shop's order."""
    by_resource: defaultdict[int, tuple[FareView, ...]] = defaultdict(tuple)
    for row in await connection.execute(FARES, {"resources": list(resource_ids)}):
        by_resource[row.resource_id] += (_fare(row, currency),)
    return by_resource


def _fare(row: AnyRow, currency: str) -> FareView:
    counted = {language: (words[0], words[1]) for language, words in row.counted.items()}
    return FareView(FareId(row.id), row.slug, row.name, counted, Money(row.unit_amount, currency), row.seats)


def _category(row: AnyRow) -> CategoryView:
    return CategoryView(CategoryId(row.id), row.slug, row.emoji, row.name)


def _row(row: AnyRow, fares: tuple[FareView, ...], *, sold_out: bool) -> ResourceRow:
    rental = read_kept_rental(row.rules)
    prices = [each.unit for each in fares]
    if rental is not None:
        prices = [lowest_price(rental, prices[0]), *(replace(prices[0], minor=rule.price) for rule in rental.prices)]
    return ResourceRow(
        id=ResourceId(row.id),
        slug=row.slug,
        kind=EntryKind(row.kind),
        name=row.name,
        duration_minutes=row.duration_minutes or None,
        price=prices[0],
        one_price=len(set(prices)) == 1,
        sold_out=sold_out,
        step=None if rental is None else rental.step,
    )


def _terms(row: AnyRow) -> Terms:
    return Terms(row.time_zone, row.closes_minutes_before, row.horizon_days)


def _shown(row: AnyRow, fares: tuple[FareView, ...]) -> ResourceCard:
    return ResourceCard(
        id=ResourceId(row.id),
        slug=row.slug,
        category_id=CategoryId(row.category_id),
        kind=EntryKind(row.kind),
        name=row.name,
        description=row.description,
        place=row.place,
        time_zone=row.time_zone,
        duration_minutes=row.duration_minutes or None,
        capacity=row.capacity,
        max_per_order=row.max_per_order,
        closes_minutes_before=row.closes_minutes_before,
        horizon_days=row.horizon_days,
        fares=fares,
        photo=_media(row.photo_id),
        stock=None,
        rules=read_kept(row.cancellation),
        rental=read_kept_rental(row.rules),
    )


def _media(found: int | None) -> MediaId | None:
    return None if found is None else MediaId(found)
