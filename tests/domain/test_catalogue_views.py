"""The small rules by which the catalogue is shown and copied."""

import pytest

from bot.domain.catalogue import text
from bot.domain.pictures import JPEG, LARGEST, PNG, content_type


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        ({"en": "Walk", "fr": "Balade"}, "Balade"),
        ({"en": "Walk", "de": "Gang"}, "Walk"),
        ({"de": "Gang"}, "Gang"),
        ({"fr": "", "en": "Walk"}, "Walk"),
        ({}, ""),
    ],
)
def test_a_text_is_shown_in_the_nearest_language_there_is(texts: dict[str, str], shown: str) -> None:
    assert text(texts, "fr", "en") == shown


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0", JPEG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"<svg>", None),
        (b"", None),
        (b"\xff\xd8\xff" + bytes(LARGEST), None),
    ],
)
def test_a_picture_is_known_by_its_content(content: bytes, kind: str | None) -> None:
    assert content_type(content) == kind
