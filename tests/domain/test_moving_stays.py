"""A stay moves for as long as it was: days that it keeps are never claimed twice, nor free for anybody between."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.cancelling import due
from bot.domain.errors import CannotMove, PriceChanged
from bot.domain.ids import InventoryId
from bot.domain.money import Money
from bot.domain.moving import move, moved, surcharge
from bot.domain.moving_stays import other_stays
from bot.domain.orders import Case, Moves, units_of
from bot.domain.refund_rules import RefundStep
from bot.domain.rentals import DAY, DayTaken, Letting, NoStay
from bot.domain.selection import Offer, OfferedFare
from bot.domain.shares import kept
from bot.domain.surcharges import moved_to, stands
from tests.domain.life import statuses
from tests.domain.test_cancelling import THIS, booked
from tests.domain.test_rentals import FRIDAY, MONDAY, NIGHTS, NOW, SATURDAY, SUNDAY, WEEKEND, letting, row

WEDNESDAY, THURSDAY = MONDAY + DAY * 2, MONDAY + DAY * 3
TERMS = replace(NIGHTS, prices=(WEEKEND,))
"""A night costs 90, those of Friday and Saturday 110."""


def stayed(prices: tuple[int, ...] = (9000, 9000, 11000), first: int = 2, units: int = 1) -> Case:
    """Booked and paid: from Wednesday on, a night at each of these prices."""
    case = booked(30, (RefundStep(24, 100),))
    rows = [row(MONDAY + DAY * (first + day)) for day in range(len(prices))]
    lines = tuple(
        replace(case.lines[0], inventory_id=each, unit=Money(price, "EUR"), quantity=units, stay=rows[0], dated=False)
        for each, price in zip(rows, prices, strict=True)
    )
    total = Money(sum(prices) * units, "EUR")
    return replace(
        case,
        order=replace(case.order, total=total),
        lines=lines,
        claims=units_of(lines),
        payments=(replace(case.payments[0], amount=total),),
        bookings=tuple(
            replace(each, inventory_id=rows[0], paid=total, starts_at=NOW + timedelta(days=first))
            for each in case.bookings
        ),
    )


def on_offer(case: Case, first: InventoryId, found: Letting) -> Offer:
    line = case.lines[0]
    fares = (OfferedFare(line.fare_id, found.base, 1),)
    left = next(each.left for each in found.rows if each.inventory_id == first)
    return Offer(line.resource_id, first, fares, left, 8, dated=False, open=True, closes_at=None, letting=found)


def taken_by(case: Case, found: Letting) -> Letting:
    """With what the case has claimed taken of it."""
    return found.freed({each: -units for each, units in case.claims.items()})


def test_days_that_it_keeps_stay_claimed_and_the_others_change() -> None:
    case = stayed((9000, 9000, 9000), units=2)
    (outcome,) = move(case, (), THIS, on_offer(case, row(THURSDAY), taken_by(case, letting())), 0, NOW)
    after, days = outcome.case, (THURSDAY, FRIDAY, SATURDAY)
    assert dict(after.claims) == {row(day): 2 for day in days}
    assert [(line.inventory_id, line.stay) for line in after.lines] == [(row(day), row(THURSDAY)) for day in days]
    assert [(each.inventory_id, each.id) for each in after.bookings] == [(row(THURSDAY), THIS)]
    assert (statuses(after), after.refunds) == (statuses(case), ())


def test_each_day_has_today_s_price_and_what_is_less_goes_back() -> None:
    case = stayed()
    (outcome,) = move(case, (), THIS, on_offer(case, row(SUNDAY), letting(TERMS)), 2000, NOW)
    assert [line.unit.minor for line in outcome.case.lines] == [9000, 9000, 9000]
    assert [(each.amount.minor, each.inventory_id) for each in outcome.case.refunds] == [(2000, row(SUNDAY))]
    assert kept(outcome.case, outcome.case.bookings[0]).minor == 27000
    ahead = tuple(replace(each, starts_at=NOW + timedelta(days=6)) for each in outcome.case.bookings)
    assert due(replace(outcome.case, bookings=ahead), THIS, NOW).amount.minor == 27000


def test_a_stay_moves_for_as_many_days_and_units_as_it_has() -> None:
    case, monday = stayed((9000, 9000), units=2), MONDAY + DAY * 7
    with pytest.raises(DayTaken):
        moved(case, (), THIS, on_offer(case, row(SUNDAY), letting(left={monday: 1})), NOW)
    with pytest.raises(NoStay):
        moved(case, (), THIS, on_offer(case, row(SUNDAY), letting(closed=frozenset({monday}))), NOW)
    with pytest.raises(CannotMove):
        moved(case, (), THIS, on_offer(case, row(WEDNESDAY), letting()), NOW)


def test_what_costs_more_has_to_have_room_beside_the_old_days() -> None:
    case = stayed((9000, 9000, 9000), first=7)
    tuesday, wednesday, thursday = (row(MONDAY + DAY * day) for day in (8, 9, 10))
    alone = taken_by(case, letting(TERMS, left={MONDAY + DAY * day: 1 for day in range(40)}))
    assert moved(case, (), THIS, on_offer(case, tuesday, alone), NOW).surcharge.is_zero
    assert moved(case, (), THIS, on_offer(case, thursday, alone), NOW).surcharge.minor == 4000
    with pytest.raises(DayTaken):
        moved(case, (), THIS, on_offer(case, wednesday, alone), NOW)
    found = moved(case, (), THIS, on_offer(case, wednesday, taken_by(case, letting(TERMS))), NOW)
    assert [line.unit.minor for line in found.lines] == [9000, 9000, 11000]


def test_a_surcharge_is_split_over_its_days_and_none_of_them_is_less_than_nothing() -> None:
    case = stayed((9000, 15000), units=2)
    offer = on_offer(case, row(FRIDAY), letting())
    with pytest.raises(PriceChanged):
        surcharge(case, (), THIS, offer, 0, NOW)
    cheap = stayed((6000, 10001), units=2)
    lines = surcharge(cheap, (), THIS, on_offer(cheap, row(FRIDAY), letting(TERMS)), 2 * 5999, NOW)
    assert sum(line.amount.minor for line in lines) == 2 * 5999
    assert [line.unit.minor for line in lines] == [3000, 2999]
    assert units_of(lines) == {row(FRIDAY): 2, row(SATURDAY): 2}
    assert {line.stay for line in lines} == {row(FRIDAY)}


def test_a_paid_surcharge_moves_each_day_and_keeps_what_both_have() -> None:
    case = stayed((9000, 9000, 9000), first=0)
    moves = Moves(THIS, row(MONDAY))
    rows = tuple(row(day) for day in (WEDNESDAY, THURSDAY, FRIDAY))
    assert stands(case, moves, rows)
    more = Money(500, "EUR")
    lines = [
        replace(line, inventory_id=each, stay=rows[0], unit=more) for line, each in zip(case.lines, rows, strict=True)
    ]
    extra = replace(case, lines=tuple(lines))
    after = moved_to(case, moves, extra).case
    assert dict(after.claims) == dict.fromkeys(rows, 1)
    assert [(line.inventory_id, line.stay, line.unit.minor) for line in after.lines] == [
        (each, rows[0], 9500) for each in rows
    ]
    assert after.bookings[0].inventory_id == rows[0]
    assert not stands(after, moves, rows)


def beside(case: Case, other: Case) -> Case:
    """With another stay in the same order."""
    theirs = replace(other.bookings[0], id=None)
    return replace(
        case,
        lines=(*case.lines, *other.lines),
        claims={**case.claims, **other.claims},
        bookings=(*case.bookings, theirs),
    )


def test_a_stay_does_not_move_onto_another_of_its_order() -> None:
    case = beside(stayed((9000, 9000)), stayed((9000, 9000), first=5))
    with pytest.raises(CannotMove):
        moved(case, (), THIS, on_offer(case, row(FRIDAY), letting()), NOW)
    assert not stands(case, Moves(THIS, row(WEDNESDAY)), (row(FRIDAY), row(SATURDAY)))
    assert row(FRIDAY) not in [each.inventory_id for each in other_stays(case, row(WEDNESDAY), letting(), NOW)]
    (outcome,) = move(case, (), THIS, on_offer(case, row(THURSDAY), taken_by(case, letting())), 0, NOW)
    assert outcome.case.lines[2:] == case.lines[2:]


@pytest.mark.parametrize("left", [1, 2])
@pytest.mark.parametrize("first", [1, 2, 4])
def test_what_is_shown_is_just_what_it_can_move_to(first: int, left: int) -> None:
    case = stayed((9000, 9000, 11000), first=first)
    full = {FRIDAY + DAY * 7: 0, SUNDAY + DAY * 7: 0}
    found = taken_by(case, letting(TERMS, left={MONDAY + DAY * day: left for day in range(40)} | full))
    now_at = row(MONDAY + DAY * first)
    shown = {each.inventory_id: each.ends_at for each in other_stays(case, now_at, found, NOW)}
    possible = {}
    for each in found.rows:
        try:
            possible[each.inventory_id] = moved(case, (), THIS, on_offer(case, each.inventory_id, found), NOW).ends_at
        except (NoStay, DayTaken, CannotMove):
            continue
    assert shown == possible
    assert now_at not in shown
    assert row(MONDAY + DAY * (first + 1)) in shown or left == 1
