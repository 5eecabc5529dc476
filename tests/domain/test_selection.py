"""A selection is priced by today's offer, or refused for a reason."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.errors import Gone, NothingChosen, PriceChanged, Refusal, SoldOut, TooLate, TooMany
from bot.domain.ids import FareId, InventoryId, ResourceId
from bot.domain.money import Money
from bot.domain.orders import units_of
from bot.domain.selection import Offer, OfferedFare, Quote, Selection, confirm, quote
from tests.clock import NOW

ROW, ADULT, CHILD, FAMILY, OTHER = InventoryId(1), FareId(1), FareId(2), FareId(3), FareId(9)
FARES = tuple(
    OfferedFare(fare, Money(minor, "EUR"), seats)
    for fare, minor, seats in [(ADULT, 3900, 1), (CHILD, 1900, 1), (FAMILY, 9900, 4)]
)
OFFER = Offer(
    ResourceId(1), ROW, FARES, left=10, max_per_order=8, dated=True, open=True, closes_at=NOW + timedelta(hours=1)
)
counts = some.integers(-(10**30), 10**30) | some.integers(-2, 10)


def chosen(**fares: int) -> Selection:
    ids = {"adult": ADULT, "child": CHILD, "family": FAMILY, "other": OTHER}
    return Selection(ROW, {ids[name]: count for name, count in fares.items()})


def test_a_selection_costs_what_its_fares_cost_and_takes_their_seats() -> None:
    price = quote(OFFER, chosen(adult=2, child=0, family=1), NOW)
    assert (price.total, price.units, units_of(price.lines)) == (Money(17700, "EUR"), 6, {ROW: 6})
    assert [(line.fare_id, line.quantity, line.guests, line.amount.minor) for line in price.lines] == [
        (ADULT, 2, 2, 7800),
        (FAMILY, 1, 4, 9900),
    ]


def test_an_item_brings_no_guests() -> None:
    price = quote(replace(OFFER, dated=False, closes_at=None), chosen(adult=2), NOW)
    assert [line.guests for line in price.lines] == [0]


@pytest.mark.fault(32)
@pytest.mark.parametrize(
    ("fares", "refusal"),
    [
        ({}, NothingChosen),
        ({"adult": 0}, NothingChosen),
        ({"adult": -1}, NothingChosen),
        ({"adult": 3, "child": -1}, NothingChosen),
        ({"other": 1}, Gone),
        ({"adult": 9}, TooMany),
        ({"family": 3}, TooMany),
        ({"adult": 10**6}, TooMany),
        ({"adult": 10**40}, TooMany),
    ],
)
def test_odd_numbers_of_guests_are_refused(fares: dict[str, int], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        quote(OFFER, chosen(**fares), NOW)


@pytest.mark.fault(32)
@given(adult=counts, child=counts, family=counts)
def test_whatever_is_chosen_is_refused_or_fits(adult: int, child: int, family: int) -> None:
    try:
        price = quote(OFFER, chosen(adult=adult, child=child, family=family), NOW)
    except Refusal:
        return
    assert 0 < price.units <= OFFER.max_per_order <= OFFER.left
    assert price.total.minor == 3900 * adult + 1900 * child + 9900 * family > 0


@pytest.mark.fault(31)
def test_what_is_closed_cannot_be_chosen() -> None:
    with pytest.raises(Gone):
        quote(replace(OFFER, open=False), chosen(adult=1), NOW)


@pytest.mark.fault(31)
def test_what_begins_soon_cannot_be_chosen_any_more() -> None:
    with pytest.raises(TooLate) as refused:
        quote(replace(OFFER, closes_at=NOW), chosen(adult=1), NOW)
    assert refused.value.closed_at == NOW


def test_more_than_is_left_is_refused_with_what_is_left() -> None:
    with pytest.raises(SoldOut) as refused:
        quote(replace(OFFER, left=3), chosen(family=1), NOW)
    assert refused.value.left == 3


@pytest.mark.fault(31)
def test_only_the_price_that_was_confirmed_is_taken() -> None:
    price: Quote = quote(OFFER, chosen(adult=1), NOW)
    assert confirm(price, 3900) is price
    with pytest.raises(PriceChanged) as refused:
        confirm(price, 3800)
    assert (refused.value.confirmed, refused.value.current) == (3800, 3900)
