"""Amounts, dates and lists as the reader's language writes them."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.money import Money
from handlers.texts import Translations

DAWN = datetime(2026, 12, 12, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "money", "price", "moment", "duration"),
    [
        ("en", "€1,239.50", "€39", "Sat 12 Dec 2026, 06:00", "1 h 30"),
        ("fr", "1 239,50 €", "39 €", "sam. 12 déc. 2026, 06:00", "1 h 30"),
    ],
)
def test_figures_read_as_the_language_writes_them(
    translations: Translations, language: str, money: str, price: str, moment: str, duration: str
) -> None:
    texts = translations.for_(language)
    said = (
        texts.money(Money(123950, "EUR")),
        texts.price(Money(3900, "EUR")),
        texts.moment(DAWN, "Europe/Paris"),
        texts.duration(90),
    )
    assert tuple(_plain(words) for words in said) == (money, price, moment, duration)


def _plain(words: str) -> str:
    """With ordinary spaces, for reading."""
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Money(-11800, "EUR"), "−€118.00"),
        (Money(500, "JPY"), "¥500"),
        (Money(500, "ISK"), "ISK 5"),
        (Money(1500, "KWD"), "KWD 1.500"),
    ],
)
def test_each_currency_has_its_own_decimals(translations: Translations, amount: Money, said: str) -> None:
    assert _plain(translations.for_("en").money(amount)) == said


def test_a_price_hides_only_decimals_that_are_zero(translations: Translations) -> None:
    assert translations.for_("en").price(Money(3950, "EUR")) == "€39.50"


@pytest.mark.fault(33)
def test_time_is_local_on_both_nights_of_the_clock_change(translations: Translations) -> None:
    texts = translations.for_("en")
    assert texts.time(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Paris") == "02:30"
    assert texts.time(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Paris") == "02:30"
    assert texts.time(datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "Europe/Paris") == "03:00"


def test_guests_are_counted_by_the_languages_own_rule(translations: Translations) -> None:
    forms = {"en": ("child", "children"), "fr": ("enfant", "enfants")}
    assert _plain(translations.for_("en").counted(forms, 0)) == "0 children"
    assert _plain(translations.for_("fr").counted(forms, 0)) == "0 enfant"
    assert _plain(translations.for_("fr").counted(forms, 2)) == "2 enfants"


def test_a_language_that_nobody_speaks_becomes_the_shops_first(translations: Translations) -> None:
    assert translations.for_("pt-BR").language == "en"
    assert translations.for_("fr-CH").language == "fr"
    assert translations.for_(None).language == "en"


def test_the_shops_own_words_fall_back_to_what_there_is(translations: Translations) -> None:
    assert translations.for_("fr").own({"en": "Boats"}) == "Boats"
    assert translations.for_("fr").own({}) == ""


def test_weeks_begin_where_the_reader_expects_it(translations: Translations) -> None:
    assert translations.for_("en").weekdays == ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    assert translations.for_("fr").weekdays[0] == "Lu"


def test_a_date_is_written_small_in_french_except_at_the_beginning_of_a_line(translations: Translations) -> None:
    french = translations.for_("fr")
    assert french.month(date(2026, 12, 1)) == "décembre 2026"
    assert french.opening(french.month(date(2026, 12, 1))) == "Décembre 2026"
    assert french.opening("") == ""
