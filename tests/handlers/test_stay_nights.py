"""Chat, ticket and calendar file name the same hours of a stay, also over the nights of the clock change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from bot.domain.bookings import BookingView
from bot.domain.catalogue_entries import EntryKind, Rental, Step
from bot.domain.rental_plans import plans
from bot.domain.rentals import DAY, Length
from handlers.calendar_file import calendar_file
from handlers.reminders import reminder_screen
from handlers.texts import Translations
from handlers.ticket_picture import ticket_png
from handlers.tickets import ticket_face, ticket_screen
from tests.handlers import views
from tests.rentals import ROOM, entry

PARIS, NEW_YORK = "Europe/Paris", "America/New_York"
NIGHTS = [
    (PARIS, date(2027, 3, 27)),
    (PARIS, date(2027, 10, 30)),
    (NEW_YORK, date(2027, 3, 13)),
    (NEW_YORK, date(2027, 11, 6)),
]


def booked(zone: str, first: date, nights: int, terms: Rental = ROOM) -> BookingView:
    rows = plans(entry(terms, zone=zone), first, first + DAY * (nights - 1))
    view = views.booking("Room")
    ordered = replace(
        view.ordered,
        kind=EntryKind.RENTAL,
        time_zone=zone,
        starts_at=rows[0].start,
        ends_at=rows[-1].end,
        stay=Length(Step.NIGHT, nights),
    )
    return replace(view, ordered=ordered)


@pytest.mark.fault(33)
@pytest.mark.parametrize("nights", [1, 3])
@pytest.mark.parametrize(("zone", "first"), NIGHTS)
@pytest.mark.parametrize("hours", [(time(15), time(11)), (time(3), time(2, 30))])
def test_chat_ticket_and_calendar_name_the_same_hours(
    translations: Translations, zone: str, first: date, nights: int, hours: tuple[time, time]
) -> None:
    texts = translations.for_("en")
    view = booked(zone, first, nights, Rental(Step.NIGHT, *hours, 1, 14))
    content = calendar_file(view, texts, "1 room", view.created_at)
    assert content is not None
    (found,) = Calendar.from_ical(content).walk("VEVENT")
    assert isinstance(found, Event)
    assert isinstance(found.start, datetime)
    assert isinstance(found.end, datetime)
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (found.start, found.end))
    assert (start.astimezone(UTC), end.astimezone(UTC)) == (view.ordered.starts_at, view.ordered.ends_at)
    said = f"{texts.moment(start, zone)} – {texts.moment(end, zone)}, {nights}\N{NO-BREAK SPACE}night"
    assert ticket_face(view, texts, "Lac", "lac_bot").when.startswith(said)
    assert said in ticket_screen(view, texts).caption
    assert f"{start:%H:%M}" in reminder_screen(view, texts, view.created_at).title


@pytest.mark.fault(33)
@pytest.mark.parametrize(("zone", "first"), NIGHTS)
def test_a_calendar_shows_check_in_and_check_out_on_the_clock_of_the_place(
    translations: Translations, zone: str, first: date
) -> None:
    view = booked(zone, first, 1)
    content = calendar_file(view, translations.for_("en"), "", view.created_at)
    assert content is not None
    assert f"DTSTART;TZID={zone}:{first:%Y%m%d}T150000".encode() in content
    assert f"DTEND;TZID={zone}:{first + DAY:%Y%m%d}T110000".encode() in content


def test_a_stay_fits_on_its_ticket_in_both_languages(translations: Translations) -> None:
    view = booked(PARIS, date(2027, 9, 29), 14)
    for language in ("en", "fr"):
        assert ticket_png(ticket_face(view, translations.for_(language), "Lac & Sentiers", "lac_bot"))
