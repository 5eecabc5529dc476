"""How people read about something that is let: from when to when, how long, what it costs, and why not."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.bookings import Ordered
from bot.domain.catalogue import ResourceCard, StayView
from bot.domain.catalogue_entries import Rental, Step
from bot.domain.money import Money
from bot.domain.order_card import OrderLineView
from bot.domain.rentals import DayTaken, Length, NoStay, Why
from handlers.texts import Texts

MONDAY = date(2024, 1, 1)


def length(found: Length, texts: Texts) -> str:
    """As in "3 nights", which no line is broken in."""
    return _length(found, texts).replace(" ", "\N{NO-BREAK SPACE}")


def _length(found: Length, texts: Texts) -> str:
    if found.step is Step.NIGHT:
        return texts.ngettext("{count} night", "{count} nights", found.count)
    if found.step is Step.HOUR:
        return texts.ngettext("{count} hour", "{count} hours", found.count)
    return texts.ngettext("{count} day", "{count} days", found.count)


def clock(moment: datetime, zone: str, texts: Texts) -> str:
    """The time at the place; which of the two is meant, where the autumn night has it twice: "02:00 CEST"."""
    local, time = moment.astimezone(ZoneInfo(zone)), texts.time(moment, zone)
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return f"{time} {local.tzname()}" if twice else time


def span(starts_at: datetime, ends_at: datetime, zone: str, found: Length, texts: Texts) -> str:
    """On the clock of the place: "Fri 12 Dec 2026, 15:00 – Mon 15 Dec 2026, 11:00, 3 nights".

    Within a day, the day is said once: "Sat 12 Dec 2026, 10:00 – 13:00, 3 hours".
    """
    return texts.opening(_span(starts_at, ends_at, zone, found, texts))


def _span(starts_at: datetime, ends_at: datetime, zone: str, found: Length, texts: Texts) -> str:
    if found.step is Step.HOUR or (found.step is Step.DAY and found.count == 1):
        return texts.gettext(
            "{day}, {start} – {end}, {length}",
            day=texts.local_day(starts_at, zone),
            start=clock(starts_at, zone, texts),
            end=clock(ends_at, zone, texts),
            length=length(found, texts),
        )
    return texts.gettext(
        "{start} – {end}, {length}",
        start=texts.moment(starts_at, zone),
        end=texts.moment(ends_at, zone),
        length=length(found, texts),
    )


def moment_of(ordered: Ordered | OrderLineView, texts: Texts) -> str:
    """When something is that was ordered: a moment, or from when to when; nothing for an item."""
    return texts.opening(moment_within(ordered, texts))


def moment_within(ordered: Ordered | OrderLineView, texts: Texts) -> str:
    """The same, for within a sentence."""
    if ordered.starts_at is None:
        return ""
    if ordered.stay is None or ordered.ends_at is None:
        return texts.moment(ordered.starts_at, ordered.time_zone)
    return _span(ordered.starts_at, ordered.ends_at, ordered.time_zone, ordered.stay, texts)


def short_span(starts_at: datetime, ends_at: datetime, zone: str, texts: Texts) -> str:
    """For a button: "Fri 12 Dec – Mon 15 Dec", or a day."""
    first, last = (texts.short_day(at.astimezone(ZoneInfo(zone)).date()) for at in (starts_at, ends_at))
    if first == last:
        return texts.opening(first)
    return texts.gettext("{first} – {last}", first=texts.opening(first), last=last)


def price_line(stay: StayView, step: Step, texts: Texts) -> str:
    """What one unit costs, as it comes about: "2 nights × €90, 1 night × €110"."""
    parts = [
        texts.gettext("{length} × {price}", length=length(Length(step, count), texts), price=texts.price(price))
        for count, price in stay.prices
    ]
    return texts.listing(parts)


def per_step(price: Money, step: Step, texts: Texts) -> str:
    said = texts.price(price)
    if step is Step.NIGHT:
        return texts.gettext("{price} a night", price=said)
    if step is Step.HOUR:
        return texts.gettext("{price} an hour", price=said)
    return texts.gettext("{price} a day", price=said)


def hours_line(terms: Rental, texts: Texts) -> str:
    """From when on the first day until when on the last; by the hour, when it is open."""
    if terms.step is Step.HOUR:
        if terms.check_in == terms.check_out:
            return texts.gettext("Open around the clock")
        return texts.gettext("Open {start} – {end}", start=f"{terms.check_in:%H:%M}", end=f"{terms.check_out:%H:%M}")
    start, end = f"{terms.check_in:%H:%M}", f"{terms.check_out:%H:%M}"
    if terms.step is Step.NIGHT:
        return texts.gettext("Arrive from {start}, leave by {end}", start=start, end=end)
    return texts.gettext("From {start}, back by {end}", start=start, end=end)


def limits_line(terms: Rental, texts: Texts) -> str:
    """How long a stay may be, and on which weekdays it begins and ends."""
    short, long = length(Length(terms.step, terms.shortest), texts), length(Length(terms.step, terms.longest), texts)
    if terms.shortest == terms.longest:
        said = texts.gettext("Exactly {length}", length=short)
    elif terms.shortest == 1:
        said = texts.gettext("At most {length}", length=long)
    else:
        said = texts.gettext("{least} to {longest}", least=texts.number(terms.shortest), longest=long)
    if not terms.changeover:
        return said
    days = weekday_names(terms, texts)
    return texts.gettext("{length}, beginning and ending on: {days}", length=said, days=days)


def weekday_names(terms: Rental, texts: Texts) -> str:
    return texts.listing([texts.weekday(MONDAY.replace(day=1 + day)) for day in sorted(terms.changeover)])


def first_day_line(card: ResourceCard, terms: Rental, texts: Texts) -> str:
    """What is to be chosen first, and what holds for it."""
    zone = texts.zone(card.time_zone)
    if terms.step is Step.NIGHT:
        return texts.gettext("Choose the day you arrive. Times are local ({zone}).", zone=zone)
    if terms.step is Step.HOUR:
        return texts.gettext("Choose a day. Times are local ({zone}).", zone=zone)
    return texts.gettext("Choose the first day. Times are local ({zone}).", zone=zone)


def why_no_stay(refusal: NoStay | DayTaken, texts: Texts) -> str:
    """What is possible instead, in a sentence or two."""
    if isinstance(refusal, DayTaken):
        return _taken(refusal, texts)
    if refusal.why in {Why.PAST, Why.BEYOND, Why.CLOSED}:
        return _about_day(refusal, texts)
    terms = refusal.terms
    match refusal.why:
        case Why.BACKWARDS if terms.step is Step.HOUR:
            said = texts.gettext("It cannot end before it begins. Please choose a later time, or go back.")
        case Why.BACKWARDS:
            said = texts.gettext("The last day cannot be before the first. Please choose one after it, or go back.")
        case Why.TOO_SHORT:
            least = length(Length(terms.step, terms.shortest), texts)
            said = texts.gettext("That is too short: it can be had from {length} on.", length=least)
        case Why.TOO_LONG:
            most = length(Length(terms.step, terms.longest), texts)
            said = texts.gettext("That is too long: it can be had for at most {length}.", length=most)
        case Why.ARRIVAL:
            said = texts.gettext("It can only begin on these weekdays: {days}.", days=weekday_names(terms, texts))
        case Why.DEPARTURE:
            said = texts.gettext("It can only end on these weekdays: {days}.", days=weekday_names(terms, texts))
        case _ if terms.step is Step.HOUR:
            least = length(Length(terms.step, terms.shortest), texts)
            said = texts.gettext("On this day it is not free for long enough: at least {length}.", length=least)
        case _:
            least = length(Length(terms.step, terms.shortest), texts)
            said = texts.gettext("From this day on it is not free for long enough: at least {length}.", length=least)
    return said


def _about_day(refusal: NoStay, texts: Texts) -> str:
    match refusal.why:
        case Why.PAST if refusal.at is not None:
            return texts.gettext("This time can no longer be booked. Please choose a later one.")
        case Why.CLOSED if refusal.at is not None:
            return texts.gettext("It is closed at {time}. Please choose other times.", time=f"{refusal.at:%H:%M}")
        case Why.PAST:
            return texts.gettext("This day can no longer be booked.")
        case Why.BEYOND:
            most = refusal.horizon_days
            return texts.ngettext(
                "This can be booked one day ahead.", "This can be booked up to {count} days ahead.", most
            )
        case _:
            day = texts.opening(texts.short_day(refusal.day or MONDAY))
            return texts.gettext("It is closed on {day}. Please choose other days.", day=day)


def _taken(refusal: DayTaken, texts: Texts) -> str:
    if refusal.at is not None:
        return _hour_taken(refusal, refusal.at, texts)
    day = texts.opening(texts.short_day(refusal.day))
    if refusal.left < 1:
        return texts.gettext("{day} is taken already. Please choose other days.", day=day)
    return texts.ngettext("Only {count} left on these days.", "Only {count} left on these days.", refusal.left)


def _hour_taken(refusal: DayTaken, at: datetime, texts: Texts) -> str:
    if refusal.left < 1:
        when = texts.gettext("{day}, {time}", day=texts.opening(texts.short_day(at.date())), time=f"{at:%H:%M}")
        return texts.gettext("{when} is taken already. Please choose other times.", when=when)
    return texts.ngettext("Only {count} left at these times.", "Only {count} left at these times.", refusal.left)
