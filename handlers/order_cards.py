"""The order's own message: one text that follows the order from hold to end."""

from typing import assert_never

from bot.domain.order_card import OrderCard, OrderLineView
from bot.domain.orders import RELEASED, Closing, State
from handlers.callbacks import Action
from handlers.markup import gap
from handlers.screens import Button, Row, Screen, act
from handlers.stay_words import moment_of
from handlers.texts import Texts

AGAIN = "o"
"""The step of the basket's button that puts an order back into it."""


def order_screen(card: OrderCard, texts: Texts) -> Screen:
    """The look of the order's present state."""
    return Screen(
        title=_title(card, texts),
        blocks=(
            *what(card, texts),
            _total(card, texts),
            _charged(card, texts),
            gap("\n".join(filter(None, (_news(card, texts), stays_line(card, texts))))),
        ),
        rows=_rows(card, texts),
    )


def _charged(card: OrderCard, texts: Texts) -> str:
    """Where a promotion code has made a difference."""
    if card.paid is None or card.paid == card.total:
        return ""
    return texts.gettext("With your promotion code {amount}", amount=texts.money(card.paid))


def what(card: OrderCard, texts: Texts) -> tuple[str, ...]:
    """What was ordered: name, date and party; of several things each in a paragraph of its own."""
    if len(card.parts) == 1:
        return _part(card.parts[0], texts)
    return tuple(gap("\n".join(filter(None, _part(lines, texts)))) for lines in card.parts)


def _part(lines: tuple[OrderLineView, ...], texts: Texts) -> tuple[str, ...]:
    party = texts.listing([texts.counted(line.counted, line.quantity) for line in lines])
    return texts.own(lines[0].resource_name), _when(lines[0], texts), party


def _when(line: OrderLineView, texts: Texts) -> str:
    return moment_of(line, texts)


def _total(card: OrderCard, texts: Texts) -> str:
    total = texts.gettext("Total {amount}", amount=texts.money(card.total))
    return total if len(card.parts) == 1 else gap(total)


def held_until(card: OrderCard, texts: Texts) -> str:
    """A time; what is offered may last until another day."""
    if card.offered:
        return texts.short_moment(card.hold_until, card.lines[0].time_zone)
    return texts.time(card.hold_until, card.lines[0].time_zone)


def ended_at(card: OrderCard, texts: Texts) -> str:
    return texts.time(card.ended_at or card.hold_until, card.lines[0].time_zone)


def _title(card: OrderCard, texts: Texts) -> str:
    match card.state:
        case State.HELD | State.AWAITING_PAYMENT:
            said = _held_title(card, texts)
        case State.PROCESSING:
            said = texts.gettext("Waiting for your bank")
        case State.CLOSING:
            said = _closing_title(card, texts)
        case State.PAID:
            said = _paid_title(card, texts)
        case State.EXPIRED | State.CANCELLED:
            said = _unpaid_title(card, texts)
        case State.FAILED:
            said = texts.gettext("Not booked")
        case State.REFUNDED:
            said = texts.gettext("Refunded in full")
        case _:
            assert_never(card.state)
    return said


def _cancelled_title(card: OrderCard, texts: Texts) -> str:
    if len(card.parts) > 1:
        return texts.gettext("Your bookings are cancelled")
    return texts.gettext("Your booking is cancelled")


def _held_title(card: OrderCard, texts: Texts) -> str:
    time = held_until(card, texts)
    if card.offered:
        return texts.gettext("Places came free: yours until {time}", time=time)
    if card.moving:
        return texts.gettext("Your new date is held until {time}", time=time)
    return texts.gettext("Held for you until {time}", time=time)


def _paid_title(card: OrderCard, texts: Texts) -> str:
    if card.cancelled:
        return _cancelled_title(card, texts)
    if card.moving:
        return texts.gettext("Paid · your booking has moved")
    if len(card.parts) > 1:
        return texts.gettext("Paid · your tickets are below")
    return texts.gettext("Paid · your ticket is below")


def _unpaid_title(card: OrderCard, texts: Texts) -> str:
    match card.state, card.unsure:
        case State.CANCELLED, True:
            return texts.gettext("Cancelled")
        case State.CANCELLED, False:
            return texts.gettext("Cancelled · nothing was charged")
        case _, True:
            return texts.gettext("Released at {time}", time=ended_at(card, texts))
        case _:
            return texts.gettext("Released at {time} · nothing was charged", time=ended_at(card, texts))


