"""What goes back when a booking is cancelled: never more than is left, never more by waiting, never a cent short."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.cancelling import Obstacle, cancel, due
from bot.domain.currencies import CURRENCIES, step
from bot.domain.effects import Notice
from bot.domain.errors import CannotCancel, RefundChanged
from bot.domain.ids import BookingId, InventoryId
from bot.domain.money import Money
from bot.domain.orders import BookingStatus, Case, Reason, Refund, RefundState, State
from bot.domain.refund_rules import Clockwork, RefundStep, Rules, holding, share
from bot.domain.refunds import settle_refund
from tests.clock import NOW
from tests.domain import life
from tests.domain.life import SEAT, notices, paid, statuses, stored

pytestmark = pytest.mark.fault(23)
RULES: Rules = (RefundStep(24, 100), RefundStep(2, 50))
THIS, OTHER = BookingId(1), InventoryId(2)


def booked(hours: float = 30, rules: Rules = RULES, *, dated: bool = True) -> Case:
    """Two seats for 78.00, so many hours before the start."""
    case = paid()
    starts_at = NOW + timedelta(hours=hours) if dated else None
    bookings = tuple(replace(each, starts_at=starts_at) for each in case.bookings)
    lines = tuple(replace(line, rules=rules, dated=dated) for line in case.lines)
    return replace(case, bookings=bookings, lines=lines)


def twice_booked() -> Case:
    """The same, with as much of something else."""
    case = booked()
    line, booking, payment = case.lines[0], case.bookings[0], case.payments[0]
    return replace(
        case,
        order=replace(case.order, total=case.order.total * 2),
        lines=(line, replace(line, inventory_id=OTHER)),
        claims={SEAT: 2, OTHER: 2},
        bookings=(booking, replace(booking, id=BookingId(2), inventory_id=OTHER)),
        payments=(replace(payment, amount=payment.amount * 2),),
    )


def given_back(case: Case, minor: int, state: RefundState = RefundState.SUCCEEDED) -> Case:
    row = Refund(None, "pi_1", Reason.DASHBOARD, state, Money(minor, "EUR"), "re_0", NOW)
    return stored(replace(case, refunds=(*case.refunds, row)))


def answered(case: Case, state: RefundState) -> Case:
    """Stripe's word on the first refund."""
    row = case.refunds[0]
    return settle_refund(case, replace(life.refund("re_1", row.amount.minor, state), ours=row.id)).case


@pytest.mark.parametrize(("hours", "minor"), [(30, 7800), (24, 7800), (23.99, 3900), (2, 3900), (1.99, 0), (0.01, 0)])
def test_the_step_that_holds_says_how_much_goes_back(hours: float, minor: int) -> None:
    assert due(booked(hours), THIS, NOW).amount.minor == minor


@pytest.mark.parametrize("hours", [0, -1])
def test_nothing_is_cancelled_after_the_start(hours: float) -> None:
    with pytest.raises(CannotCancel) as refusal:
        cancel(booked(hours), THIS, 0, NOW)
    assert refusal.value.why == Obstacle.BEGUN


def test_a_cancelled_booking_frees_its_seats_and_gives_back_what_was_confirmed() -> None:
    outcome = cancel(booked(), THIS, 7800, NOW)
    (row,) = outcome.case.refunds
    assert (statuses(outcome.case), dict(outcome.case.claims)) == ([BookingStatus.CANCELLED], {})
    assert (row.reason, row.state, row.amount.minor, row.inventory_id) == ("cancelled", "new", 7800, SEAT)
    assert notices(outcome.effects) == [Notice.CARD, Notice.STAFF_CANCELLED]
    assert outcome.case.order.state is State.PAID


def test_with_nothing_due_the_seats_are_free_and_no_money_moves() -> None:
    changed = cancel(booked(1), THIS, 0, NOW).case
    assert (statuses(changed), dict(changed.claims), changed.refunds) == ([BookingStatus.CANCELLED], {}, ())


@pytest.mark.parametrize("confirmed", [0, 3899, 3901, 7800])
def test_another_amount_than_was_confirmed_changes_nothing(confirmed: int) -> None:
    with pytest.raises(RefundChanged) as refusal:
        cancel(booked(12), THIS, confirmed, NOW)
    assert (refusal.value.confirmed, refusal.value.current) == (confirmed, 3900)


def test_a_booking_is_cancelled_once() -> None:
    once = stored(cancel(booked(), THIS, 7800, NOW).case)
    for confirmed in (7800, 0):
        with pytest.raises(CannotCancel) as refusal:
            cancel(once, THIS, confirmed, NOW)
        assert refusal.value.why == Obstacle.CANCELLED


def test_no_more_goes_back_than_is_left_of_the_payment() -> None:
    found = due(given_back(booked(), 5000), THIS, NOW)
    assert (found.amount.minor, found.capped) == (2800, True)
    assert due(given_back(booked(), 5000, RefundState.FAILED), THIS, NOW).amount.minor == 7800


def test_the_last_booking_of_an_order_whose_money_all_went_back_ends_it() -> None:
    case = given_back(twice_booked(), 15600)
    case = replace(case, order=replace(case.order, refunded=case.order.total))
    first = cancel(case, THIS, 0, NOW).case
    assert first.order.state is State.PAID
    assert cancel(first, BookingId(2), 0, NOW).case.order.state is State.REFUNDED


