"""Rules of what stands in a basket: today's price, what is the matter with it, and how much fits in."""

from dataclasses import replace

import pytest

from bot.domain.baskets import MOST_ENTRIES, Entry, basket, digest, replaced, room_for, together, viewed
from bot.domain.errors import BasketFull, Gone, NothingChosen, SoldOut
from bot.domain.ids import FareId, InventoryId, ResourceId
from bot.domain.money import Money
from bot.domain.selection import Offer, OfferedFare, quote
from tests.clock import NOW

ADULT = FareId(1)


def offer(row: int = 7, unit: int = 3900, left: int = 5) -> Offer:
    fare = OfferedFare(ADULT, Money(unit, "EUR"), 1)
    return Offer(
        ResourceId(row),
        InventoryId(row),
        (fare,),
        left=left,
        max_per_order=8,
        dated=True,
        open=True,
        closes_at=None,
    )


def entry(row: int = 7, count: int = 2, unit: int = 3900) -> Entry:
    return Entry(InventoryId(row), {ADULT: count}, {ADULT: unit})


def test_the_price_is_todays_and_what_it_was_is_told_only_if_it_was_another() -> None:
    same, dearer = viewed(entry(), offer(), None, NOW), viewed(entry(), offer(unit=4200), None, NOW)
    assert (same.price and same.price.total, same.before) == (Money(7800, "EUR"), None)
    assert (dearer.price and dearer.price.total, dearer.before) == (Money(8400, "EUR"), Money(7800, "EUR"))


def test_what_cannot_be_had_says_why_and_costs_nothing() -> None:
    full, gone = viewed(entry(), offer(left=1), None, NOW), viewed(entry(8), None, None, NOW)
    view = basket([full, gone, viewed(entry(9), offer(9), None, NOW)], "EUR")
    assert isinstance(full.trouble, SoldOut)
    assert isinstance(gone.trouble, Gone)
    assert view.troubled
    assert view.total == Money(7800, "EUR")


def test_the_digest_is_of_what_is_bought_and_its_price_and_not_of_its_order() -> None:
    now = quote(offer(), entry().selection, NOW).lines
    other = quote(offer(8), entry(8).selection, NOW).lines
    assert digest([*now, *other]) == digest([*other, *now])
    for line in (replace(now[0], quantity=1), replace(now[0], unit=Money(1, "EUR")), *other):
        assert digest([line]) != digest(now)


def test_several_quotes_are_one_order() -> None:
    both = together([quote(offer(row), entry(row).selection, NOW) for row in (7, 8)])
    assert both.total == Money(15600, "EUR")
    assert [line.inventory_id for line in both.lines] == [7, 8]
    with pytest.raises(NothingChosen):
        together([])


def test_a_basket_is_full_at_ten_entries_and_at_a_hundred_lines() -> None:
    room_for(MOST_ENTRIES, 100)
    for entries, lines in ((MOST_ENTRIES + 1, 11), (1, 101)):
        with pytest.raises(BasketFull):
            room_for(entries, lines)


def test_an_order_is_replaced_by_what_has_all_of_it() -> None:
    a, b = ResourceId(1), ResourceId(2)
    assert replaced([a, b], [a])
    assert replaced([a], [a])
    assert not replaced([a], [a, b])
