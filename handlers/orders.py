"""The buttons under an order: I have paid, cancel, try again, choose again."""

from bot.domain.errors import GuichetError, OutOfDate
from bot.domain.ids import OrderId, ResourceId
from bot.domain.order_card import OrderCard
from bot.domain.orders import UNPAID, State
from handlers import callbacks, moving, moving_dates
from handlers.bookings import show_bookings
from handlers.callbacks import Action, Call
from handlers.cards import present_card
from handlers.failures import trouble
from handlers.order_cards import bank_is_confirming, held_until
from handlers.slots import present_day
from handlers.stays import present_first_day
from handlers.texts import Texts
from handlers.visits import Visit


async def i_have_paid(visit: Visit, call: Call) -> None:
    """Stripe is asked apart from the customer's turn; the tap is answered when it has spoken."""
    order_id = OrderId(call.number())
    await visit.desk.ordering.own_card(visit.customer.id, order_id)
    visit.later(_ask_stripe(visit, order_id))


async def _ask_stripe(visit: Visit, order_id: OrderId) -> None:
    try:
        await visit.desk.checkout.look_now(order_id)
        card = await visit.desk.ordering.own_card(visit.customer.id, order_id)
    except GuichetError:
        said = visit.texts.gettext("Stripe cannot be reached just now. I keep asking, and write as soon as I know.")
    except Exception:
        await visit.alert(trouble(visit.texts))
        raise
    else:
        said = paid_or_not(card, visit.texts)
    await visit.alert(said)


def paid_or_not(card: OrderCard, texts: Texts) -> str:
    """What "I have paid" answers."""
    match card.state:
        case State.HELD | State.AWAITING_PAYMENT:
            return texts.gettext(
                "Stripe has not received it yet. If you have just paid, wait a moment: "
                "your order is held until {time}.",
                time=held_until(card, texts),
            )
        case State.PROCESSING:
            return bank_is_confirming(card, texts)
        case State.CLOSING:
            return texts.gettext("I am asking Stripe whether you have paid, and write as soon as I know.")
        case State.PAID:
            return _paid(card, texts)
        case State.REFUNDED:
            return texts.gettext("This order was refunded in full.")
        case _:
            return texts.gettext("Stripe has received no payment for this order, and it is over.")


def _paid(card: OrderCard, texts: Texts) -> str:
    if card.cancelled:
        return texts.gettext("It was paid, and the booking is cancelled.")
    return texts.gettext("It is paid. Your ticket is in this chat.")


async def bring(visit: Visit, call: Call) -> None:
    """The order's own message, at the bottom of the chat; of what is over meanwhile, how it ended."""
    order_id = OrderId(call.number())
    card = await visit.desk.ordering.own_card(visit.customer.id, order_id)
    if card.state not in UNPAID:
        await show_bookings(visit, notice=paid_or_not(card, visit.texts))
        return
    await visit.desk.open_orders.bring(visit.customer.id, order_id)
    if visit.tap is not None:
        await visit.tap.answer(visit.texts.gettext("Your order comes below."))


async def cancel(visit: Visit, call: Call) -> None:
    """The order's own message then tells what became of it."""
    await visit.desk.ordering.cancel(visit.customer.id, OrderId(call.number()))
    if visit.tap is not None:
        await visit.tap.answer(visit.texts.gettext("Your order is being cancelled."))


async def try_again(visit: Visit, call: Call) -> None:
    await visit.desk.ordering.retry_link(visit.customer.id, OrderId(call.number()))
    if visit.tap is not None:
        await visit.tap.answer(visit.texts.gettext("I am asking for your payment link again."))


async def choose_again(visit: Visit, call: Call) -> None:
    """The card of what was ordered, on a message of its own."""
    card = await visit.desk.browsing.card(ResourceId(call.number()))
    await present_card(visit, card)


async def another_date(visit: Visit, call: Call) -> None:
    """The dates of the booking that the order was to move, on a message of its own."""
    booking = callbacks.base36(call.number())
    await moving.choose(visit, Call(Action.MOVE_BOOKING, (moving_dates.DATES, booking)))


async def other_day(visit: Visit, call: Call) -> None:
    """One of the dates offered instead, on a message of its own."""
    if len(call.fields) != 2:
        raise OutOfDate
    resource_id = ResourceId(callbacks.number(call.word(0)))
    day = callbacks.day(call.word(1))
    if (await visit.desk.browsing.card(resource_id)).rental is not None:
        await present_first_day(visit, resource_id, day)
    else:
        await present_day(visit, resource_id, day)
