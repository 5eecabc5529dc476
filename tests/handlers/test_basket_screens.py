"""Rules of the screens of baskets and questions, whatever the shop and its guests have written."""

import re
from collections.abc import Iterator

import pytest

from bot.domain.baskets import Entry, EntryView, Labelled, basket, viewed
from bot.domain.errors import Gone
from bot.domain.ids import FareId, InventoryId, ResourceId
from bot.domain.money import Money
from bot.domain.questions import Option, Per, Question, QuestionKind, Questionnaire, all_asked
from bot.domain.refund_rules import RefundStep, Rules
from bot.domain.selection import Offer, OfferedFare, Selection
from handlers import markup
from handlers.basket import basket_screen
from handlers.questions import answers_screen, question_screen
from handlers.screens import Screen
from handlers.texts import Texts, Translations
from tests.handlers import views

ADULT = FareId(1)


def entry(number: int, words: str, unit: int = 3900, *, gone: bool = False, rules: Rules | None = None) -> EntryView:
    row = InventoryId(10**12 + number)
    fare = OfferedFare(ADULT, Money(unit, "EUR"), 1)
    offer = Offer(
        ResourceId(1), row, (fare,), left=9, max_per_order=9, dated=True, open=not gone, closes_at=None, rules=rules
    )
    counted = {ADULT: {"en": (words, words), "fr": (words, words)}}
    label = Labelled(ResourceId(1), views.both(words), views.ZONE, None, views.DAWN, counted)
    return viewed(Entry(row, {ADULT: 2}, {ADULT: 3000}), offer, label, views.DEADLINE)


def full_of(words: str) -> Questionnaire:
    option = Option("o" * 40, views.both(words))
    questions = tuple(
        Question(f"{kind}-{per}", kind, per, True, views.both(words), (option,)) for kind in QuestionKind for per in Per
    )
    asked = all_asked(questions, 30)
    drafts = {each.key: each.question.values[0] if each.question.values else words or "?" for each in asked}
    return Questionnaire(asked, drafts)


def every_screen(texts: Texts, words: str) -> Iterator[Screen]:
    entries = [entry(number, words, gone=number == 3) for number in range(10)]
    shown = basket(entries, "EUR")
    yield basket_screen(shown, texts, views.DEADLINE, hold_minutes=15, nonce_="abcdefgh")
    yield basket_screen(basket(entries[:1], "EUR"), texts, views.DEADLINE, hold_minutes=15, nonce_="abcdefgh")
    yield basket_screen(basket([], "EUR"), texts, views.DEADLINE, hold_minutes=15, nonce_="abcdefgh")
    found = full_of(words)
    selection = Selection(InventoryId(10**12), {FareId(10**6 + number): 9 for number in range(5)})
    for place in range(len(found.asked)):
        yield question_screen(found, place, selection, views.card(words), texts)
    for page in (1, 99):
        yield answers_screen(found, selection, views.card(words), texts, page)


@pytest.mark.fault(44)
@pytest.mark.parametrize("words", ["Sunrise", "<i>\u202e&" * 1000, "😀" * 5000, ""])
def test_every_screen_is_one_that_telegram_takes(texts: Texts, words: str) -> None:
    for screen in every_screen(texts, words):
        assert markup.units(screen.caption) <= markup.CAPTION + 5 * screen.caption.count("&") + len("<b></b>")
        assert "<i>" not in screen.caption
        assert sum(len(row) for row in screen.rows) <= 100
        assert all(button.built() for row in screen.rows for button in row)


def test_what_is_gone_takes_the_way_to_pay_away(texts: Texts) -> None:
    entries = [entry(1, "Sunrise"), entry(2, "Kayak", gone=True)]
    assert isinstance(entries[1].trouble, Gone)
    rows = basket_screen(basket(entries, "EUR"), texts, views.DEADLINE, hold_minutes=15, nonce_="abcdefgh").rows
    assert rows[0] == ()
    assert len(rows) == 4


def ten(french: Texts, words: str, *rules: Rules) -> Screen:
    """Ten things at ten prices, with these rules in turn."""
    entries = [entry(number, words, 1000 + number, rules=rules[number % len(rules)]) for number in range(10)]
    return basket_screen(basket(entries, "EUR"), french, views.DEADLINE, hold_minutes=15, nonce_="abcdefgh")


def amounts(screen: Screen) -> list[str]:
    return re.findall(r"· (20,\d\d)", screen.as_message().html.replace("\N{NO-BREAK SPACE}", " "))


def test_ten_things_are_all_shown_with_their_prices_and_rules(translations: Translations) -> None:
    day_before = RefundStep(24, 100)
    shown = ten(
        translations.for_("fr"), "Les Glières sous les étoiles", (day_before,), (day_before, RefundStep(2, 50)), ()
    )
    assert shown.wordy
    assert len(amounts(shown)) == 10
    said = shown.as_message().html
    assert "…" not in said
    assert said.count("Annulation gratuite") == 7


def test_rules_give_way_before_prices_where_no_message_can_hold_both(translations: Translations) -> None:
    longest = tuple(RefundStep(240 - number, 90 - number) for number in range(5))
    shown = ten(translations.for_("fr"), "x" * 50, longest, (*longest[:4], RefundStep(1, 1)))
    assert len(amounts(shown)) == 10
    said = shown.as_message().html
    assert said.count("Ce qui est remboursé en cas d’annulation est indiqué sur la fiche de chaque article.") == 1
    assert "…" not in said


def test_a_basket_that_fits_below_a_picture_stands_there(translations: Translations) -> None:
    english = translations.for_("en")
    shown = basket([entry(1, "Map")], "EUR")
    assert not basket_screen(shown, english, views.DEADLINE, hold_minutes=15, nonce_="abcdefgh").wordy


def test_rules_of_cancelling_that_differ_stand_with_what_they_are_of(translations: Translations) -> None:
    english = translations.for_("en")
    day_before = entry(2, "Boat", rules=(RefundStep(24, 100),))
    shown = basket_screen(
        basket([entry(1, "Map"), day_before], "EUR"), english, views.DEADLINE, hold_minutes=15, nonce_="abcdefgh"
    )
    blocks = [part for part in shown.caption.replace("\N{NO-BREAK SPACE}", " ").split("\n\n") if "€" in part]
    assert [part.splitlines()[2] for part in blocks[:2]] == [
        "No refund after paying",
        "Free cancellation until 24 h before",
    ]
