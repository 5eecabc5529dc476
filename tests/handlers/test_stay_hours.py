"""A customer picks a day, a time and an end, sees the price grow, and holds exactly those hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from icalendar import Calendar, Event

from bot.domain.bookings import BookingView
from bot.domain.catalogue_entries import EntryKind, Rental, Step
from bot.domain.money import Money
from bot.domain.rental_plans import plans
from bot.domain.rentals import DAY, DayTaken, Length, NoStay, Why
from handlers.calendar_file import calendar_file
from handlers.callbacks import base36
from handlers.reminders import reminder_screen
from handlers.stay_words import hours_line, length, per_step, why_no_stay
from handlers.texts import Translations
from handlers.ticket_picture import ticket_png
from handlers.tickets import ticket_face, ticket_screen
from tests.handlers import views
from tests.handlers.counter import ADA, BLAISE, Counter
from tests.rentals import BIKES, TODAY, Let, add_rental, entry

PARIS = "Europe/Paris"


async def bikes_of(counter: Counter, capacity: int = 1, terms: Rental = BIKES) -> Let:
    world = counter.world
    return await add_rental(
        world.database, world.shop.category_id, terms, slug="bike", capacity=capacity, price=1200, days=12
    )


def text(counter: Counter, user: int = ADA) -> str:
    return counter.screen(user).text.replace("\N{NO-BREAK SPACE}", " ")


def labels(counter: Counter, user: int = ADA) -> list[str]:
    return [label.replace("\N{NO-BREAK SPACE}", " ") for label in counter.labels(counter.screen(user))]


async def choose_ten(counter: Counter) -> None:
    await counter.say(ADA, "/start r_bike")
    await counter.press(ADA, "Choose a date")
    await counter.press(ADA, "24")
    await counter.press(ADA, "10:00")


async def test_the_card_says_that_it_is_let_by_the_hour(counter: Counter) -> None:
    await bikes_of(counter)
    await counter.say(ADA, "/start r_bike")
    assert "Open 09:00 – 18:00 · At most 4 hours" in text(counter)
    assert "From €12 an hour" in text(counter)
    assert labels(counter)[0] == "Choose a date"


async def test_hours_are_picked_by_day_time_and_end_and_held_for_their_price(counter: Counter) -> None:
    bikes = await bikes_of(counter)
    await counter.say(ADA, "/start r_bike")
    await counter.press(ADA, "Choose a date")
    assert "Choose a day. Times are local (Paris)." in text(counter)
    await counter.press(ADA, "24")
    assert "Tue 24 Nov 2026. Times are local (Paris).\nChoose when it begins." in text(counter)
    assert labels(counter) == [*(f"{hour:02}:00" for hour in range(9, 18)), "Back"]
    await counter.press(ADA, "10:00")
    assert "Tue 24 Nov, 10:00 – 11:00, 1 hour · €12" in text(counter)
    assert labels(counter) == ["[11:00]", "12:00", "13:00", "14:00", "Continue · €12", "Back"]
    await counter.press(ADA, "13:00")
    assert "Tue 24 Nov, 10:00 – 13:00, 3 hours · €36" in text(counter)
    assert "[13:00]" in labels(counter)
    await counter.press(ADA, "Continue · €36")
    assert "Tue 24 Nov 2026, 10:00 – 13:00, 3 hours, local time (Paris)" in text(counter)
    assert "3 hours × €12" in text(counter)
    await counter.press(ADA, "Hold and pay")
    await counter.work()
    assert "Tue 24 Nov 2026, 10:00 – 13:00, 3 hours\n1 bike" in text(counter)
    await counter.pay()
    assert "You are booked" in text(counter)
    assert "Tue 24 Nov 2026, 10:00 – 13:00, 3 hours, local time (Paris)" in text(counter)
    assert [await counter.world.taken(row) for row in bikes.rows[TODAY + DAY]] == [0, 1, 1, 1, 0, 0, 0, 0, 0]


async def test_back_leads_from_the_summary_over_end_and_time_to_the_calendar(counter: Counter) -> None:
    await bikes_of(counter)
    await choose_ten(counter)
    await counter.press(ADA, "Continue")
    await counter.press(ADA, "Back")
    assert "Choose when it ends." in text(counter)
    await counter.press(ADA, "Back")
    assert "Choose when it begins." in text(counter)
    await counter.press(ADA, "Back")
    assert "Choose a day." in text(counter)


async def test_units_are_chosen_where_there_are_several(counter: Counter) -> None:
    bikes = await bikes_of(counter, capacity=4)
    await counter.say(ADA, "/start r_bike_20261124")
    await counter.press(ADA, "10:00 · 4 free")
    await counter.press(ADA, "12:00")
    await counter.press(ADA, "Continue · €24")
    await counter.press(ADA, "+")
    assert labels(counter)[1] == "2 bikes · €48"
    await counter.press(ADA, "Back")
    assert "10:00 – 12:00, 2 hours" in text(counter)
    await counter.press(ADA, "Continue")
    await counter.press(ADA, "+")
    await counter.press(ADA, "Continue · €48")
    await counter.press(ADA, "Hold and pay")
    assert [await counter.world.taken(row) for row in bikes.rows[TODAY + DAY]][:4] == [0, 2, 2, 0]
    await counter.say(BLAISE, "/start r_bike_20261124")
    assert labels(counter, BLAISE)[:2] == ["09:00 · 4 libres", "10:00 · 2 libres"]


async def test_times_that_are_taken_or_lead_nowhere_are_not_offered(counter: Counter) -> None:
    await bikes_of(counter, terms=replace(BIKES, shortest=2))
    await choose_ten(counter)
    await counter.press(ADA, "Continue")
    await counter.press(ADA, "Hold and pay")
    await counter.say(BLAISE, "/start r_bike_20261124")
    assert labels(counter, BLAISE)[:-1] == ["12:00", "13:00", "14:00", "15:00", "16:00"]


async def test_an_hour_that_is_taken_meanwhile_is_named_above_what_is_still_possible(counter: Counter) -> None:
    await bikes_of(counter)
    await choose_ten(counter)
    await counter.press(ADA, "13:00")
    await counter.press(ADA, "Continue")
    await counter.say(BLAISE, "/start r_bike_20261124")
    await counter.press(BLAISE, "12:00")
    await counter.press(BLAISE, "Continuer")
    await counter.press(BLAISE, "Réserver")
    await counter.press(ADA, "Hold and pay")
    assert len(await counter.orders()) == 1
    assert text(counter).startswith("Tue 24 Nov, 12:00 is taken already. Please choose other times.")
    assert "12:00" not in labels(counter)
    assert "13:00" in labels(counter)


@pytest.mark.parametrize(
    ("hour", "steps", "said"),
    [
        (1, "0", "It cannot end before it begins. Please choose a later time, or go back."),
        (1, "5", "That is too long: it can be had for at most 4 hours."),
        (7, "3", "It is closed at 18:00. Please choose other times."),
    ],
)
async def test_an_end_that_cannot_be_is_answered_with_what_can(
    counter: Counter, hour: int, steps: str, said: str
) -> None:
    bikes = await bikes_of(counter)
    await counter.say(ADA, "/start r_bike_20261124")
    before = text(counter)
    await counter.forge(ADA, f"1:2:{base36(bikes.row(1, hour))}:{steps}")
    assert [told.replace("\N{NO-BREAK SPACE}", " ") for told in counter.alerts(ADA)] == [said]
    assert text(counter) == before


async def test_days_on_which_nothing_begins_say_why(counter: Counter) -> None:
    bikes = await bikes_of(counter)
    await counter.say(ADA, "/start r_bike")
    await counter.press(ADA, "Choose a date")
    for offset in (-1, 130, 70):
        await counter.forge(ADA, f"1:1:{base36(bikes.id)}:{base36((TODAY + DAY * offset).toordinal())}")
    assert counter.alerts(ADA) == [
        "This day can no longer be booked.",
        "This can be booked up to 120 days ahead.",
        "It is closed on Mon 1 Feb. Please choose other days.",
    ]


async def test_an_old_button_for_another_month_shows_the_hours_again(counter: Counter) -> None:
    bikes = await bikes_of(counter)
    await counter.say(ADA, "/start r_bike_20261124")
    await counter.forge(ADA, f"1:7:{base36(bikes.row(1, 1))}:2:0")
    assert "Tue 24 Nov, 10:00 – 12:00, 2 hours · €24" in text(counter)


def test_hours_are_said_in_both_languages(translations: Translations) -> None:
    english, french = translations.for_("en"), translations.for_("fr")
    one, three = Length(Step.HOUR, 1), Length(Step.HOUR, 3)
    assert [length(each, english) for each in (one, three)] == ["1\N{NO-BREAK SPACE}hour", "3\N{NO-BREAK SPACE}hours"]
    assert [length(each, french) for each in (one, three)] == ["1\N{NO-BREAK SPACE}heure", "3\N{NO-BREAK SPACE}heures"]
    price = Money(1200, "EUR")
    assert per_step(price, Step.HOUR, english) == "€12 an hour"
    assert per_step(price, Step.HOUR, french).replace("\N{NO-BREAK SPACE}", " ") == "12 € l’heure"
    always = replace(BIKES, check_in=time(0), check_out=time(0))
    assert hours_line(always, english) == "Open around the clock"


def test_refusals_say_what_is_possible_instead(translations: Translations) -> None:
    texts, noon = translations.for_("en"), datetime(2026, 12, 12, 12, tzinfo=UTC)
    terms = replace(BIKES, shortest=2)
    said = [
        why_no_stay(NoStay(Why.NO_END, terms, noon.date()), texts),
        why_no_stay(NoStay(Why.PAST, terms, noon.date(), at=noon), texts),
        why_no_stay(DayTaken(left=2, day=noon.date(), at=noon), texts),
    ]
    assert said == [
        "On this day it is not free for long enough: at least 2\N{NO-BREAK SPACE}hours.",
        "This time can no longer be booked. Please choose a later one.",
        "Only 2 left at these times.",
    ]


def booked(first: date, hour: int, hours: int) -> BookingView:
    rows = plans(entry(Rental(Step.HOUR, time(0), time(0), 1, 24)), first, first)[hour : hour + hours]
    view = views.booking("Bike")
    ordered = replace(
        view.ordered,
        kind=EntryKind.RENTAL,
        time_zone=PARIS,
        starts_at=rows[0].start,
        ends_at=rows[-1].end,
        stay=Length(Step.HOUR, hours),
    )
    return replace(view, ordered=ordered)


@pytest.mark.fault(33)
@pytest.mark.parametrize(
    ("first", "hour", "hours", "said"),
    [
        (date(2026, 12, 12), 10, 3, "Sat 12 Dec 2026, 10:00 – 13:00, 3\N{NO-BREAK SPACE}hours"),
        (date(2026, 12, 12), 22, 2, "Sat 12 Dec 2026, 22:00 – 00:00, 2\N{NO-BREAK SPACE}hours"),
        (date(2027, 3, 28), 1, 1, "Sun 28 Mar 2027, 01:00 – 03:00, 1\N{NO-BREAK SPACE}hour"),
        (date(2027, 10, 31), 2, 1, "Sun 31 Oct 2027, 02:00 CEST – 02:00 CET, 1\N{NO-BREAK SPACE}hour"),
    ],
)
def test_chat_ticket_and_calendar_name_the_same_hours(
    translations: Translations, first: date, hour: int, hours: int, said: str
) -> None:
    texts, view = translations.for_("en"), booked(first, hour, hours)
    content = calendar_file(view, texts, "1 bike", view.created_at)
    assert content is not None
    (found,) = Calendar.from_ical(content).walk("VEVENT")
    assert isinstance(found, Event)
    assert isinstance(found.start, datetime)
    assert isinstance(found.end, datetime)
    assert (found.start.astimezone(UTC), found.end.astimezone(UTC)) == (view.ordered.starts_at, view.ordered.ends_at)
    face = ticket_face(view, texts, "Lac", "lac_bot")
    assert face.when == said
    assert ticket_png(face)
    assert said in ticket_screen(view, texts).caption
    assert said in reminder_screen(view, texts, view.created_at).caption


async def test_two_runs_of_hours_are_put_aside_and_the_same_hours_are_not(counter: Counter) -> None:
    await bikes_of(counter, capacity=1)
    for start, end in (("10:00", "13:00"), ("14:00", "16:00"), ("12:00", "14:00")):
        await counter.say(ADA, "/start r_bike")
        for label in ("Choose a date", "24", start, end, "Continue", "Add to basket"):
            await counter.press(ADA, label)
    assert "Your basket has the same already for some of this time." in counter.alerts(ADA)[-1]
    await counter.say(ADA, "/start")
    await counter.press(ADA, "Basket (2)")
    for words in ("Tue 24 Nov, 10:00, 3 hours · Bike", "Tue 24 Nov, 14:00, 2 hours · Bike", "Total €60.00"):
        assert words in text(counter)
