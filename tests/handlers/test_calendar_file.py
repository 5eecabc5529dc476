"""Calendars read from the file what the chat and the ticket say, on every night of the year."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Component, Event, Timezone, vDDDTypes, vGeo, vUTCOffset

from bot.domain.bookings import BookingView
from bot.domain.catalogue_entries import Spot
from bot.domain.orders import BookingStatus
from handlers.calendar_file import calendar_file
from handlers.texts import Texts, Translations
from handlers.tickets import ticket_face, ticket_screen
from tests.handlers import views
from tests.handlers.test_time_zones import NIGHTS

PARIS, NEW_YORK = "Europe/Paris", "America/New_York"
LONG = timedelta(hours=3)


def booked(starts_at: datetime, zone: str, lasts: timedelta = LONG) -> BookingView:
    view = views.booking()
    ordered = replace(view.ordered, starts_at=starts_at, ends_at=starts_at + lasts, time_zone=zone)
    return replace(view, ordered=ordered)


def written(view: BookingView, texts: Texts, later: timedelta = timedelta()) -> Calendar:
    content = calendar_file(view, texts, "2 adults\nCode K7Q4-MZ", view.created_at + later)
    assert content is not None
    return Calendar.from_ical(content)


def event(calendar: Calendar) -> Event:
    (found,) = calendar.walk("VEVENT")
    assert isinstance(found, Event)
    return found


def said_of(component: Component, name: str) -> str:
    return str(component[name])


def span(calendar: Calendar) -> tuple[datetime, datetime]:
    found = event(calendar)
    start, end = found.start, found.end
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    return start, end


@pytest.fixture
def english(translations: Translations) -> Texts:
    return translations.for_("en")


@pytest.mark.fault(33)
@pytest.mark.parametrize("lasts", [timedelta(minutes=30), timedelta(hours=1), LONG, timedelta(hours=30)])
@pytest.mark.parametrize(("starts_at", "zone", "said"), NIGHTS)
def test_chat_ticket_and_calendar_name_one_moment(
    english: Texts, starts_at: datetime, zone: str, said: str, lasts: timedelta
) -> None:
    view = booked(starts_at, zone, lasts)
    start, end = span(written(view, english))
    assert (start.astimezone(UTC), end.astimezone(UTC)) == (starts_at, starts_at + lasts)
    assert english.moment(start, zone) == said
    assert ticket_face(view, english, "Lac", "lac_bot").when == said
    assert said in ticket_screen(view, english).caption


@pytest.mark.fault(33)
@pytest.mark.parametrize("zone", [PARIS, NEW_YORK])
@pytest.mark.parametrize("night", [(2026, 3, 7), (2026, 3, 28), (2026, 10, 24), (2026, 10, 31), (2027, 3, 13)])
def test_every_half_hour_of_a_changing_night_is_kept(english: Texts, zone: str, night: tuple[int, int, int]) -> None:
    for number in range(48):
        starts_at = datetime(*night, 18, tzinfo=UTC) + number * timedelta(minutes=30)
        start, end = span(written(booked(starts_at, zone), english))
        assert (start.astimezone(UTC), end.astimezone(UTC)) == (starts_at, starts_at + LONG)


def onsets(zone: Timezone) -> Iterator[tuple[datetime, timedelta, timedelta]]:
    for part in zone.subcomponents:
        before, after, local = part["TZOFFSETFROM"], part["TZOFFSETTO"], part["DTSTART"]
        assert isinstance(before, vUTCOffset)
        assert isinstance(after, vUTCOffset)
        assert isinstance(local, vDDDTypes)
        assert isinstance(local.dt, datetime)
        yield local.dt.replace(tzinfo=UTC) - before.td, before.td, after.td


@pytest.mark.fault(33)
@pytest.mark.parametrize("zone", [PARIS, NEW_YORK, "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca"])
def test_the_clock_changes_in_the_file_are_those_of_the_place(english: Texts, zone: str) -> None:
    clock, starts_at = ZoneInfo(zone), datetime(2026, 7, 1, 12, tzinfo=UTC)
    (rules,) = written(booked(starts_at, zone), english).walk("VTIMEZONE")
    assert isinstance(rules, Timezone)
    assert said_of(rules, "TZID") == zone
    found = list(onsets(rules))
    for moment, before, after in found:
        assert (moment - timedelta(minutes=1)).astimezone(clock).utcoffset() == before
        assert moment.astimezone(clock).utcoffset() == after
    for days in range(-300, 300):
        hour = starts_at + timedelta(days=days)
        _, _, offset = max(each for each in found if each[0] <= hour)
        assert hour.astimezone(clock).utcoffset() == offset


def test_the_time_stands_on_the_clock_of_the_place(english: Texts) -> None:
    content = calendar_file(views.booking(), english, "", views.DEADLINE)
    assert content is not None
    assert b"DTSTART;TZID=Europe/Paris:20261212T060000\r\n" in content
    assert b"VALARM" not in content


def test_the_file_says_what_where_and_for_whom(english: Texts) -> None:
    view = views.booking("Sunrise; dawn, or\nnoon")
    view = replace(view, ordered=replace(view.ordered, spot=Spot(45.9, 6.1), address="Route 1, 74000 Annecy"))
    found = event(written(view, english))
    assert said_of(found, "SUMMARY") == "Sunrise; dawn, or noon"
    assert said_of(found, "LOCATION") == "Sunrise; dawn, or noon, Route 1, 74000 Annecy"
    assert said_of(found, "DESCRIPTION") == "2 adults\nCode K7Q4-MZ"
    point = found["GEO"]
    assert isinstance(point, vGeo)
    assert (point.latitude, point.longitude) == (45.9, 6.1)
    assert said_of(found, "STATUS") == "CONFIRMED"


def test_a_cancelled_booking_takes_its_event_back(english: Texts) -> None:
    before = event(written(views.booking(), english))
    after = event(written(views.booking(status=BookingStatus.CANCELLED), english))
    assert said_of(after, "UID") == said_of(before, "UID")
    assert (said_of(before, "STATUS"), said_of(after, "STATUS")) == ("CONFIRMED", "CANCELLED")
    assert after.sequence > before.sequence


def test_a_file_that_is_made_later_replaces_one_made_before(english: Texts) -> None:
    first, second = (event(written(views.booking(), english, timedelta(seconds=late))) for late in (5, 6))
    assert second.sequence > first.sequence
    assert said_of(second, "UID") == said_of(first, "UID")


def test_the_name_of_an_event_does_not_tell_the_token(english: Texts) -> None:
    view = views.booking()
    content = calendar_file(view, english, "", views.DEADLINE)
    assert content is not None
    assert view.ticket_token.encode() not in content.replace(b"\r\n ", b"")
    assert view.ticket_token not in repr(view)


def test_what_has_no_date_has_no_file(english: Texts) -> None:
    view = views.booking()
    undated = replace(view, ordered=replace(view.ordered, starts_at=None, ends_at=None))
    assert calendar_file(undated, english, "", views.DEADLINE) is None


@pytest.mark.fault(44)
@pytest.mark.parametrize("words", ["", "\u202e<i>&\x00\r\nEND:VCALENDAR\r\n", "😀" * 500, "é" * 3000])
def test_no_words_break_the_file(english: Texts, words: str) -> None:
    calendar = written(views.booking(words), english)
    assert len(calendar.walk("VEVENT")) == 1
    assert "\x00" not in said_of(event(calendar), "SUMMARY")
