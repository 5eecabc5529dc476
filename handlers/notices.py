"""Facts about an order that arrive as messages of their own, apart from the booking itself."""

from datetime import date

from bot.domain.effects import Notice
from bot.domain.money import Money
from bot.domain.order_card import OrderCard
from bot.domain.orders import RELEASED, State
from handlers.callbacks import Action
from handlers.markup import gap
from handlers.order_cards import bank_is_confirming, choose_again, ended_at, no_payment_known, stays_line, what
from handlers.screens import Row, Screen, act
from handlers.texts import Texts

HOLDS_WHILE = {
    Notice.SLOW: frozenset({State.HELD}),
    Notice.PROCESSING: frozenset({State.PROCESSING}),
    Notice.RELEASED: RELEASED,
    Notice.BANK_FAILED: frozenset({State.FAILED}),
    Notice.REFUNDED_LATE: frozenset({State.REFUNDED}),
}
"""States outside of which a notice would tell what is no longer so; the others are always worth telling."""


def still_true(notice: Notice, card: OrderCard) -> bool:
    if notice is Notice.REFUND_FAILED and card.refunded >= card.charged:
        return False  # somebody has sent the money back in another way
    return card.state in HOLDS_WHILE.get(notice, frozenset(State))


def order_notice(notice: Notice, card: OrderCard, texts: Texts) -> Screen:
    """The message for a notice that is about no money; raises KeyError for any other."""
    return {Notice.PROCESSING: _processing, Notice.RELEASED: _released, Notice.BANK_FAILED: _bank_failed}[notice](
        card, texts
    )


def refund_notice(notice: Notice, card: OrderCard, amount: Money, texts: Texts, days: tuple[date, ...] = ()) -> Screen:
    """The message about money that went back; `days` are offered instead. Raises KeyError for any other notice."""
    said = texts.money(amount)
    title, told = {
        Notice.REFUNDED: _refunded,
        Notice.REFUNDED_PART: _refunded_rest if card.cancelled else _refunded_part,
        Notice.REFUND_FAILED: _refund_failed,
        Notice.REFUNDED_LATE: _not_moved if card.moving else _refunded_late,
        Notice.REFUNDED_SURPLUS: _refunded_surplus,
    }[notice](said, texts)
    instead = texts.gettext("Other dates:") if days and not card.moving else ""
    # A booking that a surcharge has moved may have moved on since.
    concerned = what(card, texts)[:1] if card.moving and notice is not Notice.REFUNDED_LATE else what(card, texts)
    again = (choose_again(card, texts),) if card.moving and notice is Notice.REFUNDED_LATE else ()
    return Screen(title, (*concerned, gap(told), instead), again or _days(card, days, texts))


def _processing(card: OrderCard, texts: Texts) -> Screen:
    return Screen(texts.gettext("Waiting for your bank"), (*what(card, texts), gap(bank_is_confirming(card, texts))))


def _released(card: OrderCard, texts: Texts) -> Screen:
    told = texts.gettext("It was released at {time}, and nothing was charged.", time=ended_at(card, texts))
    if card.unsure:
        told = texts.gettext("It was released at {time}.", time=ended_at(card, texts)) + " " + no_payment_known(texts)
    title = texts.gettext("Your hold has ended")
    return Screen(title, (*what(card, texts), gap(told), stays_line(card, texts)), (choose_again(card, texts),))


def _bank_failed(card: OrderCard, texts: Texts) -> Screen:
    told = texts.gettext("The order is released, and nothing was charged.")
    title = texts.gettext("Your bank did not confirm the payment")
    return Screen(title, (*what(card, texts), gap(told), stays_line(card, texts)), (choose_again(card, texts),))


def _refunded(amount: str, texts: Texts) -> tuple[str, str]:
    return (
        texts.gettext("Refunded, {amount}", amount=amount),
        texts.gettext("Your booking is cancelled. The money reaches your card in 5 to 10 days."),
    )


def _refunded_part(amount: str, texts: Texts) -> tuple[str, str]:
    return (
        texts.gettext("Refunded in part, {amount}", amount=amount),
        texts.gettext("Your booking stands. The money reaches your card in 5 to 10 days."),
    )


def _refunded_rest(amount: str, texts: Texts) -> tuple[str, str]:
    """In part, when there is no booking any more."""
    return (
        texts.gettext("Refunded in part, {amount}", amount=amount),
        texts.gettext("The money reaches your card in 5 to 10 days."),
    )


def _refund_failed(amount: str, texts: Texts) -> tuple[str, str]:
    return (
        texts.gettext("Your refund of {amount} did not go through", amount=amount),
        texts.gettext("Your booking is cancelled. We have been told, and pay you back in another way: /paysupport"),
    )


def _refunded_late(amount: str, texts: Texts) -> tuple[str, str]:
    return (
        texts.gettext("Paid too late, sent back in full"),
        texts.gettext(
            "Your payment came after the hold had ended, when these places were no longer on sale. "
            "I have sent back {amount} in full; it reaches your card in 5 to 10 days.",
            amount=amount,
        ),
    )


def _not_moved(amount: str, texts: Texts) -> tuple[str, str]:
    return (
        texts.gettext("Not moved, sent back in full"),
        texts.gettext(
            "Your payment came when your booking could no longer be moved to this date. "
            "I have sent back {amount} in full; it reaches your card in 5 to 10 days.",
            amount=amount,
        ),
    )


def _refunded_surplus(amount: str, texts: Texts) -> tuple[str, str]:
    return (
        texts.gettext("Paid twice, sent back once"),
        texts.gettext(
            "This order was paid a second time. I have sent back {amount}; it reaches your card in 5 to 10 days.",
            amount=amount,
        ),
    )


def _days(card: OrderCard, days: tuple[date, ...], texts: Texts) -> tuple[Row, ...]:
    resource_id = card.lines[0].resource_id
    return tuple((act(texts.opening(texts.day(day)), Action.OTHER_DAY, resource_id, day.toordinal()),) for day in days)
