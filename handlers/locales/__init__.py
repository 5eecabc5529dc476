"""The message catalogue: what the program says, per language, compiled when the program starts."""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent
DOMAIN = "guichet"


def path_of(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def compiled(language: str) -> GNUTranslations:
    """The messages of one language, ready for use. Raises FileNotFoundError for a language that we do not speak."""
    machine_readable = BytesIO()
    write_mo(machine_readable, read(language))
    machine_readable.seek(0)
    return GNUTranslations(machine_readable)
