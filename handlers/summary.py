"""Everything that will be charged, before anything is held; and the tap that holds it."""

from datetime import datetime
from random import Random

from bot.domain import ids
from bot.domain.catalogue import QuoteView
from bot.domain.errors import Gone, OutOfDate, Refusal, SoldOut, TooLate, TooMany
from bot.domain.ids import InventoryId
from bot.domain.questions import Questionnaire
from bot.domain.rentals import NoStay
from bot.domain.selection import Selection
from handlers import callbacks
from handlers.answer_buttons import BEGIN, LIST
from handlers.answer_words import short_lines
from handlers.callbacks import Action, Call
from handlers.failures import words
from handlers.guests import Counts, present_guests
from handlers.markup import gap
from handlers.refund_words import standing_line
from handlers.screens import Row, Screen, act, back, home_row
from handlers.selections import chosen, fields_of, leading, selection_of
from handlers.slots import present_day
from handlers.stay_words import price_line
from handlers.stays import back_to_stay, choose_otherwise, terms_of
from handlers.stays import when as stay_when
from handlers.texts import Texts
from handlers.visits import Visit


def summary_screen(
    view: QuoteView, texts: Texts, now: datetime, *, hold_minutes: int, nonce: str, asked: Questionnaire | None = None
) -> Screen:
    """`nonce` makes the order that is placed from this very summary one of a kind.

    `asked`: what the shop wants to know of the guests; until that is answered nothing can be held.
    """
    if view.stay is not None:
        way_back = back_to_stay(view, view.stay, texts)
    else:
        way_back = back(texts, Action.GUESTS, *fields_of(chosen(view)))
    return Screen(
        title=texts.own(view.offer.card.name),
        blocks=(
            _when(view, texts),
            texts.own(view.offer.card.place),
            gap(_lines(view, texts)),
            gap("\n".join(short_lines(asked.said(), texts))) if asked else "",
            *_rules(view, texts, hold_minutes, now),
        ),
        rows=(
            *_ways_on(view, texts, nonce, asked),
            way_back,
        ),
        picture=view.offer.card.photo,
    )


def _ways_on(view: QuoteView, texts: Texts, nonce: str, asked: Questionnaire | None) -> tuple[Row, ...]:
    """Pay, now or with other things; or first the questions."""
    selection = chosen(view)
    if asked and asked.open:
        begin = texts.ngettext("Answer {count} question", "Answer {count} questions", len(asked.open))
        return ((act(begin, Action.ANSWER, *leading(selection), BEGIN),),)
    pay = act(texts.gettext("Hold and pay"), Action.PLACE, *fields_of(selection), view.total.minor, nonce)
    put_aside = act(texts.gettext("Add to basket"), Action.ADD_TO_BASKET, *fields_of(selection))
    change = act(texts.gettext("Change answers"), Action.ANSWER, *leading(selection), LIST, 1)
    return (pay,), (put_aside, change) if asked else (put_aside,)


def _when(view: QuoteView, texts: Texts) -> str:
    card, slot = view.offer.card, view.offer.slot
    if slot is None:
        return ""
    if view.stay is not None:
        when = stay_when(view, view.stay, texts)
    else:
        when = texts.opening(texts.moment(slot.starts_at, card.time_zone))
    return texts.gettext("{when}, local time ({zone})", when=when, zone=texts.zone(card.time_zone))


def _lines(view: QuoteView, texts: Texts) -> str:
    lines = [
        texts.gettext(
            "{counted} · {amount}",
            counted=texts.counted(line.fare.counted, line.quantity),
            amount=texts.money(line.amount),
        )
        for line in view.lines
    ]
    if view.stay is not None:
        lines.insert(0, price_line(view.stay, terms_of(view.offer.card).step, texts))
    return "\n".join((*lines, texts.gettext("Total {amount}", amount=texts.money(view.total))))


def _rules(view: QuoteView, texts: Texts, hold_minutes: int, now: datetime) -> tuple[str, ...]:
    held = texts.gettext(
        "It stays held for {duration} while you pay. Until you have paid, cancelling costs nothing.",
        duration=texts.duration(hold_minutes),
    )
    rule = standing_line(view.offer.card.rules or (), view.starts_at, now, texts)
    return gap(held), rule, texts.gettext("The shop’s terms: /terms")


def held_screen(texts: Texts) -> Screen:
    return Screen(
        title=texts.gettext("Your order is below"),
        blocks=(texts.gettext("Pay from there; your ticket then comes to this chat."),),
        rows=(home_row(texts),),
    )


async def show_summary(visit: Visit, call: Call) -> None:
    selection = selection_of(call)
    await present_summary(visit, selection.inventory_id, selection.counts, steps=selection.steps)


async def present_summary(
    visit: Visit, inventory_id: InventoryId, counts: Counts, notice: str = "", *, steps: int = 0
) -> None:
    """`steps`: for so many nights or days of a rental."""
    selection, desk = Selection(inventory_id, counts, steps), visit.desk
    view = await desk.browsing.quote(selection)
    asked = await desk.questions.about(visit.customer.id, selection) if view.asking else None
    once = _new_nonce(desk.chance)
    minutes, now = desk.house.hold_minutes, desk.clock.now()
    screen = summary_screen(view, visit.texts, now, hold_minutes=minutes, nonce=once, asked=asked)
    await visit.show(screen.with_notice(notice) if notice else screen)


def _new_nonce(chance: Random) -> str:
    return ids.nonce(chance)


async def hold_and_pay(visit: Visit, call: Call) -> None:
    """Place the order; its own message follows by itself, with the link once there is one."""
    if len(call.fields) not in {4, 5}:
        raise OutOfDate
    inventory_id = InventoryId(callbacks.number(call.word(0)))
    steps = callbacks.number(call.word(2)) if len(call.fields) == 5 else 0
    selection = Selection(inventory_id, callbacks.counts(call.word(1)), steps)
    total, nonce = callbacks.number(call.fields[-2]), callbacks.nonce(call.fields[-1])
    if visit.tap is not None and not await visit.tap.answer():
        # Tapped before a pause of ours: whoever tapped does not expect anything to be held now.
        return await present_summary(visit, inventory_id, selection.counts, steps=steps)
    try:
        await visit.desk.ordering.place(
            visit.customer.id, selection, nonce=nonce, confirmed_total=total, language=visit.texts.language
        )
    except (Gone, OutOfDate):
        raise
    except Refusal as refusal:
        return await _choose_otherwise(visit, selection, refusal)
    return await visit.show(held_screen(visit.texts))


async def _choose_otherwise(visit: Visit, selection: Selection, refusal: Refusal) -> None:
    """Why nothing was held, on top of the screen where one can choose what is possible."""
    notice = words(refusal, visit.texts)
    match refusal:
        case SoldOut() | NoStay() | TooMany() | TooLate() if selection.steps:
            await choose_otherwise(visit, selection, notice)
        case SoldOut(left=0) | TooLate():
            await _other_times(visit, selection.inventory_id, notice, refusal)
        case SoldOut() | TooMany():
            await present_guests(visit, selection.inventory_id, selection.counts, notice)
        case _:
            await present_summary(visit, selection.inventory_id, selection.counts, notice, steps=selection.steps)


async def _other_times(visit: Visit, inventory_id: InventoryId, notice: str, refusal: Refusal) -> None:
    offer = await visit.desk.browsing.offer(inventory_id)
    if offer.slot is None:
        raise refusal
    await present_day(visit, offer.card.id, offer.slot.local.date(), notice)
