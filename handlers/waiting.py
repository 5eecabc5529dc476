"""The waiting list of a time that is full: for how many, how far in line, and off it again by one tap."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.domain.catalogue import FareView, OfferView, SlotState
from bot.domain.errors import AlreadyHeld, Gone, NotFull, OutOfDate, TooLate
from bot.domain.ids import FareId, InventoryId
from bot.domain.order_card import OrderCard
from bot.domain.questions import Questionnaire
from bot.domain.selection import Selection
from bot.domain.waiting import Counts, WaitingView
from handlers import callbacks
from handlers.answer_buttons import BEGIN, fit
from handlers.callbacks import Action, Call, DoesNotFit, packed_counts
from handlers.failures import words
from handlers.guests import back_to_choice, present_guests
from handlers.markup import gap
from handlers.open_orders import held_already_screen
from handlers.screens import Button, Row, Screen, act
from handlers.selections import leading
from handlers.slots import CHOOSE_PARTY, present_day
from handlers.texts import Texts
from handlers.visits import Visit

CHOOSE, JOIN, LEAVE = CHOOSE_PARTY, "j", "l"


def party_screen(
    offer: OfferView, counts: Counts, texts: Texts, offer_minutes: int, asked: Questionnaire | None = None
) -> Screen:
    """For how many somebody wants to wait; nothing is charged or held.

    `asked`: what the shop wants to know first, so that what is offered later has but to be paid.
    """
    return Screen(
        title=texts.own(offer.card.name),
        blocks=(
            _when(offer, texts),
            texts.gettext("This time is fully booked."),
            gap(_how_it_works(texts, offer_minutes)),
        ),
        rows=(
            *(_fare_row(offer, fare, counts, texts) for fare in offer.card.fares),
            _answers(offer, counts, texts, asked) or _join(offer, counts, texts),
            back_to_choice(offer, texts),
        ),
        picture=offer.card.photo,
    )


def _how_it_works(texts: Texts, offer_minutes: int) -> str:
    return texts.gettext(
        "When places come free, whoever waits first has {duration} to pay for them. Waiting costs nothing.",
        duration=texts.duration(offer_minutes),
    )


def _when(offer: OfferView, texts: Texts) -> str:
    return texts.opening(texts.short_moment(offer.slot.starts_at, offer.card.time_zone)) if offer.slot else ""


def _fare_row(offer: OfferView, fare: FareView, counts: Counts, texts: Texts) -> Row:
    chosen = counts.get(fare.id, 0)
    fewer = _step("−", offer, {**counts, fare.id: chosen - 1}) if chosen else act("·", Action.NOTHING)
    more = {**counts, fare.id: chosen + 1}
    room = _units(offer, more) <= most_of(offer)
    return (
        fewer,
        act(texts.counted(fare.counted, chosen), Action.NOTHING),
        _step("+", offer, more) if room else act("·", Action.NOTHING),
    )


def _step(label: str, offer: OfferView, counts: Counts) -> Button:
    try:
        return act(label, Action.WAIT, CHOOSE, offer.inventory_id, packed_counts(counts))
    except DoesNotFit:
        return act(label, Action.TOO_MANY_FARES)


def _answers(offer: OfferView, counts: Counts, texts: Texts, asked: Questionnaire | None) -> Row:
    if asked is None or not asked.open or not any(counts.values()):
        return ()
    begin = texts.ngettext("Answer {count} question", "Answer {count} questions", len(asked.open))
    selection = Selection(offer.inventory_id, counts)
    if not fit(asked, selection):
        return (act(begin, Action.TOO_MANY_FARES),)
    return (act(begin, Action.ANSWER, *leading(selection), BEGIN),)


def _join(offer: OfferView, counts: Counts, texts: Texts) -> Row:
    if not any(counts.values()):
        return ()
    label = texts.gettext("Join the waiting list")
    return (act(label, Action.WAIT, JOIN, offer.inventory_id, packed_counts(counts)),)


def most_of(offer: OfferView) -> int:
    """The largest party that there can ever be room for."""
    return min(offer.card.max_per_order, offer.slot.capacity if offer.slot else 0)


def _units(offer: OfferView, counts: Counts) -> int:
    return sum(fare.seats * counts.get(fare.id, 0) for fare in offer.card.fares)


def line_screen(offer: OfferView, entry: WaitingView, texts: Texts) -> Screen:
    """Somebody who is on the list."""
    return Screen(
        title=texts.gettext("You are on the waiting list"),
        blocks=(
            texts.own(offer.card.name),
            _when(offer, texts),
            _party(offer, entry.counts, texts),
            gap(_ahead(entry, texts)),
            texts.gettext("I write to you when it is your turn."),
        ),
        rows=(
            (act(texts.gettext("Leave the waiting list"), Action.WAIT, LEAVE, offer.inventory_id),),
            back_to_choice(offer, texts),
        ),
        picture=offer.card.photo,
    )


def _party(offer: OfferView, counts: Counts, texts: Texts) -> str:
    return texts.listing(
        [texts.counted(fare.counted, counts[fare.id]) for fare in offer.card.fares if counts.get(fare.id)]
    )


def _ahead(entry: WaitingView, texts: Texts) -> str:
    if not entry.ahead:
        return texts.gettext("You are first in line.")
    return texts.ngettext("{count} is before you.", "{count} are before you.", entry.ahead)


def waiting_rows(entries: Sequence[WaitingView], texts: Texts) -> tuple[Row, ...]:
    """What a customer waits for, beside what is booked."""
    return tuple((_entry_button(entry, texts),) for entry in entries)


def _entry_button(entry: WaitingView, texts: Texts) -> Button:
    when = texts.opening(texts.short_moment(entry.starts_at, entry.time_zone))
    label = texts.gettext("Waiting list · {when} · {name}", when=when, name=texts.own(entry.name))
    return act(label, Action.WAIT, CHOOSE, entry.inventory_id, "")


async def wait(visit: Visit, call: Call) -> None:
    """Whatever a button of the waiting list asks for."""
    step = STEPS.get(call.word(0))
    if step is None:
        raise OutOfDate
    row = InventoryId(callbacks.number(call.word(1)))
    await step(visit, row, callbacks.counts(call.word(2)) if len(call.fields) > 2 else {})


async def present_choice(visit: Visit, row: InventoryId, counts: Mapping[FareId, int]) -> None:
    """The list that they are on, or how to get on it."""
    entry = await _entry_of(visit, row)
    offer = await visit.desk.browsing.offer(row)
    if entry is None:
        await _present_party(visit, offer, counts)
    else:
        await visit.show(line_screen(offer, entry, visit.texts))


async def _present_party(visit: Visit, offer: OfferView, counts: Counts) -> None:
    if offer.slot is None or offer.slot.state is SlotState.CLOSED:
        raise Gone
    if offer.slot.state is SlotState.PAST:
        raise TooLate(offer.slot.closes_at)
    if offer.left:
        await present_guests(visit, offer.inventory_id, counts)
    elif (held := await _held_on(visit, offer.inventory_id)) is not None:
        await visit.show(held_already_screen(offer, held, visit.texts))
    else:
        party, minutes = _fitted(offer, counts), visit.desk.house.offer_minutes
        asked = await visit.desk.questions.about(visit.customer.id, Selection(offer.inventory_id, party))
        await visit.show(party_screen(offer, party, visit.texts, minutes, asked))


def _fitted(offer: OfferView, counts: Counts) -> Counts:
    """One of the first fare where what was chosen cannot be, for whatever reason."""
    known = {fare.id for fare in offer.card.fares}
    if counts and set(counts) <= known and 0 < _units(offer, counts) <= most_of(offer):
        return counts
    return {fare.id: 1 for fare in offer.card.fares[:1]}


async def _join_line(visit: Visit, row: InventoryId, counts: Mapping[FareId, int]) -> None:
    try:
        await visit.desk.waiting.join(visit.customer.id, Selection(row, counts), visit.texts.language)
    except NotFull as free:
        await present_guests(visit, row, counts, words(free, visit.texts))
    except AlreadyHeld as held:
        offer = await visit.desk.browsing.offer(row)
        card = await visit.desk.ordering.own_card(visit.customer.id, held.order_id)
        await visit.show(held_already_screen(offer, card, visit.texts))
    else:
        await present_choice(visit, row, counts)


async def _leave_line(visit: Visit, row: InventoryId, _counts: Mapping[FareId, int]) -> None:
    await visit.desk.waiting.leave(visit.customer.id, row)
    offer = await visit.desk.browsing.offer(row)
    if offer.slot is None:
        raise Gone
    notice = visit.texts.gettext("You are no longer on the waiting list.")
    await present_day(visit, offer.card.id, offer.slot.local.date(), notice)


async def _entry_of(visit: Visit, row: InventoryId) -> WaitingView | None:
    entries = await visit.desk.waiting.of_customer(visit.customer.id)
    return next((entry for entry in entries if entry.inventory_id == row), None)


async def _held_on(visit: Visit, row: InventoryId) -> OrderCard | None:
    """Their own order of places there that is not paid yet."""
    cards = await visit.desk.open_orders.of_customer(visit.customer.id)
    return next((card for card in cards if any(line.inventory_id == row for line in card.lines)), None)


Step = Callable[[Visit, InventoryId, Mapping[FareId, int]], Awaitable[None]]
STEPS: Mapping[str, Step] = {CHOOSE: present_choice, JOIN: _join_line, LEAVE: _leave_line}
