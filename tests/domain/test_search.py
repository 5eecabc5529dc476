"""Words find resources: every word must occur, its beginning is enough, accents and case do not count."""

import pytest

from bot.domain.ids import ResourceId
from bot.domain.search import MOST_BYTES, Searchable, all_or_found, asked, found, indexed, words

SUNRISE = Searchable(
    ResourceId(1),
    {"en": "Sunrise on the Semnoz", "fr": "Lever de soleil au Semnoz"},
    {"en": "Walks", "fr": "Balades"},
    {"en": "Semnoz car park", "fr": "Parking du Semnoz"},
    {"en": "Breakfast above the lake.", "fr": "Petit déjeuner au-dessus du lac."},
)
LAKE = Searchable(
    ResourceId(2),
    {"en": "Lake loop by e-bike", "fr": "Le tour du lac à vélo"},
    {"en": "Boats and bikes", "fr": "Bateaux et vélos"},
    {"en": "Annecy", "fr": "Annecy"},
    {"en": "All around.", "fr": "Tout autour, à l’œil."},
)
SHOP = (SUNRISE, LAKE)


@pytest.mark.parametrize(
    ("question", "language", "hits"),
    [
        ("semnoz", "en", [1]),
        ("SEMN", "en", [1]),
        ("velo", "fr", [2]),
        ("Vélo", "fr", [2]),
        ("petit dejeuner", "fr", [1]),
        ("oeil", "fr", [2]),
        ("lake", "en", [2, 1]),  # the name weighs more than the description
        ("lac", "en", [2, 1]),  # in another language than the reader's
        ("l'annecy", "fr", [2]),
        ("bike annecy", "en", [2]),
        ("bike semnoz", "en", []),
        ("emnoz", "en", []),
        ("🥾", "en", []),
        ("", "en", []),
    ],
)
def test_every_word_must_begin_a_word(question: str, language: str, hits: list[int]) -> None:
    assert list(found(indexed(SHOP), question, language)) == hits


def test_what_the_reader_can_read_comes_first() -> None:
    french_only = Searchable(ResourceId(3), {"fr": "Lake"}, {}, {}, {})
    english_last = Searchable(ResourceId(4), {"en": "Other"}, {}, {}, {"en": "at the lake"})
    index = indexed((french_only, english_last))
    assert found(index, "lake", "en") == (4, 3)
    assert found(index, "lake", "fr") == (3, 4)


def test_equals_come_in_the_shops_order() -> None:
    assert found(indexed((LAKE, SUNRISE)), "s", "fr") == (1,)
    assert found(indexed(SHOP), "l", "fr") == (1, 2)
    assert found(indexed(SHOP[::-1]), "l", "fr") == (2, 1)


def test_no_words_ask_for_everything_only_where_that_is_wanted() -> None:
    assert all_or_found(indexed(SHOP), " ?! ", "en") == (1, 2)
    assert all_or_found(indexed(SHOP), "bike", "en") == (2,)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("  tour  du\nlac ", "tour du lac"),
        ("a:b", "a b"),
        ("mountain " * 9, "mountain mountain mountain mountain mountain"),
        ("x" * 4096, "x" * MOST_BYTES),
        ("é" * 4096, "é" * (MOST_BYTES // 2)),
        ("😀" * 4096, "😀" * (MOST_BYTES // 4)),
        ("\ud800lake", "lake"),
    ],
)
@pytest.mark.fault(44)
def test_a_question_fits_into_a_button_and_asks_the_same_again(text: str, question: str) -> None:
    assert asked(text) == question
    assert asked(question) == question
    assert len(asked(text).encode()) <= MOST_BYTES


def test_words_are_plain_and_each_there_once() -> None:
    assert words("Été, à l'ŒUF! été_2") == ("ete", "a", "l", "oeuf", "2")
    assert words("Straße STRASSE") == ("strasse",)
