"""What was paid is split over what was bought to the last unit, and a promotion code takes off everything alike."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.currencies import step
from bot.domain.ids import InventoryId
from bot.domain.money import Money
from bot.domain.shares import shares

PRICES = st.dictionaries(st.integers(1, 50), st.integers(0, 50_000), min_size=1, max_size=6)
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "ISK"])


def split(paid: int, prices: dict[int, int], currency: str) -> dict[InventoryId, Money]:
    unit = step(currency)
    amounts = {InventoryId(row): Money(minor * unit, currency) for row, minor in prices.items()}
    return shares(Money(paid * unit, currency), amounts)


@given(PRICES, CURRENCIES, st.integers(0, 100))
def test_the_parts_are_the_whole_and_can_be_paid(prices: dict[int, int], currency: str, percent: int) -> None:
    paid = sum(prices.values()) * percent // 100
    parts = split(paid, prices, currency)
    assert sum(part.minor for part in parts.values()) == paid * step(currency)
    assert all(part.minor % step(currency) == 0 for part in parts.values())
    assert all(0 <= part.minor <= prices[row] * step(currency) for row, part in parts.items())


@given(PRICES, CURRENCIES)
def test_without_a_code_each_costs_its_price(prices: dict[int, int], currency: str) -> None:
    parts = split(sum(prices.values()), prices, currency)
    assert {int(row): part.minor for row, part in parts.items()} == {
        row: minor * step(currency) for row, minor in prices.items()
    }


def test_half_off_is_half_off_each() -> None:
    assert [part.minor for part in split(4850, {1: 7800, 2: 1900}, "EUR").values()] == [3900, 950]
