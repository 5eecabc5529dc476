"""An owner sends a catalogue file; the shop says what would change, and takes all of it or nothing."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from telegram import Document

from bot.domain.catalogue_changes import Change
from bot.domain.catalogue_file import CatalogueMistakes
from bot.domain.errors import OutOfDate
from bot.domain.ids import TelegramId
from handlers import markup
from handlers.screens import Message, Row, Screen
from handlers.staff_access import StaffCall
from handlers.staff_callbacks import StaffData, StaffTap, act
from handlers.staff_chat import send, show
from handlers.texts import Texts
from handlers.uploads import MOST_BYTES, BadUpload, Upload, unpacked

MOST_LINE = 200
MOST_BLOCK = 3500


class CatalogueImport(Protocol):
    """Takes a catalogue file; both raise CatalogueMistakes with everything that is wrong in it."""

    async def preview(self, toml: bytes, pictures: Mapping[str, bytes]) -> Sequence[Change]:
        """What would change; nothing changes."""
        ...

    async def apply(self, toml: bytes, pictures: Mapping[str, bytes], by: TelegramId) -> Sequence[Change]:
        """All of it or nothing; what has changed."""
        ...


@dataclass(frozen=True)
class Pending:
    """A file that waits for its owner's word, with what they were told that it would change."""

    digest: str
    upload: Upload
    changes: tuple[Change, ...]


class StaffCatalogue:
    """A file waits in memory, the latest of each owner; after a restart it is sent again."""

    def __init__(self, catalogue: CatalogueImport) -> None:
        self._catalogue = catalogue
        self._pending: dict[TelegramId, Pending] = {}

    async def document(self, call: StaffCall) -> None:
        """What the file would change, or every mistake in it."""
        document = call.message.document if call.message else None
        if document is None:
            return
        try:
            content = await _fetched(call, document)
            upload = await asyncio.to_thread(unpacked, document.file_name or "", content)
        except BadUpload:
            await send(call, _bad_upload(call.texts))
            return
        await self._offer(call, hashlib.sha256(content).hexdigest()[:16], upload)

    async def apply(self, call: StaffCall, data: StaffData) -> None:
        """Take the file as it was shown; where the shop has moved on since, show anew what would change."""
        pending = self._mine(call, data)
        upload = pending.upload
        try:
            if tuple(await self._catalogue.preview(upload.toml, upload.pictures)) != pending.changes:
                await self._offer(call, pending.digest, upload)
                return
            changes = await self._catalogue.apply(upload.toml, upload.pictures, call.who)
        except CatalogueMistakes as mistakes:
            await _tell(call, mistakes)
            return
        del self._pending[call.who]
        title = call.texts.gettext("Done, the shop is as in your file")
        await show(call, _listed(title, [str(change) for change in changes], call.texts))

    async def discard(self, call: StaffCall, data: StaffData) -> None:
        """Forget the file; nothing has changed."""
        self._mine(call, data)
        del self._pending[call.who]
        texts = call.texts
        await show(call, Screen(texts.gettext("Discarded"), (texts.gettext("Nothing was changed."),)).as_message())

    def _mine(self, call: StaffCall, data: StaffData) -> Pending:
        """The file that the button was shown for; raises OutOfDate when it was forgotten or another one came."""
        pending = self._pending.get(call.who)
        if pending is None or data.fields != (pending.digest,):
            raise OutOfDate
        return pending

    async def _offer(self, call: StaffCall, digest: str, upload: Upload) -> None:
        texts = call.texts
        try:
            changes = tuple(await self._catalogue.preview(upload.toml, upload.pictures))
        except CatalogueMistakes as mistakes:
            await _tell(call, mistakes)
            return
        if not changes:
            nothing = Screen(texts.gettext("Nothing would change"), (texts.gettext("The shop is as in your file."),))
            await show(call, nothing.as_message())
            return
        self._pending[call.who] = Pending(digest, upload, changes)
        rows: tuple[Row, ...] = (
            (act(texts.gettext("Apply"), StaffTap.APPLY, digest),),
            (act(texts.gettext("Discard"), StaffTap.DISCARD, digest),),
        )
        title = texts.ngettext("{count} change", "{count} changes", len(changes))
        await show(call, _listed(title, [str(change) for change in changes], texts, rows))


async def _fetched(call: StaffCall, document: Document) -> bytes:
    """Raises BadUpload for more than a bot can fetch."""
    if (document.file_size or 0) > MOST_BYTES:
        raise BadUpload
    file = await call.bot.get_file(document.file_id)
    return bytes(await file.download_as_bytearray())


def _bad_upload(texts: Texts) -> Message:
    help_ = texts.gettext(
        "Send the catalogue as a .toml file, or as a .zip with one .toml file and its pictures, of 20 MB at most."
    )
    return Screen(texts.gettext("I cannot read this file"), (help_,)).as_message()


async def _tell(call: StaffCall, mistakes: CatalogueMistakes) -> None:
    """Every mistake, in as many messages as that takes."""
    lines, texts = [str(mistake) for mistake in mistakes.mistakes], call.texts
    title = texts.ngettext("{count} mistake, nothing was changed", "{count} mistakes, nothing was changed", len(lines))
    first, *others = _blocks(lines)
    await show(call, Message("\n".join([markup.bold(title), markup.fixed(first)])))
    for block in others:
        await send(call, Message(markup.fixed(block)))


def _listed(title: str, lines: Sequence[str], texts: Texts, rows: tuple[Row, ...] = ()) -> Message:
    """The lines as far as they fit into one message, and how many more there are."""
    first = _blocks(lines)[0]
    more = len(lines) - len(first.splitlines())
    rest = [texts.ngettext("and {count} more", "and {count} more", more)] if more else []
    return Message("\n".join([markup.bold(title), markup.fixed(first), *map(markup.plain, rest)]), rows)


def _blocks(lines: Sequence[str]) -> list[str]:
    """The lines, each cut to a readable length, in blocks that fit into a message."""
    blocks: list[str] = [""]
    for line in lines:
        short = markup.cut(markup.line(line), MOST_LINE)
        if markup.units(blocks[-1]) + markup.units(short) >= MOST_BLOCK:
            blocks.append("")
        blocks[-1] += f"{short}\n"
    return [block.rstrip("\n") for block in blocks]
