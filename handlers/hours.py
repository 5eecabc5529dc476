"""What is let by the hour: when it begins on the chosen day, then when it ends, under a price that grows with it."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.catalogue import HoursView, ResourceCard, StayView, TimesView
from bot.domain.catalogue_entries import Step
from bot.domain.rentals import Length, LetRow
from handlers.calendar import month_number
from handlers.callbacks import Action
from handlers.markup import gap
from handlers.screens import Button, Row, Screen, act, back
from handlers.stay_words import clock, hours_line, length, limits_line
from handlers.texts import Texts

WITH_COUNTS, PLAIN = 2, 4
"""So many buttons beside each other, with how many are left or without."""


def times_screen(view: TimesView, texts: Texts) -> Screen:
    """When a stay can begin on that day."""
    card = view.card
    zone = texts.zone(card.time_zone)
    return Screen(
        title=texts.own(card.name),
        blocks=(
            texts.gettext("{day}. Times are local ({zone}).", day=texts.opening(texts.day(view.day)), zone=zone),
            texts.gettext("Choose when it begins."),
        ),
        rows=(
            *_side_by_side([_time(card, row, texts) for row in view.rows], WITH_COUNTS if card.capacity > 1 else PLAIN),
            back(texts, Action.MONTH, card.id, month_number(view.day)),
        ),
        picture=card.photo,
    )


def _time(card: ResourceCard, row: LetRow, texts: Texts) -> Button:
    """With what is left then, where there are several units: "10:00 · 2 free"."""
    label = clock(row.starts_at, card.time_zone, texts)
    if card.capacity > 1:
        label = texts.ngettext("{time} · {count} free", "{time} · {count} free", row.left, time=label)
    return act(label, Action.LAST_DAY, row.inventory_id, card.rental.shortest if card.rental else 1)


def hours_screen(view: HoursView, onward: Row, texts: Texts) -> Screen:
    """The stay so far and what it costs, over the hours at which it could end; `onward` takes it."""
    card, stay = view.card, view.stay
    buttons = [_end(stay, steps, at, card.time_zone, texts) for steps, at in view.ends.items()]
    return Screen(
        title=texts.own(card.name),
        blocks=(
            _hours_and_price(stay, card.time_zone, texts),
            gap(texts.gettext("Choose when it ends.")),
            f"{hours_line(card.rental, texts)} · {limits_line(card.rental, texts)}" if card.rental else "",
        ),
        rows=(
            *_side_by_side(buttons, PLAIN),
            onward,
            back(texts, Action.FIRST_DAY, card.id, stay.first.toordinal()),
        ),
        picture=card.photo,
    )


def _hours_and_price(stay: StayView, zone: str, texts: Texts) -> str:
    """As in "Sat 12 Dec, 10:00 – 13:00, 3 hours · €36"."""
    return texts.gettext(
        "{day}, {start} – {end}, {length} · {price}",
        day=texts.opening(texts.short_day(stay.first)),
        start=clock(stay.starts_at, zone, texts),
        end=clock(stay.ends_at, zone, texts),
        length=length(Length(Step.HOUR, stay.steps), texts),
        price=texts.price(stay.unit),
    )


def _end(stay: StayView, steps: int, at: datetime, zone: str, texts: Texts) -> Button:
    """The chosen end stands between brackets."""
    time = clock(at, zone, texts)
    return act(f"[{time}]" if steps == stay.steps else time, Action.LAST_DAY, stay.inventory_id, steps)


def _side_by_side(buttons: Sequence[Button], most: int) -> tuple[Row, ...]:
    return tuple(tuple(buttons[start : start + most]) for start in range(0, len(buttons), most))
