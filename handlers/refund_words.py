"""What people read about money that goes back: the rules beforehand, the amount that is due, and how far it is."""

from datetime import datetime

from bot.domain.bookings import BookingView
from bot.domain.cancelling import Due
from bot.domain.orders import RefundState
from bot.domain.refund_rules import WHOLE, RefundStep, Rules, still_possible
from handlers.texts import Texts

DAY, MOST_IN_HOURS = 24, 48


def rule_line(rules: Rules, texts: Texts, *, dated: bool) -> str:
    """The rules of something on offer: "Free cancellation until 24 h before, 50 % back until 2 h before"."""
    if not rules:
        return texts.gettext("No refund after paying")
    return texts.listing([_step(each, texts, dated=dated) for each in rules])


def standing_line(rules: Rules, starts_at: datetime | None, now: datetime, texts: Texts) -> str:
    """Those rules that can still hold for this date (of an item: none), and plainly so where it is too late for all."""
    possible = still_possible(rules, starts_at, now)
    if rules and not possible:
        return texts.gettext("Too close to the start: no refund after paying")
    return rule_line(possible, texts, dated=starts_at is not None)


def _step(step: RefundStep, texts: Texts, *, dated: bool) -> str:
    free, percent, span = step.percent == WHOLE, texts.number(step.percent), hours(step.hours, texts)
    if not dated:
        if free:
            return texts.gettext("Free cancellation for {duration} after paying", duration=span)
        return texts.gettext("{percent} % back for {duration} after paying", percent=percent, duration=span)
    if step.hours == 0:
        if free:
            return texts.gettext("Free cancellation until the start")
        return texts.gettext("{percent} % back until the start", percent=percent)
    if free:
        return texts.gettext("Free cancellation until {duration} before", duration=span)
    return texts.gettext("{percent} % back until {duration} before", percent=percent, duration=span)


def hours(count: int, texts: Texts) -> str:
    """Hours as people count them: "24 h", "3 days"."""
    if count > MOST_IN_HOURS and count % DAY == 0:
        return texts.ngettext("{count} day", "{count} days", count // DAY)
    return texts.duration(count * 60)


def due_line(due: Due, texts: Texts, *, dated: bool) -> str:
    """What goes back if it is cancelled now, and why no more."""
    amount, percent = texts.money(due.amount), texts.number(due.percent)
    if due.capped:
        return texts.gettext("You get back {amount}: that is what is left of your payment.", amount=amount)
    if due.percent == WHOLE and not due.amount.is_zero:
        return texts.gettext("You get back {amount}, all of it.", amount=amount)
    passed = hours(due.passed.hours, texts) if due.passed and dated and due.passed.hours else ""
    if due.amount.is_zero:
        if passed:
            return texts.gettext("You get nothing back: it is less than {duration} before.", duration=passed)
        return texts.gettext("You get nothing back for this booking.")
    if passed:
        return texts.gettext(
            "You get back {amount} ({percent} %, less than {duration} before).",
            amount=amount,
            percent=percent,
            duration=passed,
        )
    return texts.gettext("You get back {amount} ({percent} %).", amount=amount, percent=percent)


def cancelled_line(view: BookingView, texts: Texts) -> str:
    """How far the money of a cancelled booking is."""
    if view.sent_back is None or view.sent_back.amount.is_zero:
        return texts.gettext("Cancelled · no refund")
    amount = texts.money(view.sent_back.amount)
    match view.sent_back.state:
        case RefundState.NEW | RefundState.PENDING:
            return texts.gettext("Cancelled · {amount} is on its way back", amount=amount)
        case RefundState.SUCCEEDED:
            return texts.gettext("Cancelled · {amount} refunded", amount=amount)
        case RefundState.FAILED:
            return texts.gettext("Cancelled · the refund of {amount} did not go through, we see to it", amount=amount)
