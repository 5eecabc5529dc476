"""Rules of the daily roll-up: what an order adds to it, and how that changes as the order lives."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from bot.domain.ids import (
    CustomerId,
    FareId,
    InventoryId,
    OrderId,
    ResourceId,
    SessionId,
)
from bot.domain.money import Money
from bot.domain.orders import Case, Line, Order, Payment, Reason, Refund, RefundState, Role, State
from bot.domain.reports import WHOLE_SHOP, Delta, allocate, contribution_of_stray, contributions, difference

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
LATE = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 21)
WALK, BOAT = ResourceId(1), ResourceId(2)


def line(resource: ResourceId = WALK, quantity: int = 2, unit: int = 3900, *, dated: bool = True) -> Line:
    inventory = InventoryId(10 + resource)
    return Line(resource, inventory, FareId(resource), quantity, Money(unit, "EUR"), 1, dated)


def payment(minor: int = 7800, role: Role = Role.BOOKED, at: datetime = NOON, number: int = 1) -> Payment:
    return Payment(None, SessionId(f"cs_{number}"), f"pi_{number}", role, Money(minor, "EUR"), at)


def refund(minor: int, state: RefundState = RefundState.SUCCEEDED, at: datetime = NOON) -> Refund:
    return Refund(None, "pi_1", Reason.DASHBOARD, state, Money(minor, "EUR"), "re_1", at)


def case(*lines: Line, payments: tuple[Payment, ...] = (), refunds: tuple[Refund, ...] = ()) -> Case:
    total = Money(sum(item.amount.minor for item in lines), "EUR")
    order = Order(
        OrderId(1), "K7Q4-MZ", CustomerId(1), State.PAID, None, total, Money(0, "EUR"), "en", "token", NOON, NOON
    )
    return Case(order, lines, {}, (), payments, refunds)


def test_an_unpaid_order_adds_nothing() -> None:
    assert contributions(case(line()), PARIS) == ()


def test_a_sale_counts_for_the_shop_and_for_each_resource() -> None:
    sold = case(line(WALK, 2, 3900), line(BOAT, 1, 2200), payments=(payment(10000),))
    assert contributions(sold, PARIS) == (
        Delta(TODAY, "EUR", WHOLE_SHOP, 1, 3, 10000),
        Delta(TODAY, "EUR", WALK, 1, 2, 7800),
        Delta(TODAY, "EUR", BOAT, 1, 1, 2200),
    )


def test_things_without_a_date_have_no_guests() -> None:
    sold = case(line(quantity=3, dated=False), payments=(payment(11700),))
    assert [row.guests for row in contributions(sold, PARIS)] == [0, 0]


def test_a_sale_counts_on_the_day_of_the_shops_zone() -> None:
    sold = case(line(), payments=(payment(at=LATE),))
    assert {row.day for row in contributions(sold, PARIS)} == {TOMORROW}


def test_only_the_booked_payment_counts_as_an_order() -> None:
    twice = case(line(), payments=(payment(), payment(role=Role.SURPLUS, number=2)))
    assert contributions(twice, PARIS)[0] == Delta(TODAY, "EUR", WHOLE_SHOP, 1, 2, 15600)


def test_a_refund_counts_when_it_is_accepted_and_no_more_when_it_fails() -> None:
    paid = case(line(), payments=(payment(),))
    asked = replace(paid, refunds=(refund(1000, RefundState.NEW),))
    pending = replace(paid, refunds=(refund(1000, RefundState.PENDING),))
    failed = replace(paid, refunds=(refund(1000, RefundState.FAILED),))
    assert contributions(asked, PARIS) == contributions(paid, PARIS) == contributions(failed, PARIS)
    assert [row.refunded for row in contributions(pending, PARIS)] == [1000, 1000]
    taken_back = difference(contributions(pending, PARIS), contributions(failed, PARIS))
    assert [row.refunded for row in taken_back] == [-1000, -1000]


def test_a_refund_counts_on_its_own_day() -> None:
    given_back = case(line(), payments=(payment(),), refunds=(refund(7800, at=LATE),))
    by_day = {row.day: row for row in contributions(given_back, PARIS) if row.resource_id == WHOLE_SHOP}
    assert (by_day[TODAY].gross, by_day[TODAY].refunded) == (7800, 0)
    assert (by_day[TOMORROW].gross, by_day[TOMORROW].refunded) == (0, 7800)


def test_money_of_no_order_counts_for_the_whole_shop_alone() -> None:
    stray = payment(500, Role.UNMATCHED)
    assert contribution_of_stray(stray, PARIS) == (Delta(TODAY, "EUR", WHOLE_SHOP, gross=500),)
    assert contribution_of_stray(stray, PARIS, (refund(500),)) == (
        Delta(TODAY, "EUR", WHOLE_SHOP, gross=500, refunded=500),
    )


def test_the_order_in_which_lines_are_read_changes_nothing() -> None:
    one, other = line(WALK, 1, 333), line(BOAT, 1, 333)
    paid = (payment(667),)
    assert contributions(case(one, other, payments=paid), PARIS) == contributions(
        case(other, one, payments=paid), PARIS
    )


@given(some.integers(0, 10**12), some.lists(some.integers(0, 10**9), min_size=1, max_size=8))
def test_parts_add_up_to_the_whole_and_are_fair(amount: int, weights: list[int]) -> None:
    parts = allocate(amount, weights)
    assert sum(parts) == amount
    total = sum(weights)
    if total:
        assert all(abs(part * total - amount * weight) < total for part, weight in zip(parts, weights, strict=True))


def test_nothing_is_split_among_nobody() -> None:
    assert allocate(100, []) == ()


payments = some.builds(
    payment,
    some.integers(0, 10**6),
    some.sampled_from(list(Role)),
    some.integers(0, 72).map(lambda hours: NOON + timedelta(hours=hours)),
    some.integers(1, 9),
)
refunds = some.builds(
    refund,
    some.integers(1, 10**6),
    some.sampled_from(list(RefundState)),
    some.integers(0, 72).map(lambda hours: NOON + timedelta(hours=hours)),
)
lives = some.lists(
    some.builds(
        lambda paid, given_back: case(
            line(WALK, 1, 1999), line(BOAT, 3, 777), payments=tuple(paid), refunds=tuple(given_back)
        ),
        some.lists(payments, max_size=3),
        some.lists(refunds, max_size=3),
    ),
    min_size=1,
    max_size=5,
)


@given(lives)
def test_what_is_added_step_by_step_is_what_the_last_state_contributes(life: list[Case]) -> None:
    steps = [contributions(state, PARIS) for state in life]
    added = [row for before, after in zip([(), *steps], steps, strict=False) for row in difference(before, after)]
    assert difference((), added) == steps[-1]


@given(lives)
def test_the_resources_add_up_to_the_shop(life: list[Case]) -> None:
    rows = contributions(life[-1], PARIS)
    for day in {row.day for row in rows}:
        whole = [row for row in rows if row.day == day and row.resource_id == WHOLE_SHOP]
        parts = [row for row in rows if row.day == day and row.resource_id != WHOLE_SHOP]
        assert sum(row.gross - row.refunded for row in whole) == sum(row.gross - row.refunded for row in parts)
