"""The times of one day, with how many places are left of each."""

from datetime import date

from bot.domain.catalogue import DayState, DayView, SlotState, SlotView
from bot.domain.ids import ResourceId
from handlers import callbacks
from handlers.callbacks import Action, Call, packed_counts
from handlers.cards import first_guest
from handlers.screens import Button, Screen, act, back
from handlers.texts import Texts
from handlers.visits import Visit

CHOOSE_PARTY = "g"
"""What a tap on a full time asks of the waiting list."""


def day_screen(view: DayView, texts: Texts) -> Screen:
    zone = texts.zone(view.card.time_zone)
    return Screen(
        title=texts.own(view.card.name),
        blocks=(
            texts.gettext("{day}. Times are local ({zone}).", day=texts.opening(texts.day(view.day)), zone=zone),
            texts.gettext("Choose a time."),
        ),
        rows=(
            *((_slot(view, slot, texts),) for slot in view.slots),
            back(texts, Action.MONTH, view.card.id, view.day.year * 12 + view.day.month - 1),
        ),
        picture=view.card.photo,
    )


def _slot(view: DayView, slot: SlotView, texts: Texts) -> Button:
    if slot.state is SlotState.FULL:
        start = packed_counts(first_guest(view.card, slot.capacity))
        return act(_slot_label(slot, texts), Action.WAIT, CHOOSE_PARTY, slot.inventory_id, start)
    start = packed_counts(first_guest(view.card, slot.left))
    return act(_slot_label(slot, texts), Action.GUESTS, slot.inventory_id, start)


def _slot_label(slot: SlotView, texts: Texts) -> str:
    time = f"{slot.local:%H:%M}"
    match slot.state:
        case SlotState.FULL:
            return texts.gettext("{time} · full, waiting list", time=time)
        case SlotState.FEW:
            return texts.ngettext("{time} · last one", "{time} · last {count}", slot.left, time=time)
        case _:
            return texts.ngettext("{time} · {count} left", "{time} · {count} left", slot.left, time=time)


def why_not(view: DayView, texts: Texts) -> str:
    """What a dot in the calendar answers."""
    match view.state:
        case DayState.FULL:
            return texts.gettext("This day is fully booked.")
        case DayState.PAST:
            return texts.gettext("This day can no longer be booked.")
        case DayState.BEYOND:
            days = view.card.horizon_days
            return texts.ngettext(
                "This can be booked one day ahead.", "This can be booked up to {count} days ahead.", days
            )
        case _:
            return texts.gettext("Nothing takes place on this day.")


async def show_day(visit: Visit, call: Call) -> None:
    resource_id = ResourceId(callbacks.number(call.word(0)))
    await present_day(visit, resource_id, callbacks.day(call.word(1)))


async def present_day(visit: Visit, resource_id: ResourceId, day: date, notice: str = "") -> None:
    """The day's times; a day that cannot even be waited for is told over the calendar, which stays."""
    view = await visit.desk.browsing.slots(resource_id, day)
    if not view.state.can_be_seen and not notice and await visit.alert(why_not(view, visit.texts)):
        return
    screen = day_screen(view, visit.texts)
    if notice or not view.state.can_be_chosen:
        screen = screen.with_notice(notice or why_not(view, visit.texts))
    await visit.show(screen)
