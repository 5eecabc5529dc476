"""How many of each fare: a row of minus, count and plus for each, and the sum."""

from collections.abc import Mapping

from bot.domain.catalogue import FareView, OfferView, SlotState
from bot.domain.errors import Gone, OutOfDate, SoldOut, TooLate
from bot.domain.ids import NONCE_LENGTH, FareId, InventoryId
from bot.domain.money import Money
from bot.domain.selection import Selection
from handlers import callbacks
from handlers.callbacks import Action, Call, DoesNotFit, packed_counts
from handlers.screens import Button, Row, Screen, act, back
from handlers.texts import Texts
from handlers.visits import Visit

Counts = Mapping[FareId, int]


def guests_screen(offer: OfferView, counts: Counts, texts: Texts) -> Screen:
    card = offer.card
    when = texts.opening(texts.short_moment(offer.slot.starts_at, card.time_zone)) if offer.slot else ""
    return Screen(
        title=texts.own(card.name),
        blocks=(when, texts.ngettext("{count} left", "{count} left", offer.left)),
        rows=(
            *(_fare_row(offer, fare, counts, texts) for fare in card.fares),
            _continue(offer, counts, texts),
            back_to_choice(offer, texts),
        ),
        picture=card.photo,
    )


def back_to_choice(offer: OfferView, texts: Texts) -> Row:
    """To the times of the day; an item has none and goes to its card."""
    if offer.slot is None:
        return back(texts, Action.CARD, offer.card.id)
    return back(texts, Action.DAY, offer.card.id, offer.slot.local.date().toordinal())


def _fare_row(offer: OfferView, fare: FareView, counts: Counts, texts: Texts) -> Row:
    chosen = counts.get(fare.id, 0)
    label = texts.counted(fare.counted, chosen)
    if chosen:
        label = f"{label} · {texts.price(fare.unit * chosen)}"
    fewer = _step(Action.GUESTS, offer, {**counts, fare.id: chosen - 1}) if chosen else act("·", Action.NOTHING)
    more = _step(Action.MORE_GUESTS, offer, {**counts, fare.id: chosen + 1})
    return fewer, act(label, Action.NOTHING), more


def _step(action: Action, offer: OfferView, counts: Counts) -> Button:
    label = "−" if action is Action.GUESTS else "+"
    try:
        return act(label, action, offer.inventory_id, packed_counts(counts))
    except DoesNotFit:
        return act(label, Action.TOO_MANY_FARES)


def _continue(offer: OfferView, counts: Counts, texts: Texts) -> Row:
    amounts = [fare.unit * counts[fare.id] for fare in offer.card.fares if counts.get(fare.id)]
    if not amounts:
        return ()
    total = sum(amounts, start=Money(0, amounts[0].currency))
    label = texts.gettext("Continue · {amount}", amount=texts.price(total))
    try:
        # The tightest of all buttons is the one that places the order: what fits there fits everywhere.
        callbacks.pack(Action.PLACE, offer.inventory_id, packed_counts(counts), total.minor, "n" * NONCE_LENGTH)
    except DoesNotFit:
        return (act(label, Action.TOO_MANY_FARES),)
    return (act(label, Action.SUMMARY, offer.inventory_id, packed_counts(counts)),)


def fitted(offer: OfferView, counts: Counts) -> dict[FareId, int]:
    """The counts, lowered from the last fare on until there is room for them. Raises OutOfDate for unknown fares."""
    seats = {fare.id: fare.seats for fare in offer.card.fares}
    if not set(counts) <= set(seats):
        raise OutOfDate
    kept = {fare_id: counts.get(fare_id, 0) for fare_id in seats}
    for fare_id in reversed(seats):
        others = sum(kept[other] * seats[other] for other in seats if other != fare_id)
        room = (offer.left - others) // seats[fare_id]
        most = offer.card.max_per_order - sum(kept.values()) + kept[fare_id]
        kept[fare_id] = max(0, min(kept[fare_id], room, most))
    return kept


async def show_guests(visit: Visit, call: Call) -> None:
    inventory_id, counts = selected(call)
    await present_guests(visit, inventory_id, counts)


async def show_more_guests(visit: Visit, call: Call) -> None:
    """One more, if there is one; else the answer says why not, and the screen stays."""
    inventory_id, counts = selected(call)
    view = await visit.desk.browsing.quote(Selection(inventory_id, counts))
    await visit.show(guests_screen(view.offer, counts, visit.texts))


async def present_guests(visit: Visit, inventory_id: InventoryId, counts: Counts, notice: str = "") -> None:
    offer = await visit.desk.browsing.offer(inventory_id)
    _check(offer)
    screen = guests_screen(offer, fitted(offer, counts), visit.texts)
    await visit.show(screen.with_notice(notice) if notice else screen)


def _check(offer: OfferView) -> None:
    """Nothing can be chosen of what is closed, over or full; what is let is chosen in another way."""
    if offer.card.rental is not None:
        raise OutOfDate
    if offer.slot is not None and offer.slot.state is SlotState.PAST:
        raise TooLate(offer.slot.closes_at)
    if offer.slot is not None and offer.slot.state is SlotState.CLOSED:
        raise Gone
    if offer.left < 1:
        raise SoldOut(0)


async def too_many_fares(visit: Visit, call: Call) -> None:
    call.numbers(0)
    await visit.alert(visit.texts.gettext("So many different prices do not fit into one order. Please order twice."))


def selected(call: Call) -> tuple[InventoryId, dict[FareId, int]]:
    """What a selection's button carries: the inventory and the counts."""
    if len(call.fields) != 2:
        raise OutOfDate
    return InventoryId(callbacks.number(call.word(0))), callbacks.counts(call.word(1))