def test_an_item_goes_back_only_by_a_rule_of_its_own() -> None:
    with pytest.raises(CannotCancel) as refusal:
        due(booked(rules=(), dated=False), THIS, NOW)
    assert refusal.value.why == Obstacle.NOT_RETURNED
    returnable = booked(rules=(RefundStep(48, 100),), dated=False)
    assert due(returnable, THIS, NOW + timedelta(hours=48)).amount.minor == 7800
    with pytest.raises(CannotCancel):
        due(returnable, THIS, NOW + timedelta(hours=48, seconds=1))


def test_a_payment_that_stripe_gives_no_handle_on_is_for_a_human() -> None:
    case = booked()
    beyond = replace(case, payments=(replace(case.payments[0], payment_intent=None),))
    with pytest.raises(CannotCancel) as refusal:
        cancel(beyond, THIS, 7800, NOW)
    assert refusal.value.why == Obstacle.BY_HAND


def test_an_order_is_refunded_when_nothing_stands_and_all_money_went_back() -> None:
    first = stored(cancel(twice_booked(), THIS, 7800, NOW).case)
    told = answered(first, RefundState.SUCCEEDED)
    assert (told.order.state, told.order.refunded.minor, dict(told.claims)) == (State.PAID, 7800, {OTHER: 2})
    second = stored(cancel(told, BookingId(2), 7800, NOW).case)
    done = settle_refund(second, replace(life.refund("re_2", 7800, RefundState.SUCCEEDED), ours=second.refunds[1].id))
    assert (done.case.order.state, done.case.order.refunded.minor) == (State.REFUNDED, 15600)


def test_an_order_of_which_something_is_kept_stays_paid() -> None:
    half = answered(stored(cancel(booked(12), THIS, 3900, NOW).case), RefundState.SUCCEEDED)
    assert (half.order.state, half.order.refunded.minor, statuses(half)) == (
        State.PAID,
        3900,
        [BookingStatus.CANCELLED],
    )


def test_the_customer_hears_of_the_refund_once_when_it_has_arrived() -> None:
    case, told = stored(cancel(booked(12), THIS, 3900, NOW).case), list[str]()
    for state in (RefundState.PENDING, RefundState.SUCCEEDED, RefundState.SUCCEEDED):
        fact = replace(life.refund("re_1", 3900, state), ours=case.refunds[0].id)
        outcome = settle_refund(case, fact)
        case, told = outcome.case, told + notices(outcome.effects)
    assert told == [Notice.REFUNDED]


def test_a_refund_that_fails_is_told_and_does_not_bring_the_booking_back() -> None:
    case = stored(cancel(booked(), THIS, 7800, NOW).case)
    fact = replace(life.refund("", 7800, RefundState.FAILED), ours=case.refunds[0].id)
    outcome = settle_refund(case, fact)
    assert notices(outcome.effects) == [Notice.REFUND_FAILED]
    assert (statuses(outcome.case), outcome.case.order.refunded.minor) == ([BookingStatus.CANCELLED], 0)


prices = st.integers(1, 10**6)
percents = st.integers(1, 100)
currencies = st.sampled_from(sorted(CURRENCIES))


@given(prices, percents, currencies)
@settings(deadline=None)
def test_a_share_is_rounded_for_the_customer_and_can_be_paid(units: int, percent: int, currency: str) -> None:
    price = Money(units * step(currency), currency)
    back = share(price, percent)
    assert price.minor * percent <= back.minor * 100 < price.minor * percent + 100 * step(currency)
    assert back <= price
    assert back.minor % step(currency) == 0


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    hours = sorted(draw(st.sets(st.integers(0, 200), max_size=5)), reverse=True)
    shares = sorted(draw(st.sets(percents, min_size=len(hours), max_size=len(hours))), reverse=True)
    return tuple(RefundStep(*pair) for pair in zip(hours, shares, strict=True))


@given(rules(), st.floats(0, 300), st.floats(0, 300))
@settings(deadline=None)
def test_waiting_never_brings_more_back(by: Rules, one: float, other: float) -> None:
    clockwork = Clockwork(NOW + timedelta(hours=300), NOW)
    early, late = (holding(by, clockwork, NOW + timedelta(hours=hours)) for hours in sorted((one, other)))
    assert (late.percent if late else 0) <= (early.percent if early else 0)


@given(rules(), st.floats(0.01, 300), st.integers(0, 9000), st.integers(0, 9000))
@settings(deadline=None)
def test_never_more_goes_back_than_what_is_left(by: Rules, hours: float, first: int, second: int) -> None:
    assume(first > 0)
    case = given_back(given_back(booked(hours, by), first), second) if second else given_back(booked(hours, by), first)
    left = max(7800 - first - second, 0)
    found = due(case, THIS, NOW)
    assert 0 <= found.amount.minor <= left
    refunds = cancel(case, THIS, found.amount.minor, NOW).case.refunds
    assert sum(row.amount.minor for row in refunds if row.reason is Reason.CANCELLED) == found.amount.minor
