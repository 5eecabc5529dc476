"""Writes the stored catalogue as a file, for a copy, or to be changed and taken again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import tomli_w

from bot.domain.catalogue import Picture
from bot.domain.catalogue_document import document
from bot.domain.catalogue_entries import CatalogueFile
from bot.domain.pictures import ending
from storage import catalogue_file, media
from storage.database import Connection


@dataclass(frozen=True)
class CatalogueExport:
    """A TOML text, and the pictures by the path that it names them with."""

    text: str
    pictures: Mapping[str, bytes]


async def export(connection: Connection, currency: str) -> CatalogueExport:
    stored = (await catalogue_file.load(connection, currency)).file
    digests = {entry.photo for entry in stored.resources} | {stored.shop.banner}
    known = await media.by_digest(connection, digests)
    named, pictures = _named(stored, known)
    return CatalogueExport(tomli_w.dumps(document(named), multiline_strings=True), pictures)


def _named(stored: CatalogueFile, known: Mapping[str, Picture]) -> tuple[CatalogueFile, Mapping[str, bytes]]:
    """Pictures are called after what they show; no resource's can be in the way of the banner's."""
    pictures: dict[str, bytes] = {}

    def path(stem: str, digest: str) -> str:
        if digest not in known:
            return ""
        found = known[digest]
        pictures[f"{stem}.{ending(found.content_type)}"] = found.content
        return f"{stem}.{ending(found.content_type)}"

    shop = replace(stored.shop, banner=path("banner", stored.shop.banner))
    resources = tuple(replace(entry, photo=path(f"pictures/{entry.slug}", entry.photo)) for entry in stored.resources)
    return replace(stored, shop=shop, resources=resources), pictures
