"""What was paid is split over what was bought to the last unit, and a promotion code takes off everything alike."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.currencies import step
from bot.domain.money import Money
from bot.domain.shares import split

PRICES = st.lists(st.integers(0, 50_000), min_size=1, max_size=6)
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "ISK"])


def parts(paid: int, prices: list[int], currency: str) -> list[int]:
    """In steps that the currency can pay."""
    unit = step(currency)
    found = split(Money(paid * unit, currency), [price * unit for price in prices])
    assert all(part.minor % unit == 0 for part in found)
    return [part.minor // unit for part in found]


@given(PRICES, CURRENCIES, st.integers(0, 100))
def test_the_parts_are_the_whole_and_can_be_paid(prices: list[int], currency: str, percent: int) -> None:
    paid = sum(prices) * percent // 100
    found = parts(paid, prices, currency)
    assert sum(found) == paid
    assert all(0 <= part <= price for part, price in zip(found, prices, strict=True))


@given(PRICES, CURRENCIES)
def test_without_a_code_each_costs_its_price(prices: list[int], currency: str) -> None:
    assert parts(sum(prices), prices, currency) == prices


def test_half_off_is_half_off_each() -> None:
    assert parts(4850, [7800, 1900], "EUR") == [3900, 950]
