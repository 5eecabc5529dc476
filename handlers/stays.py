"""From a day to a day: the last day is picked under a price that grows with it, then how many units.

The screens of what is let by the hour are in `handlers.hours`.
"""

from datetime import date

from bot.domain.catalogue import DayState, HoursView, QuoteView, RangeView, ResourceCard, StayView, TimesView
from bot.domain.catalogue_entries import Rental, Step
from bot.domain.errors import Gone, OutOfDate
from bot.domain.ids import InventoryId, ResourceId
from bot.domain.rentals import DayTaken, Length, NoStay, steps_until
from bot.domain.selection import Selection
from handlers import callbacks
from handlers.calendar import DOT, calendar_screen, heading, month_number, wanted_month, weekdays, weeks
from handlers.callbacks import Action, Call, packed_counts
from handlers.hours import hours_screen, times_screen
from handlers.markup import gap
from handlers.screens import Button, Row, Screen, act, back
from handlers.stay_words import hours_line, length, limits_line, price_line, span, why_no_stay
from handlers.texts import Texts
from handlers.visits import Visit


def stay_screen(view: RangeView | TimesView | HoursView, texts: Texts) -> Screen:
    """Where a stay can be chosen: over the days, or the hours of a day."""
    match view:
        case RangeView():
            return range_screen(view, texts)
        case TimesView():
            return times_screen(view, texts)
        case HoursView():
            return hours_screen(view, continue_row(view.card, view.stay, texts), texts)


def range_screen(view: RangeView, texts: Texts) -> Screen:
    """The stay so far and what it costs, over the days on which it could end."""
    card, stay, terms = view.card, view.stay, terms_of(view.card)
    return Screen(
        title=texts.own(card.name),
        blocks=(
            _days_and_price(stay, terms, texts),
            price_line(stay, terms.step, texts) if len(stay.prices) > 1 else "",
            gap(_what_to_choose(terms, texts)),
            f"{hours_line(terms, texts)} · {limits_line(terms, texts)}",
        ),
        rows=(
            heading(view.month, texts, lambda label, number: _turn(label, stay, number)),
            weekdays(texts),
            *weeks(view.month, texts.first_weekday, lambda day, state: _day(stay, terms, day, state)),
            continue_row(card, stay, texts),
            back(texts, Action.MONTH, card.id, month_number(stay.first)),
        ),
        picture=card.photo,
    )


def _turn(label: str, stay: StayView, number: int) -> Button:
    return act(label, Action.STAY_MONTH, stay.inventory_id, stay.steps, number)


def _days_and_price(stay: StayView, terms: Rental, texts: Texts) -> str:
    """As in "Fri 12 Dec – Mon 15 Dec, 3 nights · €290", or "Fri 12 Dec, 1 day · €45"."""
    first, price = texts.opening(texts.short_day(stay.first)), texts.price(stay.unit)
    lasts = length(Length(terms.step, stay.steps), texts)
    if stay.first == stay.end:
        return texts.gettext("{day}, {length} · {price}", day=first, length=lasts, price=price)
    last = texts.short_day(stay.end)
    return texts.gettext("{first} – {last}, {length} · {price}", first=first, last=last, length=lasts, price=price)


def _what_to_choose(terms: Rental, texts: Texts) -> str:
    if terms.step is Step.NIGHT:
        return texts.gettext("Choose the day you leave.")
    return texts.gettext("Choose the last day.")


def _day(stay: StayView, terms: Rental, day: date, state: DayState) -> Button:
    """The chosen days stand between brackets; a day on which the stay cannot end answers why."""
    shown = str(day.day) if state.can_be_chosen or day in {stay.first, stay.end} else DOT
    shown = f"[{shown}" if day == stay.first else shown
    shown = f"{shown}]" if day == stay.end else shown
    return act(shown, Action.LAST_DAY, stay.inventory_id, max(steps_until(terms, stay.first, day), 0))


def continue_row(card: ResourceCard, stay: StayView, texts: Texts) -> Row:
    """To the number of units, or to the summary where there is one of them."""
    label = texts.gettext("Continue · {amount}", amount=texts.price(stay.unit))
    one = packed_counts({card.fares[0].id: 1})
    if several(card, stay):
        return (act(label, Action.UNITS, stay.inventory_id, stay.steps, one),)
    return (act(label, Action.SUMMARY, stay.inventory_id, one, stay.steps),)


def several(card: ResourceCard, stay: StayView) -> bool:
    """Whether there is a number of units to choose."""
    return min(card.capacity, card.max_per_order, stay.left) > 1


