"""Takes a shop's catalogue file: shows what would change, then changes all of it or nothing."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.availability import Terms
from bot.domain.catalogue_changes import (
    Change,
    StoredCatalogue,
    catalogue_changes,
    picture_paths,
    slot_lines,
    with_digests,
)
from bot.domain.catalogue_entries import (
    CatalogueFile,
    CatalogueMistake,
    CatalogueMistakes,
    EntryKind,
    ResourceEntry,
)
from bot.domain.catalogue_file import parse_catalogue
from bot.domain.ids import MediaId, ResourceId, TelegramId
from bot.domain.money import decimals
from bot.domain.pictures import content_type, unusable
from bot.domain.slot_changes import SlotChanges, slot_changes, slot_mistakes
from bot.domain.time import Clock
from bot.services import catalogue_export
from bot.services.catalogue_export import CatalogueExport
from bot.services.offering import Offering
from bot.services.reminders import Reminders
from storage import audit, catalogue_file, catalogue_saving, media, slots
from storage.database import Connection, Database
from storage.media import digest_of

Pictures = Mapping[str, bytes]


@dataclass(frozen=True)
class CataloguePlan:
    """A file that can be taken as things are, and what that changes; `pictures` by their path in the file."""

    file: CatalogueFile
    pictures: Pictures
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class _Comparison:
    wanted: CatalogueFile
    slots: Mapping[str, SlotChanges]
    changes: tuple[Change, ...]


class CatalogueImport:
    """Every mistake raises CatalogueMistakes with all that is wrong, and then nothing is changed.

    `reminders` plans anew for those who have booked a slot whose times change, `offering` gives seats that it adds to
    those who wait for them.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        currency: str,
        time_zone: str,
        languages: Sequence[str],
        reminders: Reminders | None = None,
        offering: Offering | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._currency = currency
        self._time_zone = time_zone
        self._languages = tuple(languages)
        self._reminders = reminders
        self._offering = offering

    def read(self, content: bytes) -> CatalogueFile:
        """The catalogue in a TOML file."""
        try:
            document = tomllib.loads(content.decode("utf-8-sig"))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise CatalogueMistakes([CatalogueMistake("file", f"TOML in UTF-8: {error}")]) from error
        return parse_catalogue(
            document,
            currency=self._currency,
            decimals=decimals(self._currency),
            time_zone=self._time_zone,
            languages=self._languages,
        )

    async def plan(self, file: CatalogueFile, pictures: Pictures) -> CataloguePlan:
        """What taking the file would change. A picture that is not given stays as it was before."""
        named = picture_paths(file)
        pictures = {path: content for path, content in pictures.items() if path in named}
        async with self._database.read() as connection:
            comparison = await self._compare(connection, file, pictures)
        return CataloguePlan(file, pictures, comparison.changes)

    async def apply(self, plan: CataloguePlan, by: TelegramId | None = None) -> tuple[Change, ...]:
        """Take the file as things are now, whole or not at all; says what that changed."""
        now = self._clock.now()

        async def work(connection: Connection) -> tuple[Change, ...]:
            await catalogue_saving.lock(connection)
            await slots.lock(connection, self._since())
            comparison = await self._compare(connection, plan.file, plan.pictures)
            photos = await _keep(connection, plan.pictures)
            ids = await catalogue_saving.save(connection, comparison.wanted, photos)
            await _save_inventory(connection, comparison, ids)
            await self._remind_anew(connection, comparison)
            if self._offering is not None:
                await self._offering.catch_up(connection, now)
            await audit.append(connection, now, by, "catalogue.imported", {"changes": len(comparison.changes)})
            return comparison.changes

        changes = await self._database.run(work)
        if self._offering is not None:
            self._offering.made()
        return changes

    async def extend_slots(self) -> int:
        """Make the slots that came within the horizon as days passed; says how many."""

        async def work(connection: Connection) -> int:
            await catalogue_saving.lock(connection)
            coming = await self._slot_changes(connection, await catalogue_file.resources(connection))
            added = {slug: changes.added for slug, changes in coming.items() if changes.added}
            ids = await catalogue_saving.ids_by_slug(connection) if added else {}
            for slug, plans in added.items():
                await slots.add(connection, ids[slug], plans)
            return sum(map(len, added.values()))

        return await self._database.run(work)

    async def export(self) -> CatalogueExport:
        """The catalogue as a file that imports to the same again, and its pictures by their path in it."""
        async with self._database.read() as connection:
            return await catalogue_export.export(connection, self._currency)

    async def _compare(self, connection: Connection, file: CatalogueFile, pictures: Pictures) -> _Comparison:
        stored = await catalogue_file.load(connection, self._currency)
        changed = await self._slot_changes(connection, file.resources)
        taken = await slots.stock_taken(connection)
        mistakes = [*_pictures_mistakes(pictures), *_taken_mistakes(file, changed, taken)]
        wanted = _with_digests(file, pictures, stored, mistakes)
        lines = [*catalogue_changes(stored.file, wanted)]
        lines += [line for slug, changes in changed.items() for line in slot_lines(slug, changes)]
        return _Comparison(wanted, changed, tuple(lines))

    async def _slot_changes(
        self, connection: Connection, resources: Iterable[ResourceEntry]
    ) -> Mapping[str, SlotChanges]:
        coming = await slots.coming(connection, self._since())
        return {
            entry.slug: slot_changes(entry, coming.get(entry.slug, []), self._today(entry))
            for entry in resources
            if entry.kind is not EntryKind.ITEM
        }

    async def _remind_anew(self, connection: Connection, comparison: _Comparison) -> None:
        """What was planned for the old times of a slot is not sent; whoever has booked hears at the new ones."""
        changed = [each.before for changes in comparison.slots.values() for each in changes.changed]
        if self._reminders is not None:
            booked = [slot.inventory_id for slot in changed if slot.taken]
            await self._reminders.slots_changed(connection, booked, self._clock.now())

    def _today(self, entry: ResourceEntry) -> date:
        return Terms(entry.time_zone, entry.closes_minutes_before, entry.horizon_days).today(self._clock.now())

    def _since(self) -> date:
        """A day that is not after today anywhere."""
        return self._clock.now().date() - timedelta(days=1)


