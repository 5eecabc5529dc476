"""Chat, ticket and payment page name one local time: the venue's, wherever the server and the reader are."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.order_card import OrderLineView
from handlers.order_cards import order_screen
from handlers.summary import summary_screen
from handlers.texts import Texts, Translations
from handlers.tickets import ticket_screen
from handlers.wording import CheckoutWording
from tests.handlers import views

pytestmark = pytest.mark.fault(33)

NIGHTS = [
    (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Paris", "Sun 25 Oct 2026, 02:30"),
    (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Paris", "Sun 25 Oct 2026, 02:30"),
    (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "Europe/Paris", "Sun 25 Oct 2026, 03:00"),
    (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "Europe/Paris", "Sun 28 Mar 2027, 01:30"),
    (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "Europe/Paris", "Sun 28 Mar 2027, 03:00"),
    (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "America/New_York", "Sun 1 Nov 2026, 01:30"),
    (datetime(2026, 11, 1, 3, 59, tzinfo=UTC), "America/New_York", "Sat 31 Oct 2026, 23:59"),
]


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine stands in another part of the world."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def said_everywhere(starts_at: datetime, zone: str, translations: Translations) -> list[str]:
    """What each place that names a slot says of it."""
    texts: Texts = translations.for_("en")
    booking, order = views.booking(), views.order()
    line: OrderLineView = replace(order.lines[0], starts_at=starts_at, time_zone=zone)
    quoted = views.quoted()
    assert quoted.offer.slot is not None
    offer = replace(
        quoted.offer,
        slot=replace(quoted.offer.slot, starts_at=starts_at),
        card=replace(quoted.offer.card, time_zone=zone),
    )
    return [
        ticket_screen(
            replace(booking, ordered=replace(booking.ordered, starts_at=starts_at, time_zone=zone)), texts
        ).caption,
        order_screen(replace(order, lines=(line,)), texts).caption,
        summary_screen(replace(quoted, offer=offer), texts, views.DEADLINE, hold_minutes=30, nonce="AAAAAAAA").caption,
        CheckoutWording(translations).product(line, "en")[1],
    ]


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(("starts_at", "zone", "said"), NIGHTS)
def test_every_place_names_the_venues_time(
    translations: Translations, starts_at: datetime, zone: str, said: str
) -> None:
    for text in said_everywhere(starts_at, zone, translations):
        assert said in text
