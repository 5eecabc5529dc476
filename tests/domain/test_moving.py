"""A booking moves for as long as it could be cancelled at best, is never without seats, and costs what was agreed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cancelling import cancel, due
from bot.domain.effects import Notice
from bot.domain.errors import CannotCancel, CannotMove, PriceChanged, Refusal, SoldOut, TooLate
from bot.domain.facts import RefundFact
from bot.domain.ids import InventoryId, RefundId
from bot.domain.money import Money
from bot.domain.moving import move, moved, surcharge
from bot.domain.orders import BookingStatus, Case, Reason, RefundState, State
from bot.domain.refund_rules import RefundStep
from bot.domain.refunds import settle_refund
from bot.domain.selection import Offer, OfferedFare
from tests.clock import NOW
from tests.domain.life import SEAT, notices, statuses, stored
from tests.domain.test_cancelling import THIS, booked

THERE = InventoryId(5)
SUCCEEDED = RefundState.SUCCEEDED


def on_offer(case: Case, minor: int = 3900, left: int = 4) -> Offer:
    """The same at another date, for so much."""
    (line,) = case.lines
    fares = (OfferedFare(line.fare_id, Money(minor, "EUR"), line.seats),)
    return Offer(line.resource_id, THERE, fares, left, 8, dated=True, open=True, closes_at=NOW + timedelta(days=3))


def starting(case: Case, hours: int) -> Case:
    """The same, so many hours ahead."""
    at = NOW + timedelta(hours=hours)
    return replace(case, bookings=tuple(replace(each, starts_at=at) for each in case.bookings))


def test_a_move_takes_the_new_seats_and_frees_the_old_ones_at_once() -> None:
    case = booked()
    (outcome,) = move(case, (), THIS, on_offer(case), 0, NOW)
    after = outcome.case
    assert dict(after.claims) == {THERE: case.claims[SEAT]}
    assert [(each.inventory_id, each.id, each.status) for each in after.bookings] == [
        (THERE, THIS, BookingStatus.CONFIRMED)
    ]
    assert [line.inventory_id for line in after.lines] == [THERE]
    assert (after.refunds, after.order) == ((), case.order)
    assert notices(outcome.effects) == [Notice.STAFF_MOVED]
    assert statuses(after) == statuses(case)


def test_what_costs_less_there_goes_back_and_is_not_given_twice() -> None:
    case = booked()
    (outcome,) = move(case, (), THIS, on_offer(case, 3500), 800, NOW)
    assert [(row.amount.minor, row.reason, row.state, row.inventory_id) for row in outcome.case.refunds] == [
        (800, Reason.MOVED, RefundState.NEW, THERE)
    ]
    assert due(starting(outcome.case, hours=48), THIS, NOW).amount.minor == 7000
    assert due(starting(outcome.case, hours=20), THIS, NOW).amount.minor == 3500


def test_its_rules_stay_as_they_were_bought() -> None:
    case = booked()
    offer = replace(on_offer(case), rules=())
    assert move(case, (), THIS, offer, 0, NOW)[0].case.lines[0].rules == case.lines[0].rules


@pytest.mark.parametrize(
    ("hours", "rules", "refusal"),
    [
        (20, (RefundStep(24, 100), RefundStep(2, 50)), CannotMove),
        (30, (), CannotMove),
        (-1, (RefundStep(24, 100),), CannotCancel),
    ],
)
def test_a_booking_stays_once_its_best_rule_is_over(
    hours: float, rules: tuple[RefundStep, ...], refusal: type[Refusal]
) -> None:
    case = booked(hours, rules)
    with pytest.raises(refusal):
        moved(case, (), THIS, on_offer(case), NOW)


def test_half_of_a_price_may_be_the_best_rule() -> None:
    case = booked(30, (RefundStep(24, 50),))
    assert moved(case, (), THIS, on_offer(case), NOW).back.total.is_zero


def test_what_would_give_back_more_than_cancelling_does_is_left_to_staff() -> None:
    case = booked(30, (RefundStep(24, 50),))
    assert moved(case, (), THIS, on_offer(case, 1950), NOW).back.total.minor == 3900
    with pytest.raises(CannotMove):
        moved(case, (), THIS, on_offer(case, 1900), NOW)


def test_of_what_a_promotion_code_made_cheaper_the_part_that_was_paid_goes_back() -> None:
    case = booked()
    halved = replace(
        case,
        payments=(replace(case.payments[0], amount=Money(3900, "EUR")),),
        bookings=tuple(replace(each, paid=Money(3900, "EUR")) for each in case.bookings),
    )
    assert moved(halved, (), THIS, on_offer(halved), NOW).back.total.is_zero
    assert moved(halved, (), THIS, on_offer(halved, 3500), NOW).back.total.minor == 400
    assert moved(halved, (), THIS, on_offer(halved, 0), NOW).back.total.minor == 3900


def test_money_for_a_move_that_arrives_after_that_for_the_cancellation_ends_the_order_too() -> None:
    case = booked()
    away = stored(move(case, (), THIS, on_offer(case, 3500), 800, NOW)[0].case)
    ahead = replace(away, bookings=tuple(replace(each, starts_at=NOW + timedelta(hours=48)) for each in away.bookings))
    gone = stored(cancel(ahead, THIS, 7000, NOW).case)
    for number in (2, 1):
        fact = RefundFact(f"re_{number}", "pi_1", RefundId(number), gone.refunds[number - 1].amount, SUCCEEDED, NOW)
        gone = in_order(settle_refund(gone, fact).case)
    assert (gone.order.state, gone.order.refunded.minor) == (State.REFUNDED, 7800)


def in_order(case: Case) -> Case:
    """A refund that was settled stands last; here each keeps its place."""
    return replace(case, refunds=tuple(sorted(case.refunds, key=lambda each: each.id or 0)))


def test_nothing_moves_to_where_there_is_no_room_or_another_price() -> None:
    case = booked()
    with pytest.raises(SoldOut):
        moved(case, (), THIS, on_offer(case, left=1), NOW)
    with pytest.raises(PriceChanged):
        move(case, (), THIS, on_offer(case, 4100), 0, NOW)
    with pytest.raises(PriceChanged):
        move(case, (), THIS, on_offer(case, 3500), 0, NOW)
    with pytest.raises(TooLate):
        moved(case, (), THIS, replace(on_offer(case), closes_at=NOW), NOW)
    with pytest.raises(CannotMove):
        moved(case, (), THIS, replace(on_offer(case), inventory_id=SEAT), NOW)


def test_what_is_cancelled_does_not_move() -> None:
    case = booked()
    gone = replace(case, bookings=tuple(replace(each, status=BookingStatus.CANCELLED) for each in case.bookings))
    with pytest.raises(CannotCancel):
        moved(gone, (), THIS, on_offer(case), NOW)


def test_what_costs_more_there_is_an_order_of_the_difference() -> None:
    case = booked()
    assert [line.amount.minor for line in surcharge(case, (), THIS, on_offer(case, 4100), 400, NOW)] == [400]
    for confirmed, minor in ((399, 4100), (0, 3900), (0, 3500)):
        with pytest.raises(PriceChanged):
            surcharge(case, (), THIS, on_offer(case, minor), confirmed, NOW)
