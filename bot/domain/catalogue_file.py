"""Reads a shop's catalogue file: every mistake is told at once, with its place and what is expected there.

The format is explained in the comments of the demo shop's file, from which a real shop starts.
"""

from collections.abc import Mapping, Sequence
from zoneinfo import available_timezones

from bot.domain.catalogue_entries import (
    CatalogueFile,
    CatalogueMistake,
    CatalogueMistakes,
    CategoryEntry,
    ClosedDays,
    EntryKind,
    FareEntry,
    ResourceEntry,
    ScheduleRule,
    ShopTexts,
    Texts,
    Weekday,
)
from bot.domain.file_fares import read_fares
from bot.domain.file_places import read_address, read_spot
from bot.domain.file_questions import read_questions
from bot.domain.file_rentals import ONLY_RENTALS, read_rental
from bot.domain.file_rules import read_steps
from bot.domain.file_schedules import read_closed, read_schedule
from bot.domain.file_tables import ShopRules, Table
from bot.domain.slot_plans import SlotPlan, slots

__all__ = [
    "CatalogueFile",
    "CatalogueMistake",
    "CatalogueMistakes",
    "CategoryEntry",
    "ClosedDays",
    "EntryKind",
    "FareEntry",
    "ResourceEntry",
    "ScheduleRule",
    "ShopTexts",
    "SlotPlan",
    "Texts",
    "Weekday",
    "parse_catalogue",
    "slots",
]

MOST_CATEGORIES = 90
"""Each has a button on the first screen, and a message has room for a hundred of them."""
_ONLY_EVENTS = ("duration_minutes", "schedule")
_ONLY_DATED = ("capacity", "closes_minutes_before", "horizon_days", "closed")


def parse_catalogue(
    document: Mapping[str, object], *, currency: str, decimals: int, time_zone: str, languages: Sequence[str]
) -> CatalogueFile:
    """The catalogue in a parsed TOML document; raises `CatalogueMistakes` with all that is wrong in it.

    `decimals` is how many the currency's minor unit has, `time_zone` that of resources which name none.
    """
    shop = ShopRules(currency, decimals, time_zone, languages, frozenset(available_timezones()))
    mistakes: list[CatalogueMistake] = []
    catalogue = _catalogue(Table(document, "", mistakes), shop)
    if mistakes:
        raise CatalogueMistakes(mistakes)
    return catalogue


def _catalogue(top: Table, shop: ShopRules) -> CatalogueFile:
    if top.value("format") != 1:
        top.wrong("format", "1, the only format there is")
    texts = _shop_texts(top.table("shop"), shop)
    slugs: set[str] = set()
    categories = tuple(_category(table, shop, slugs) for table in _category_tables(top))
    known = tuple(category.slug for category in categories if category.slug)
    taken: set[str] = set()
    resources = tuple(_resource(table, shop, known, taken) for table in top.tables("resource", least=1))
    top.finish()
    return CatalogueFile(shop.currency, texts, categories, resources)


def _shop_texts(table: Table, shop: ShopRules) -> ShopTexts:
    texts = ShopTexts(
        banner=table.picture("banner"),
        name=table.texts("name", shop.languages, longest=60),
        welcome=table.texts("welcome", shop.languages, longest=300),
        terms=table.optional_texts("terms", shop.languages, longest=800),
        privacy_note=table.optional_texts("privacy_note", shop.languages, longest=800),
    )
    table.finish()
    return texts


def _category_tables(top: Table) -> list[Table]:
    found = top.tables("category", least=1)
    if len(found) > MOST_CATEGORIES:
        top.wrong("category", f"at most {MOST_CATEGORIES} categories, because all of them stand under one message")
    return found


def _category(table: Table, shop: ShopRules, taken: set[str]) -> CategoryEntry:
    entry = CategoryEntry(
        slug=table.slug(taken),
        emoji=table.string("emoji", "one emoji", longest=8),
        name=table.texts("name", shop.languages, longest=40),
    )
    table.finish()
    return entry


def _resource(table: Table, shop: ShopRules, categories: Sequence[str], taken: set[str]) -> ResourceEntry:
    kind = _kind(table)
    event, dated = kind is EntryKind.EVENT, kind is not EntryKind.ITEM
    capacity = table.integer("capacity" if dated else "stock")
    entry = ResourceEntry(
        slug=table.slug(taken),
        category=table.choice("category", categories),
        kind=kind,
        photo=table.picture("photo"),
        name=table.texts("name", shop.languages, longest=60),
        description=table.texts("description", shop.languages, longest=500),
        place=table.texts("place", shop.languages, longest=100),
        time_zone=_time_zone(table, shop),
        capacity=capacity,
        max_per_order=table.integer("max_per_order", default=10),
        duration_minutes=table.integer("duration_minutes", most=7 * 24 * 60) if event else 0,
        closes_minutes_before=table.integer("closes_minutes_before", least=0, default=0) if dated else 0,
        horizon_days=table.integer("horizon_days", most=730, default=180) if dated else 0,
        fares=(fares := read_fares(table, shop, capacity)),
        schedule=read_schedule(table) if event else (),
        closed=tuple(read_closed(days) for days in table.tables("closed")) if dated else (),
        spot=read_spot(table),
        address=read_address(table),
        cancellation=read_steps(table, dated=dated) if table.has("cancellation") else None,
        rental=read_rental(table, shop, fares) if kind is EntryKind.RENTAL else None,
        questions=read_questions(table, shop.languages),
    )
    table.finish()
    return entry


def _kind(table: Table) -> EntryKind:
    """What is no known kind is read on as an event."""
    kind = table.choice("kind", [kind.value for kind in EntryKind])
    if kind == EntryKind.ITEM:
        table.refuse((*_ONLY_EVENTS, *_ONLY_DATED, *ONLY_RENTALS), "nothing: an item has stock and no dates")
        return EntryKind.ITEM
    if kind == EntryKind.RENTAL:
        table.refuse(["stock", *_ONLY_EVENTS], "nothing: a rental has a capacity and is let from a day to a day")
        return EntryKind.RENTAL
    table.refuse(["stock"], "nothing: an event has a capacity; stock is for an item")
    table.refuse(ONLY_RENTALS, "nothing: only a rental is let from a day to a day")
    return EntryKind.EVENT


def _time_zone(table: Table, shop: ShopRules) -> str:
    return table.choice("time_zone", shop.time_zones) if table.has("time_zone") else shop.time_zone
