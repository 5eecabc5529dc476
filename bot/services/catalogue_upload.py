"""Takes a catalogue file that somebody sent, without keeping anything between looking and taking."""

from collections.abc import Mapping

from bot.domain.catalogue_changes import Change
from bot.domain.ids import TelegramId
from bot.services.catalogue_import import CatalogueImport


class CatalogueUpload:
    """Both raise CatalogueMistakes with everything that is wrong in the file or cannot be done."""

    def __init__(self, importing: CatalogueImport) -> None:
        self._importing = importing

    async def preview(self, toml: bytes, pictures: Mapping[str, bytes]) -> tuple[Change, ...]:
        """What would change; nothing changes."""
        return (await self._importing.plan(self._importing.read(toml), pictures)).changes

    async def apply(self, toml: bytes, pictures: Mapping[str, bytes], by: TelegramId) -> tuple[Change, ...]:
        """All of it or nothing; what has changed."""
        plan = await self._importing.plan(self._importing.read(toml), pictures)
        return await self._importing.apply(plan, by)