def _pictures_mistakes(pictures: Pictures) -> Iterator[CatalogueMistake]:
    return (unusable(path) for path, content in pictures.items() if content_type(content) is None)


def _taken_mistakes(
    file: CatalogueFile, changed: Mapping[str, SlotChanges], taken: Mapping[str, int]
) -> Iterator[CatalogueMistake]:
    """Where the file would take seats or stock from those who have them."""
    for index, entry in enumerate(file.resources):
        place = f"resource[{index}] ({entry.slug})"
        if entry.kind is not EntryKind.ITEM:
            yield from slot_mistakes(place, changed[entry.slug].changed)
        elif taken.get(entry.slug, 0) > entry.capacity:
            expected = f"at least {taken[entry.slug]}, which are taken; not {entry.capacity}"
            yield CatalogueMistake(f"{place}.stock", expected)


def _with_digests(
    file: CatalogueFile, pictures: Pictures, stored: StoredCatalogue, mistakes: Sequence[CatalogueMistake]
) -> CatalogueFile:
    digests = {path: digest_of(content) for path, content in pictures.items()}
    try:
        wanted = with_digests(file, digests, stored)
    except CatalogueMistakes as more:
        raise CatalogueMistakes([*mistakes, *more.mistakes]) from None
    if mistakes:
        raise CatalogueMistakes(mistakes)
    return wanted


async def _keep(connection: Connection, pictures: Pictures) -> Mapping[str, MediaId]:
    """All pictures by their digest, the new ones stored."""
    types = ((content_type(content), content) for content in pictures.values())
    await media.keep_all(connection, [(kind, content) for kind, content in types if kind is not None])
    return await media.ids_by_digest(connection)


async def _save_inventory(connection: Connection, comparison: _Comparison, ids: Mapping[str, ResourceId]) -> None:
    for entry in comparison.wanted.resources:
        if entry.kind is EntryKind.ITEM:
            await slots.set_stock(connection, ids[entry.slug], entry.capacity)
        else:
            await slots.save(connection, ids[entry.slug], comparison.slots[entry.slug])
