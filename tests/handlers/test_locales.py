"""The message catalogue is complete in every language, and says the same thing in each."""

import re
from collections.abc import Iterator
from string import Formatter

import pytest
from babel.messages.catalog import Message

from handlers.locales import path_of, read
from handlers.locales.__main__ import extracted, languages, renewed, written

LANGUAGES = languages()
SPACED = re.compile(r"(?<=\S)[ ](?=[:;?!»%])|«[ ]")


def forms(message: Message) -> list[tuple[str, str]]:
    """Each source form with its translation."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return list(zip(message.id, message.string, strict=True))


def said(language: str) -> Iterator[tuple[str, str]]:
    return (form for message in read(language) if message.id for form in forms(message))


def places(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def test_english_and_french_are_there() -> None:
    assert {"en", "fr"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_untranslated_or_fuzzy(language: str) -> None:
    assert [source for source, translation in said(language) if not translation.strip()] == []
    assert [message.id for message in read(language) if message.id and message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_exactly_what_the_code_says(language: str) -> None:
    wanted = {message.id for message in extracted() if message.id}
    assert {message.id for message in read(language) if message.id} == wanted
    assert not read(language).obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_fill_the_same_places(language: str) -> None:
    for source, translation in said(language):
        assert places(translation) <= places(source) | {"count"}, source
        assert places(source) - {"count"} <= places(translation), source


def test_english_says_what_the_code_says() -> None:
    assert [source for source, translation in said("en") if source != translation] == []


def test_french_keeps_its_signs_together() -> None:
    assert [translation for _, translation in said("fr") if SPACED.search(translation)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_glued_from_parts(language: str) -> None:
    assert [source for source, _ in said(language) if source != source.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_bringing_the_catalogue_up_to_date_changes_nothing(language: str) -> None:
    assert written(renewed(language)) == path_of(language).read_bytes()
