"""The basket: several things that are held, paid and booked together, or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.baskets import BasketView, Entry, EntryView, Labelled
from bot.domain.catalogue_entries import Step
from bot.domain.errors import Gone, NothingChosen, OutOfDate, PriceChanged, Refusal
from bot.domain.ids import InventoryId, OrderId, nonce
from bot.domain.rentals import Length
from handlers import callbacks
from handlers.answer_buttons import BEGIN
from handlers.callbacks import Action, Call
from handlers.failures import words
from handlers.markup import TEXT, fits, gap
from handlers.order_cards import AGAIN
from handlers.refund_words import standing_line
from handlers.screens import Row, Screen, act, back, home_row
from handlers.selections import leading, selection_of
from handlers.stay_words import length
from handlers.summary import held_screen
from handlers.texts import Texts
from handlers.visits import Visit

REMOVE, EMPTY = "r", "e"
ABOVE = 320
"""Room for the name of the screen and for what has just happened."""


def basket_screen(view: BasketView, texts: Texts, now: datetime, *, hold_minutes: int, nonce_: str) -> Screen:
    """Everything that will be charged; `nonce_` makes the order that is placed from this very screen one of a kind."""
    if not view.entries:
        nothing = texts.gettext("Nothing is in it. Choose something, and tap “Add to basket”.")
        return Screen(texts.gettext("Your basket"), (nothing,), (home_row(texts),))
    return Screen(
        title=texts.gettext("Your basket"),
        blocks=_blocks(view, texts, now, hold_minutes),
        rows=(
            _primary(view, texts, nonce_),
            *(
                (act(texts.gettext("Remove: {what}", what=called(entry, texts)), Action.BASKET, REMOVE, _row(entry)),)
                for entry in view.entries
            ),
            (act(texts.gettext("Empty"), Action.BASKET, EMPTY), *back(texts, Action.HOME)),
        ),
        whole=True,
    )


def _blocks(view: BasketView, texts: Texts, now: datetime, hold_minutes: int) -> tuple[str, ...]:
    """With what goes back of each, unless all of that is more than a message can hold."""
    rules = [_rule(entry, texts, now) for entry in view.entries]
    said = _with_rules(view, rules, texts, hold_minutes)
    if fits("", *said, most=TEXT - ABOVE):
        return said
    elsewhere = texts.gettext("What goes back on cancelling stands on the card of each.")
    return _with_rules(view, [rule and elsewhere for rule in rules], texts, hold_minutes)


def _with_rules(view: BasketView, rules: Sequence[str], texts: Texts, hold_minutes: int) -> tuple[str, ...]:
    """A rule that is the same for all is said once."""
    different = set(filter(None, rules))
    alike = different.pop() if len(different) == 1 else ""
    own = zip(view.entries, rules, strict=True)
    return (
        *(gap(_entry(entry, texts, "" if alike else rule)) for entry, rule in own),
        gap(texts.gettext("Total {amount}", amount=texts.money(view.total))),
        gap(_what_next(view, texts, hold_minutes)),
        alike,
        texts.gettext("The shop’s terms: /terms"),
    )


def _row(view: EntryView) -> InventoryId:
    return view.entry.inventory_id


def called(view: EntryView, texts: Texts) -> str:
    """What and when: "Sat 12 Dec, 07:00 · Sunrise"."""
    if view.label is None:
        return texts.gettext("what is gone")
    name = texts.own(view.label.name)
    if view.label.starts_at is None:
        return name
    return texts.gettext("{when} · {name}", when=_when(view.label, view.label.starts_at, view.entry, texts), name=name)


def _when(label: Labelled, starts_at: datetime, entry: Entry, texts: Texts) -> str:
    """A moment, or the first day and how long, as in "Sat 12 Dec, 3 nights"; of hours both."""
    moment = texts.opening(texts.short_moment(starts_at, label.time_zone))
    if label.step is None:
        return moment
    day = texts.opening(texts.short_day(starts_at.astimezone(ZoneInfo(label.time_zone)).date()))
    first, found = moment if label.step is Step.HOUR else day, Length(label.step, entry.steps)
    return texts.gettext("{first}, {length}", first=first, length=length(found, texts))


def _entry(view: EntryView, texts: Texts, rule: str) -> str:
    """An entry with its price, what goes back of it on cancelling, and what is the matter with it."""
    party = _party(view, texts)
    if view.price is not None:
        party = texts.gettext("{counted} · {amount}", counted=party, amount=texts.money(view.price.total))
    return "\n".join(filter(None, (called(view, texts), party, rule, *_remarks(view, texts))))


def _rule(view: EntryView, texts: Texts, now: datetime) -> str:
    if view.price is None:
        return ""
    starts_at = view.label.starts_at if view.label else None
    return standing_line(view.price.lines[0].rules, starts_at, now, texts)


def _party(view: EntryView, texts: Texts) -> str:
    counted = view.label.counted if view.label else {}
    return texts.listing(
        [texts.counted(counted[fare], count) for fare, count in view.entry.counts.items() if fare in counted]
    )


def _remarks(view: EntryView, texts: Texts) -> tuple[str, ...]:
    if view.trouble is not None:
        return (words(view.trouble, texts),)
    changed = asked = ""
    if view.before is not None:
        changed = texts.gettext("The price has changed: it was {amount}.", amount=texts.money(view.before))
    if view.unanswered:
        asked = texts.gettext("The shop has questions about this.")
    return changed, asked


def _what_next(view: BasketView, texts: Texts, hold_minutes: int) -> str:
    if view.troubled:
        return texts.gettext("Please remove what can no longer be had like this; the rest can then be paid.")
    return texts.gettext(
        "It stays held for {duration} while you pay. Until you have paid, cancelling costs nothing.",
        duration=texts.duration(hold_minutes),
    )


def _primary(view: BasketView, texts: Texts, nonce_: str) -> Row:
    waits = view.first_unanswered
    if view.troubled:
        return ()
    if waits is not None:
        return (act(texts.gettext("Answer the questions"), Action.ANSWER, *leading(waits.entry.selection), BEGIN),)
    pay = texts.gettext("Hold and pay {amount}", amount=texts.money(view.total))
    return (act(pay, Action.PLACE_BASKET, view.total.minor, nonce_, view.digest),)


async def add(visit: Visit, call: Call) -> None:
    """So many of this, instead of what was in the basket of it."""
    desk, texts = visit.desk, visit.texts
    before = await desk.baskets.add(visit.customer.id, selection_of(call))
    view = await desk.baskets.show(visit.customer.id)
    screen = replace(_screen_of(view, visit), title=texts.gettext("It is in your basket"))
    said = _no_more(before, view, texts) if before else ""
    if said and not await visit.alert(said):
        screen = screen.with_notice(said)
    await visit.show(screen)


def _no_more(before: Entry, view: BasketView, texts: Texts) -> str:
    """What has left the basket for what has just come."""
    labels = {each.entry.inventory_id: each.label for each in view.entries}
    gone = EntryView(before, labels.get(before.inventory_id))
    return texts.gettext(
        "This replaces what was in your basket: {what}, {party}.", what=called(gone, texts), party=_party(gone, texts)
    )


async def basket(visit: Visit, call: Call) -> None:
    """Show the basket, or change it first."""
    desk, customer = visit.desk, visit.customer.id
    match call.fields:
        case ():
            await present_basket(visit)
        case (step,) if step == EMPTY:
            await desk.baskets.empty(customer)
            await present_basket(visit)
        case (step, row) if step == REMOVE:
            await desk.baskets.remove(customer, InventoryId(callbacks.number(row)))
            await present_basket(visit)
        case (step, order) if step == AGAIN:
            await desk.baskets.fill_again(customer, OrderId(callbacks.number(order)))
            await present_basket(visit)
        case _:
            raise OutOfDate


def on_a_fact(call: Call) -> bool:
    """Whether the button stands under an order's message, which stays as it is."""
    return call.action is Action.BASKET and call.fields[:1] == (AGAIN,)