def units_screen(view: QuoteView, stay: StayView, texts: Texts) -> Screen:
    """How many of the same."""
    card, line = view.offer.card, view.lines[0]
    amount = texts.price(view.total)
    fewer, more = (_units(stay, view, line.quantity + more) for more in (-1, 1))
    label = texts.gettext(
        "{counted} · {amount}", counted=texts.counted(line.fare.counted, line.quantity), amount=amount
    )
    return Screen(
        title=texts.own(card.name),
        blocks=(when(view, stay, texts), texts.ngettext("{count} left", "{count} left", stay.left)),
        rows=(
            (
                act("−", Action.UNITS, *fewer) if line.quantity > 1 else act(DOT, Action.NOTHING),
                act(label, Action.NOTHING),
                act("+", Action.UNITS, *more),
            ),
            (
                act(
                    texts.gettext("Continue · {amount}", amount=amount),
                    Action.SUMMARY,
                    stay.inventory_id,
                    packed_counts({line.fare.id: line.quantity}),
                    stay.steps,
                ),
            ),
            back(texts, Action.LAST_DAY, stay.inventory_id, stay.steps),
        ),
        picture=card.photo,
    )


def _units(stay: StayView, view: QuoteView, count: int) -> tuple[int, int, str]:
    return stay.inventory_id, stay.steps, packed_counts({view.lines[0].fare.id: max(count, 1)})


def when(view: QuoteView, stay: StayView, texts: Texts) -> str:
    card = view.offer.card
    found = Length(terms_of(card).step, stay.steps)
    return span(stay.starts_at, stay.ends_at, card.time_zone, found, texts)


def back_to_stay(view: QuoteView, stay: StayView, texts: Texts) -> Row:
    """From the summary to where the stay can be changed."""
    if several(view.offer.card, stay):
        return back(texts, Action.UNITS, *_units(stay, view, view.lines[0].quantity))
    return back(texts, Action.LAST_DAY, stay.inventory_id, stay.steps)


def terms_of(card: ResourceCard) -> Rental:
    """Raises Gone for what is no rental."""
    if card.rental is None:
        raise Gone
    return card.rental


async def show_first_day(visit: Visit, call: Call) -> None:
    if len(call.fields) != 2:
        raise OutOfDate
    await present_first_day(visit, ResourceId(callbacks.number(call.word(0))), callbacks.day(call.word(1)))


async def present_first_day(visit: Visit, resource_id: ResourceId, first: date, notice: str = "") -> None:
    """The shortest stay from that day on, or its times; where there is none, that is told over the calendar."""
    try:
        view = await visit.desk.browsing.begin_stay(resource_id, first)
    except (NoStay, DayTaken) as refusal:
        said = notice or why_no_stay(refusal, visit.texts)
        if notice or not await visit.alert(said):
            await present_calendar(visit, resource_id, first, said)
        return
    screen = stay_screen(view, visit.texts)
    await visit.show(screen.with_notice(notice) if notice else screen)


async def present_calendar(visit: Visit, resource_id: ResourceId, near: date, notice: str) -> None:
    view = await visit.desk.browsing.month(resource_id, near.year, near.month)
    await visit.show(calendar_screen(view, visit.texts).with_notice(notice))


async def show_last_day(visit: Visit, call: Call) -> None:
    """Another end; one that is not possible is refused above the screen, which stays."""
    first, steps = call.numbers(2)
    await visit.show(stay_screen(await visit.desk.browsing.extend_stay(InventoryId(first), steps), visit.texts))


async def show_stay_month(visit: Visit, call: Call) -> None:
    """The same stay over another month."""
    first, steps, number = call.numbers(3)
    view = await visit.desk.browsing.extend_stay(InventoryId(first), steps, wanted_month(number))
    await visit.show(stay_screen(view, visit.texts))


async def show_units(visit: Visit, call: Call) -> None:
    if len(call.fields) != 3:
        raise OutOfDate
    first, steps = InventoryId(callbacks.number(call.word(0))), callbacks.number(call.word(1))
    await present_units(visit, Selection(first, callbacks.counts(call.word(2)), steps))


async def present_units(visit: Visit, selection: Selection) -> None:
    view = await visit.desk.browsing.quote(selection)
    if view.stay is None:
        raise OutOfDate
    await visit.show(units_screen(view, view.stay, visit.texts))


async def choose_otherwise(visit: Visit, selection: Selection, notice: str) -> None:
    """Why nothing was held, on top of where one can choose what is possible: another end, or other days or times."""
    offer = await visit.desk.browsing.offer(selection.inventory_id)
    if offer.slot is None:
        raise OutOfDate
    try:
        view = await visit.desk.browsing.extend_stay(selection.inventory_id, selection.steps)
    except (NoStay, DayTaken):
        elsewhere = present_first_day if terms_of(offer.card).step is Step.HOUR else present_calendar
        await elsewhere(visit, offer.card.id, offer.slot.local.date(), notice)
    else:
        await visit.show(stay_screen(view, visit.texts).with_notice(notice))
