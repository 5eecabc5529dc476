"""The largest catalogue that can be imported has screens that Telegram takes."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import pytest

from bot.domain.catalogue import HomeView, SlotState
from bot.domain.catalogue_file import MOST_CATEGORIES
from bot.domain.file_fares import MOST_FARES
from bot.domain.file_schedules import MOST_TIMES
from bot.domain.ids import FareId
from bot.domain.waiting import Counts
from bot.sandbox.telegram.types import BUTTONS_IN_ALL
from handlers.guests import guests_screen
from handlers.home import home_screen
from handlers.screens import Screen
from handlers.search import nothing_screen
from handlers.slots import day_screen
from handlers.texts import Texts, Translations
from handlers.waiting import party_screen
from tests.handlers import views

PARTY: Counts = {FareId(1): 2, FareId(MOST_FARES): 1}


def largest(texts: Texts) -> Iterator[Screen]:
    categories = (views.category(),) * MOST_CATEGORIES
    yield home_screen(HomeView(views.shop(), categories), texts, basket=3)
    yield nothing_screen("boat", categories, texts)
    yield day_screen(views.day(*(views.slot(),) * (MOST_TIMES - 1), views.slot(SlotState.FULL, 0)), texts)
    some = views.offer()
    offer = replace(some, card=replace(some.card, fares=tuple(views.fare(FareId(n + 1)) for n in range(MOST_FARES))))
    yield guests_screen(offer, PARTY, texts)
    yield party_screen(replace(offer, left=0), PARTY, texts, 120)


@pytest.mark.parametrize("number", range(5))
def test_every_screen_of_the_largest_catalogue_has_room_for_its_buttons(
    number: int, translations: Translations
) -> None:
    screen = list(largest(translations.for_("en")))[number]
    assert 80 < len(list(chain.from_iterable(screen.rows))) <= BUTTONS_IN_ALL
