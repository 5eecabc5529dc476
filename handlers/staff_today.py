"""`/today`: who comes, by name."""

from datetime import date, timedelta

from bot.domain.errors import OutOfDate
from bot.domain.periods import EARLIEST, LATEST, BadPeriod
from bot.domain.visits import SlotVisits, Visit, VisitDay
from bot.services.visits import Visits
from handlers import markup
from handlers.answer_pages import Entry, paged
from handlers.answer_words import answer_lines
from handlers.screens import Button, Message, Row, Screen
from handlers.staff_access import StaffCall
from handlers.staff_callbacks import StaffData, StaffTap, act, pager
from handlers.staff_chat import show
from handlers.staff_names import shown_name
from handlers.texts import Texts

PER_PAGE = 15
MOST_NAME = 40


class StaffToday:
    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    async def command(self, call: StaffCall) -> None:
        """The day that the words name, today without any."""
        texts = call.texts
        try:
            day = await self._visits.asked(call.words)
        except BadPeriod:
            help_ = texts.gettext("Name a day: today, tomorrow, yesterday, or a date such as 2026-11-20.")
            await show(call, Screen(texts.gettext("I do not know that day"), (help_,)).as_message())
        else:
            await show(call, today_message(day, 1, texts))

    async def press(self, call: StaffCall, data: StaffData) -> None:
        """Another day, or another page of one."""
        ordinal, page = data.numbers(2)
        if not EARLIEST.toordinal() <= ordinal <= LATEST.toordinal():
            raise OutOfDate
        day = await self._visits.on(date.fromordinal(ordinal))
        await show(call, today_message(day, page, call.texts))


def today_message(day: VisitDay, page: int, texts: Texts) -> Message:
    """A page of who comes; a page that does not exist becomes the nearest one."""
    entries = [_entry(number, slot, visit, texts) for number, slot in enumerate(day.slots) for visit in slot.visits]
    parts = paged(entries, PER_PAGE) or [[]]
    pages = len(parts)
    shown = min(max(page, 1), pages)
    guests = texts.ngettext("{count} guest", "{count} guests", day.guests) if day.guests else ""
    nobody = "" if entries else texts.gettext("Nobody has booked for this day.")
    rows = (pager(shown, pages, texts, StaffTap.TODAY, day.day.toordinal()), _days(day.day, texts))
    return Screen(texts.opening(texts.day(day.day)), (guests, nobody, *parts[shown - 1]), rows).as_message()


def _entry(number: int, slot: SlotVisits, visit: Visit, texts: Texts) -> Entry:
    return Entry(number, _slot(slot, texts), _visit(visit, slot, texts), answer_lines(visit.answers, texts))


def _slot(slot: SlotVisits, texts: Texts) -> str:
    waiting = texts.ngettext("{count} waiting", "{count} waiting", slot.waiting) if slot.waiting else ""
    return " · ".join(part for part in (_guests(slot, texts), waiting) if part)


def _guests(slot: SlotVisits, texts: Texts) -> str:
    if slot.stays:
        time, resource = texts.time(slot.starts_at, slot.time_zone), texts.own(slot.resource_name)
        if slot.leaving:
            return texts.gettext("{time}, {resource}, leaving", time=time, resource=resource)
        return texts.gettext("{time}, {resource}, arriving", time=time, resource=resource)
    return texts.gettext(
        "{time}, {resource}, {guests}",
        time=texts.time(slot.starts_at, slot.time_zone),
        resource=texts.own(slot.resource_name),
        guests=texts.ngettext("{count} guest", "{count} guests", slot.guests),
    )


def _visit(visit: Visit, slot: SlotVisits, texts: Texts) -> str:
    name = shown_name(visit.name, MOST_NAME, texts)
    guests = texts.listing([texts.counted(fare.counted, fare.quantity) for fare in visit.fares])
    phone = (markup.cut(markup.line(visit.phone), MOST_NAME),) if visit.phone else ()
    return " · ".join((name, guests, *_until(visit, slot, texts), visit.code, *phone))


def _until(visit: Visit, slot: SlotVisits, texts: Texts) -> tuple[str, ...]:
    """How long somebody stays who comes for a stay."""
    if visit.until is None or slot.leaving:
        return ()
    begins, ends = (texts.local_day(moment, slot.time_zone) for moment in (slot.starts_at, visit.until))
    shown = texts.time if begins == ends else texts.short_moment
    return (texts.gettext("until {when}", when=shown(visit.until, slot.time_zone)),)


def _days(day: date, texts: Texts) -> Row:
    before, after = (day + timedelta(days=step) for step in (-1, 1))
    back = (_to(f"‹ {texts.short_day(before)}", before, 1),) if before >= EARLIEST else ()
    on = (_to(f"{texts.short_day(after)} ›", after, 1),) if after <= LATEST else ()
    return (*back, *on)


def _to(label: str, day: date, page: int) -> Button:
    return act(label, StaffTap.TODAY, day.toordinal(), page)
