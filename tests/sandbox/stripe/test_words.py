"""The words of the pay page."""

import re

from bot.sandbox.stripe.cards import CARDS
from bot.sandbox.stripe.words import ENGLISH, FRENCH


def test_french_has_every_word_that_english_has() -> None:
    assert ENGLISH.keys() == FRENCH.keys()


def test_both_languages_have_the_same_placeholders() -> None:
    def holes(words: dict[str, str]) -> dict[str, set[str]]:
        return {name: set(re.findall(r"{\w+}", text)) for name, text in words.items()}

    assert holes(ENGLISH) == holes(FRENCH)


def test_every_test_card_has_a_label() -> None:
    assert {card.slot for card in CARDS} <= ENGLISH.keys()
