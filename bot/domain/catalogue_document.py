"""Writes a catalogue in the shape in which it is read: as a document for a file, and its rules for keeping."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.catalogue_entries import (
    CatalogueFile,
    CategoryEntry,
    ClosedDays,
    EntryKind,
    FareEntry,
    ResourceEntry,
    ScheduleRule,
    ShopTexts,
)
from bot.domain.file_questions import KEY as QUESTION
from bot.domain.file_questions import written_questions
from bot.domain.file_rentals import kept_rental, rental_document
from bot.domain.file_rules import KEY, written_steps
from bot.domain.file_schedules import read_closed, read_rule
from bot.domain.file_tables import Table
from bot.domain.money import Money, to_decimal

Document = dict[str, object]
Rules = Document
_RULES = ("schedule", "closed")


def document(catalogue: CatalogueFile) -> Document:
    """The file's contents; reading them gives the same catalogue again."""
    return {
        "format": 1,
        "shop": _shop(catalogue.shop),
        "category": [_category(entry) for entry in catalogue.categories],
        "resource": [_resource(entry, catalogue.currency) for entry in catalogue.resources],
    }


def rules_document(entry: ResourceEntry) -> Rules:
    """When an event takes place, or how a rental is let, in values that JSON knows; empty for an item."""
    if entry.kind is EntryKind.ITEM:
        return {}
    if entry.rental is None:
        rules: Rules = {"schedule": [_rule(rule) for rule in entry.schedule]}
    else:
        rules = {"rental": kept_rental(entry.rental)}
    if entry.closed:
        rules["closed"] = [{"from": days.since.isoformat(), "until": days.until.isoformat()} for days in entry.closed]
    return rules


def read_rules(kept: Mapping[str, object]) -> tuple[tuple[ScheduleRule, ...], tuple[ClosedDays, ...]]:
    """What `rules_document` wrote."""
    table = Table({key: kept.get(key, []) for key in _RULES}, "rules", [])
    schedule = tuple(read_rule(rule) for rule in table.tables("schedule"))
    return schedule, tuple(read_closed(days) for days in table.tables("closed"))


def decimal_text(minor: int, currency: str) -> str:
    """A price as it is written in the file."""
    return f"{to_decimal(Money(minor, currency)):f}"


def _shop(texts: ShopTexts) -> Document:
    written: Document = {"banner": texts.banner, "name": dict(texts.name), "welcome": dict(texts.welcome)}
    optional = {"terms": texts.terms, "privacy_note": texts.privacy_note}
    return written | {key: dict(each) for key, each in optional.items() if each}


def _category(entry: CategoryEntry) -> Document:
    return {"slug": entry.slug, "emoji": entry.emoji, "name": dict(entry.name)}


def _resource(entry: ResourceEntry, currency: str) -> Document:
    written: Document = {
        "slug": entry.slug,
        "category": entry.category,
        "kind": entry.kind.value,
        "photo": entry.photo,
        "time_zone": entry.time_zone,
        "max_per_order": entry.max_per_order,
    }
    texts = {"name": dict(entry.name), "description": dict(entry.description), "place": dict(entry.place)}
    fares = {"fare": [_fare(fare, currency) for fare in entry.fares]}
    rules = rules_document(entry)
    if entry.rental is not None:
        rules = {key: each for key, each in rules.items() if key != "rental"}
        written |= rental_document(entry.rental, currency)
    counted = _found_at(entry) | _refundable(entry) | _countable(entry)
    return written | counted | texts | fares | _asking(entry) | rules


def _found_at(entry: ResourceEntry) -> Document:
    """Only what the shop has said."""
    written: Document = {"address": entry.address} if entry.address else {}
    spot = entry.spot
    return written if spot is None else written | {"latitude": spot.latitude, "longitude": spot.longitude}


def _refundable(entry: ResourceEntry) -> Document:
    if entry.cancellation is None:
        return {}
    return {KEY: written_steps(entry.cancellation, dated=entry.kind is not EntryKind.ITEM)}


def _asking(entry: ResourceEntry) -> Document:
    return {QUESTION: written_questions(entry.questions)} if entry.questions else {}


def _countable(entry: ResourceEntry) -> Document:
    if entry.kind is EntryKind.ITEM:
        return {"stock": entry.capacity}
    duration: Document = {"duration_minutes": entry.duration_minutes} if entry.kind is EntryKind.EVENT else {}
    return duration | {
        "capacity": entry.capacity,
        "closes_minutes_before": entry.closes_minutes_before,
        "horizon_days": entry.horizon_days,
    }


def _fare(fare: FareEntry, currency: str) -> Document:
    return {
        "slug": fare.slug,
        "name": dict(fare.name),
        "counted": {language: list(words) for language, words in fare.counted.items()},
        "price": decimal_text(fare.price, currency),
        "seats": fare.seats,
    }


def _rule(rule: ScheduleRule) -> Document:
    when: Document = (
        {"dates": _iso(sorted(rule.dates))}
        if rule.dates
        else {"weekdays": [day.name.lower() for day in sorted(rule.weekdays)]}
    )
    when["times"] = [f"{time:%H:%M}" for time in rule.times]
    spans = {"from": rule.since, "until": rule.until}
    when |= {key: day.isoformat() for key, day in spans.items() if day}
    return when if rule.capacity is None else when | {"capacity": rule.capacity}


def _iso(days: Sequence[date]) -> list[str]:
    return [day.isoformat() for day in days]