def _closing_title(card: OrderCard, texts: Texts) -> str:
    if card.closing is Closing.CUSTOMER:
        return texts.gettext("Being cancelled …")
    return texts.gettext("Being released …")


def _news(card: OrderCard, texts: Texts) -> str:
    """One more sentence where the title does not say it all."""
    said = ""
    match card.state:
        case State.HELD | State.AWAITING_PAYMENT if card.link is None:
            said = _no_link_yet(card, texts)
        case State.HELD | State.AWAITING_PAYMENT if card.offered:
            said = texts.gettext("You waited for this. After that it is offered to the next in line.")
        case State.HELD | State.AWAITING_PAYMENT if card.moving:
            said = texts.gettext("Your booking moves when this is paid; until then it stays as it is.")
        case State.CLOSING:
            said = texts.gettext("One moment: the payment page is being closed first.")
        case State.FAILED if card.too_small:
            said = texts.gettext("This amount is smaller than what can be paid by card. Nothing was charged.")
        case State.FAILED:
            said = no_payment_known(texts)
        case State.EXPIRED | State.CANCELLED if card.unsure:
            said = no_payment_known(texts)
    return said


def stays_line(card: OrderCard, texts: Texts) -> str:
    """Whoever wanted another date and did not get it is to know that nothing else has changed."""
    over = card.state in RELEASED or card.state is State.REFUNDED
    return texts.gettext("Your booking stays as it is.") if over and card.stays else ""


def no_payment_known(texts: Texts) -> str:
    return texts.gettext("No payment was completed. If your bank shows a charge nevertheless: /paysupport")


def _no_link_yet(card: OrderCard, texts: Texts) -> str:
    if card.slow:
        time = held_until(card, texts)
        return texts.gettext("The payment page cannot be opened just now. Your order is held until {time}.", time=time)
    return texts.gettext("Preparing your payment link …")


def bank_is_confirming(card: OrderCard, texts: Texts) -> str:
    if card.processing_until is None:
        return texts.gettext(
            "Your bank is still confirming. Your order stays held; this can take some days. "
            "I will write as soon as it is settled."
        )
    day = card.processing_until
    return texts.gettext(
        "Your bank is still confirming. Your order stays held; this can take until {day}. "
        "I will write as soon as it is settled.",
        day=texts.local_day(day, card.lines[0].time_zone),
    )


def _rows(card: OrderCard, texts: Texts) -> tuple[Row, ...]:
    match card.state:
        case State.HELD | State.AWAITING_PAYMENT if card.link is not None:
            pay = Button(texts.gettext("Pay {amount}", amount=texts.money(card.total)), url=card.link)
            paid = act(texts.gettext("I have paid"), Action.I_HAVE_PAID, card.order_id)
            return (pay,), (paid, _cancel(card, texts))
        case State.HELD | State.AWAITING_PAYMENT if card.slow:
            again = act(texts.gettext("Try again"), Action.TRY_AGAIN, card.order_id)
            return (again,), (_cancel(card, texts),)
        case State.HELD | State.AWAITING_PAYMENT:
            return ((_cancel(card, texts),),)
        case State.EXPIRED | State.CANCELLED | State.FAILED | State.REFUNDED:
            return (choose_again(card, texts),)
        case State.PAID if card.cancelled:
            return (choose_again(card, texts),)
        case _:
            return ()


def _cancel(card: OrderCard, texts: Texts) -> Button:
    label = texts.gettext("No, thank you") if card.offered else texts.gettext("Cancel")
    return act(label, Action.CANCEL, card.order_id)


def choose_again(card: OrderCard, texts: Texts) -> Row:
    """Of one thing its card, and several things in the basket once more; of a move the dates of its booking."""
    if card.moving:
        another = texts.gettext("Another date")
        return () if card.moves is None else (act(another, Action.ANOTHER_DATE, card.moves),)
    if len(card.parts) > 1:
        return (act(texts.gettext("Back into the basket"), Action.BASKET, AGAIN, card.order_id),)
    return (act(texts.gettext("Choose again"), Action.CHOOSE_AGAIN, card.lines[0].resource_id),)
