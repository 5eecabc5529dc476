"""Bring the message catalogue up to date with the code: `python -m handlers.locales`.

New messages enter every language untranslated (English takes the source text), unused ones leave.
Translations are then written by hand into `handlers/locales/<language>/LC_MESSAGES/guichet.po`.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from handlers.locales import FOLDER, path_of, read

CODE = FOLDER.parent
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "N_": None}


def extracted() -> Catalog:
    """Every message that the code can say, in the order of the files."""
    catalog = Catalog(project="Guichet", fuzzy=False)
    for file, _line, message, comments, context in extract_from_dir(
        CODE, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=("Note:",), strip_comment_tags=True
    ):
        catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalog


def renewed(language: str) -> Catalog:
    """The language's catalogue with exactly the messages that the code has."""
    catalog = read(language)
    created = catalog.creation_date
    catalog.update(extracted(), no_fuzzy_matching=True, update_header_comment=False)
    catalog.creation_date = created
    catalog.obsolete.clear()
    if language == "en":
        for message in catalog:
            _say_as_written(message)
    return catalog


def _say_as_written(message: Message) -> None:
    """English is what the code says."""
    if message.id and not message.pluralizable:
        message.string = message.id
    elif message.id:
        message.string = tuple(message.id)


def written(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_po(
        file, catalog, width=110, sort_output=True, omit_header=False, include_previous=False, include_lineno=False
    )
    return file.getvalue()


def languages() -> list[str]:
    return sorted(path.name for path in FOLDER.iterdir() if (path / "LC_MESSAGES").is_dir())


def main() -> None:
    for language in languages():
        path: Path = path_of(language)
        path.write_bytes(written(renewed(language)))


if __name__ == "__main__":
    main()
