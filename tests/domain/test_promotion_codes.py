"""A promotion code may lower what is paid where codes were allowed, and nothing else may change it."""

from dataclasses import replace

import pytest

from bot.domain.cancelling import cancel, due
from bot.domain.effects import Alert, Concern
from bot.domain.errors import CannotCancel
from bot.domain.facts import SessionFact
from bot.domain.money import Money
from bot.domain.orders import BookingStatus, Case, RefundState, Role, State
from bot.domain.refunds import settle_refund
from tests.clock import NOW
from tests.domain import life
from tests.domain.life import SEAT, TOTAL, held, notices, roles, session, settled, statuses, stored
from tests.domain.test_cancelling import RULES, THIS


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def with_codes(case: Case | None = None) -> Case:
    """An order of 78.00 on whose page codes may be entered."""
    case = case or held()
    return replace(case, attempts=tuple(replace(each, codes=True) for each in case.attempts))


def fact(total: int, discount: int, subtotal: int = 7800, *, intent: str | None = "pi_1") -> SessionFact:
    said = session(paid=True, total=euro(total), payment_intent=intent)
    return replace(said, subtotal=euro(subtotal), discount=euro(discount))


def booked(total: int = 3900, *, intent: str | None = "pi_1", hours: float = 30) -> Case:
    return life.stored(settled(with_codes(), fact(total, 7800 - total, intent=intent)).case)


def cancellable(case: Case) -> Case:
    return replace(case, lines=tuple(replace(line, rules=RULES, dated=False) for line in case.lines))


@pytest.mark.parametrize(("total", "discount"), [(7800, 0), (3900, 3900), (1, 7799), (0, 7800)])
def test_what_a_code_takes_off_is_agreed_where_codes_are_allowed(total: int, discount: int) -> None:
    outcome = settled(with_codes(), fact(total, discount))
    assert (outcome.case.order.state, roles(outcome.case)) == (State.PAID, [Role.BOOKED])
    assert (outcome.case.paid, outcome.case.order.total) == (euro(total), TOTAL)


@pytest.mark.fault(15)
@pytest.mark.parametrize(
    ("total", "discount", "subtotal"),
    [
        (3900, 0, 7800),  # less than asked, and nothing says why
        (3900, 3000, 7800),  # does not add up
        (3900, 3900, 7900),  # other lines than ours
        (3000, 3900, 6900),
        (7900, -100, 7800),
        (8000, 0, 7800),  # a tax that nobody asked for
        (4700, 3900, 7800),  # the same, under a code
        (-100, 7900, 7800),
    ],
)
def test_anything_else_is_for_a_human(total: int, discount: int, subtotal: int) -> None:
    outcome = settled(with_codes(), fact(total, discount, subtotal))
    assert (statuses(outcome.case), roles(outcome.case)) == ([], [Role.MISMATCH])
    assert [effect.concern for effect in outcome.effects if isinstance(effect, Alert)] == [Concern.AMOUNT_MISMATCH]


@pytest.mark.fault(15)
def test_a_discount_that_we_did_not_allow_is_for_a_human() -> None:
    outcome = settled(held(), fact(3900, 3900))
    assert (statuses(outcome.case), roles(outcome.case)) == ([], [Role.MISMATCH])


def test_no_more_goes_back_than_was_paid() -> None:
    case = cancellable(booked())
    found = due(case, THIS, NOW)
    assert (found.amount, found.percent, found.capped) == (euro(3900), 100, False)
    changed = stored(cancel(case, THIS, 3900, NOW).case)
    assert [row.amount for row in changed.refunds] == [euro(3900)]


def test_an_order_is_refunded_once_all_that_was_paid_is_back() -> None:
    case = stored(cancel(cancellable(booked()), THIS, 3900, NOW).case)
    answer = replace(life.refund("re_1", 3900, RefundState.SUCCEEDED), ours=case.refunds[0].id)
    assert settle_refund(case, answer).case.order.state is State.REFUNDED


def test_a_refund_in_the_dashboard_of_all_that_was_paid_cancels() -> None:
    outcome = settle_refund(booked(), life.refund("re_1", 3900, RefundState.SUCCEEDED))
    assert (outcome.case.order.state, statuses(outcome.case)) == (State.REFUNDED, [BookingStatus.CANCELLED])


def test_what_cost_nothing_is_booked_and_cancelled_without_money() -> None:
    case = cancellable(booked(0, intent=None))
    assert (case.order.state, statuses(case), case.claims) == (State.PAID, [BookingStatus.CONFIRMED], {SEAT: 2})
    assert due(case, THIS, NOW).amount.is_zero
    changed = cancel(case, THIS, 0, NOW).case
    assert (statuses(changed), dict(changed.claims), changed.refunds) == ([BookingStatus.CANCELLED], {}, ())


def test_a_payment_that_stripe_gives_no_handle_on_is_still_cancelled_by_hand() -> None:
    with pytest.raises(CannotCancel):
        due(cancellable(booked(3900, intent=None)), THIS, NOW)


def test_what_cost_nothing_and_comes_too_late_is_not_booked_and_said_so() -> None:
    outcome = settled(with_codes(held(State.EXPIRED)), fact(0, 7800, intent=None), free=0)
    assert (outcome.case.order.state, roles(outcome.case)) == (State.EXPIRED, [Role.LATE])
    assert (outcome.case.refunds, notices(outcome.effects)) == ((), ["released"])
