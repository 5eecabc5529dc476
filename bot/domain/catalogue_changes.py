"""What would change if a catalogue file were taken, told so that a person can decide on it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.catalogue_document import decimal_text, rules_document
from bot.domain.catalogue_entries import (
    CatalogueFile,
    CatalogueMistake,
    CatalogueMistakes,
    EntryKind,
    FareEntry,
    ResourceEntry,
    Step,
    Texts,
)
from bot.domain.file_questions import written_questions
from bot.domain.file_rentals import rental_document
from bot.domain.slot_changes import SlotChanges, local_day

Fields = dict[str, str]
Things = dict[tuple[str, str], Fields]


class ChangeKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class Change:
    """One line: `what` is shop, category, resource, fare, slots or slot; `name` its slug; `field` what of it."""

    kind: ChangeKind
    what: str
    name: str
    field: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        sign = {ChangeKind.ADDED: "+", ChangeKind.CHANGED: "~", ChangeKind.REMOVED: "-"}[self.kind]
        subject = " ".join(part for part in (sign, self.what, self.name, self.field) if part)
        values = " → ".join(value for value in (self.before, self.after) if value)
        return f"{subject}: {values}" if values else subject


@dataclass(frozen=True)
class StoredCatalogue:
    """What is on offer now, pictures named by their digest; `kinds` and `steps` are those of all slugs ever used."""

    file: CatalogueFile
    kinds: Mapping[str, EntryKind]
    steps: Mapping[str, Step]


def picture_paths(file: CatalogueFile) -> frozenset[str]:
    """The pictures that a file names, relative to it."""
    return frozenset({file.shop.banner, *(entry.photo for entry in file.resources)})


def with_digests(file: CatalogueFile, digests: Mapping[str, str], stored: StoredCatalogue) -> CatalogueFile:
    """The file with its pictures named by their digest; where one is not given, the picture of before stays.

    Raises CatalogueMistakes for pictures that are nowhere, and for things that became of another kind or step.
    """
    mistakes = [*_other_kinds(file, stored), *_other_steps(file, stored)]
    photos = {entry.slug: entry.photo for entry in stored.file.resources}

    def digest(path: str, place: str, before: str) -> str:
        if path not in digests and not before:
            mistakes.append(CatalogueMistake(place, f"a picture that is there; {path} is not"))
        return digests.get(path, before)

    resources = tuple(
        replace(entry, photo=digest(entry.photo, f"resource[{index}].photo", photos.get(entry.slug, "")))
        for index, entry in enumerate(file.resources)
    )
    shop = replace(file.shop, banner=digest(file.shop.banner, "shop.banner", stored.file.shop.banner))
    if mistakes:
        raise CatalogueMistakes(mistakes)
    return replace(file, shop=shop, resources=resources)


def catalogue_changes(before: CatalogueFile, after: CatalogueFile) -> Iterator[Change]:
    """The lines for everything but slots; both with their pictures named by digest."""
    old, new = _things(before), _things(after)
    for thing, fields in new.items():
        if thing in old:
            yield from _differences(thing, old[thing], fields)
        else:
            yield Change(ChangeKind.ADDED, *thing)
    yield from (Change(ChangeKind.REMOVED, *thing) for thing in old if thing not in new)
    for what in ("category", "resource", "fare"):
        yield from _order(what, _names(old, what), _names(new, what))


def slot_lines(slug: str, changes: SlotChanges) -> Iterator[Change]:
    if changes.added:
        yield Change(
            ChangeKind.ADDED, "slots", slug, after=_span(local_day(plan).isoformat() for plan in changes.added)
        )
    resized = Counter((change.before.capacity, change.after.capacity) for change in changes.changed)
    for (before, after), count in resized.items():
        if before != after:
            yield Change(ChangeKind.CHANGED, "slots", slug, "capacity", str(before), f"{after} ({count})")
    for change in changes.changed:
        if change.before.closed:
            yield Change(ChangeKind.CHANGED, "slot", f"{slug} {change.before.key}", "closed", "yes", "no")
    for slot in changes.closed:
        taken = "1 seat taken" if slot.taken == 1 else f"{slot.taken} seats taken"
        yield Change(ChangeKind.CHANGED, "slot", f"{slug} {slot.key}", "closed", taken, "yes")
    if changes.removed:
        days = _span(slot.local_day.isoformat() for slot in changes.removed)
        yield Change(ChangeKind.REMOVED, "slots", slug, before=days)


def _other_kinds(file: CatalogueFile, stored: StoredCatalogue) -> Iterator[CatalogueMistake]:
    for index, entry in enumerate(file.resources):
        kind = stored.kinds.get(entry.slug, entry.kind)
        if kind is not entry.kind:
            yield CatalogueMistake(f"resource[{index}].kind", f'"{kind}", as before; another kind needs another slug')


def _other_steps(file: CatalogueFile, stored: StoredCatalogue) -> Iterator[CatalogueMistake]:
    """A stay that somebody has bought is told in the steps of its resource."""
    for index, entry in enumerate(file.resources):
        step = stored.steps.get(entry.slug)
        if entry.rental is not None and step not in {None, entry.rental.step}:
            yield CatalogueMistake(f"resource[{index}].step", f'"{step}", as before; another step needs another slug')


def _differences(thing: tuple[str, str], old: Fields, new: Fields) -> Iterator[Change]:
    for field in [*new, *(field for field in old if field not in new)]:
        if old.get(field, "") != new.get(field, ""):
            yield Change(ChangeKind.CHANGED, *thing, field, old.get(field, ""), new.get(field, ""))


def _names(things: Things, what: str) -> list[str]:
    """In their order; fares within their resource, whose own order is another matter."""
    names = [name for kind, name in things if kind == what]
    return sorted(names, key=lambda name: name.split("/", maxsplit=1)[0]) if what == "fare" else names


def _order(what: str, old: list[str], new: list[str]) -> Iterator[Change]:
    before, after = [name for name in old if name in new], [name for name in new if name in old]
    if before != after:
        yield Change(ChangeKind.CHANGED, what, "", "order", ", ".join(before), ", ".join(after))


def _things(catalogue: CatalogueFile) -> Things:
    shop = catalogue.shop
    texts = {"name": shop.name, "welcome": shop.welcome, "terms": shop.terms, "privacy_note": shop.privacy_note}
    things: Things = {("shop", ""): {"banner": shop.banner[:8]} | _flat(texts)} if shop.name else {}
    for category in catalogue.categories:
        things["category", category.slug] = {"emoji": category.emoji} | _flat({"name": category.name})
    for entry in catalogue.resources:
        things["resource", entry.slug] = _resource(entry, catalogue.currency)
        for fare in entry.fares:
            things["fare", f"{entry.slug}/{fare.slug}"] = _fare(fare, catalogue.currency)
    return things


def _resource(entry: ResourceEntry, currency: str) -> Fields:
    texts = {"name": entry.name, "description": entry.description, "place": entry.place}
    return {
        "category": entry.category,
        "photo": entry.photo[:8],
        "time_zone": entry.time_zone,
        "capacity" if entry.kind is not EntryKind.ITEM else "stock": str(entry.capacity),
        "max_per_order": str(entry.max_per_order),
        "duration_minutes": str(entry.duration_minutes),
        "closes_minutes_before": str(entry.closes_minutes_before),
        "horizon_days": str(entry.horizon_days),
        **_found_at(entry),
        "cancellation": _refundable(entry),
        "questions": _asked(entry),
        **_flat(texts),
        **_rental(entry, currency),
        **{key: _rules(rules) for key, rules in rules_document(entry).items() if isinstance(rules, list)},
    }


def _rental(entry: ResourceEntry, currency: str) -> Fields:
    written = {} if entry.rental is None else rental_document(entry.rental, currency)
    return {key: _rules(value) if key == "price" else _words(value) for key, value in written.items()}


def _refundable(entry: ResourceEntry) -> str:
    """As in `24 h 100 %, 2 h 50 %`."""
    if entry.cancellation is None:
        return "as in the settings"
    return ", ".join(f"{each.hours} h {each.percent} %" for each in entry.cancellation) or "nothing goes back"


def _asked(entry: ResourceEntry) -> str:
    """Each question with all that it says: whatever is changed of it shows."""
    return "; ".join(_words(list(_flattened(each))) for each in written_questions(entry.questions))


def _flattened(value: object) -> Iterator[str]:
    """The words of a table, and of the tables in it."""
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else None
    if inner is None:
        yield str(value)
    else:
        for each in inner:
            yield from _flattened(each)


def _found_at(entry: ResourceEntry) -> Fields:
    spot = entry.spot
    point = {} if spot is None else {"latitude": str(spot.latitude), "longitude": str(spot.longitude)}
    return point | {"address": entry.address}


def _fare(fare: FareEntry, currency: str) -> Fields:
    counted = {language: " / ".join(words) for language, words in fare.counted.items()}
    figures = {"price": decimal_text(fare.price, currency), "seats": str(fare.seats)}
    return figures | _flat({"name": fare.name, "counted": counted})


def _flat(texts: Mapping[str, Texts]) -> Fields:
    return {f"{field}.{language}": words for field, each in texts.items() for language, words in each.items()}


def _rules(rules: object) -> str:
    """Rules as a person reads them: `sat, sun 06:00; 2026-12-24 18:00`."""
    rows = rules if isinstance(rules, list) else []
    return "; ".join(" ".join(_words(value) for value in rule.values()) for rule in rows)


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _span(days: Iterable[str]) -> str:
    found = sorted(days)
    return f"{len(found)} ({found[0]} – {found[-1]})"