async def present_basket(visit: Visit, notice: str = "") -> None:
    screen = _screen_of(await visit.desk.baskets.show(visit.customer.id), visit)
    await visit.show(screen.with_notice(notice) if notice else screen)


def _screen_of(view: BasketView, visit: Visit) -> Screen:
    desk, once = visit.desk, nonce(visit.desk.chance)
    return basket_screen(view, visit.texts, desk.clock.now(), hold_minutes=desk.house.hold_minutes, nonce_=once)


async def hold_and_pay(visit: Visit, call: Call) -> None:
    """Place all of it; where that cannot be, the basket stays and says why."""
    if len(call.fields) != 3:
        raise OutOfDate
    total, once, seen = callbacks.number(call.word(0)), callbacks.nonce(call.word(1)), callbacks.number(call.word(2))
    if visit.tap is not None and not await visit.tap.answer():
        # Tapped before a pause of ours: whoever tapped does not expect anything to be held now.
        return await present_basket(visit)
    try:
        await visit.desk.ordering.place_basket(
            visit.customer.id, nonce=once, confirmed_total=total, seen=seen, language=visit.texts.language
        )
    except Refusal as refusal:
        view = await visit.desk.baskets.show(visit.customer.id)
        return await present_basket(visit, why_not(refusal, view, visit.texts))
    return await visit.show(held_screen(visit.texts))


def why_not(refusal: Refusal, view: BasketView, texts: Texts) -> str:
    """Why nothing was held: what can no longer be had is named."""
    gone = [called(entry, texts) for entry in view.entries if entry.trouble is not None]
    if gone:
        return texts.gettext("Nothing was held, for this can no longer be had: {what}.", what=texts.listing(gone))
    if isinstance(refusal, NothingChosen):
        return texts.gettext("Your basket is empty")
    if isinstance(refusal, (OutOfDate, PriceChanged, Gone)):
        return texts.gettext("Your basket has changed, and nothing was held. Please look again.")
    return words(refusal, texts)
