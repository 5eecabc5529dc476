"""Money is exact, keeps currencies apart and counts as Stripe counts."""

from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.money import (
    CURRENCIES,
    AmountTooLarge,
    CurrencyMismatch,
    IndivisibleAmount,
    Money,
    NotAnAmount,
    UnknownCurrency,
    chargeable,
    decimals,
    from_decimal,
    minimum_charge,
    to_decimal,
)

minors = st.integers(-(10**9), 10**9)
currencies = st.sampled_from(sorted(CURRENCIES))


@given(minors, minors, currencies)
@settings(deadline=None)
def test_what_is_added_can_be_taken_away_again(left: int, right: int, currency: str) -> None:
    assert Money(left, currency) + Money(right, currency) - Money(right, currency) == Money(left, currency)


@given(minors, st.integers(0, 20), currencies)
@settings(deadline=None)
def test_multiplying_is_adding_repeatedly(minor: int, count: int, currency: str) -> None:
    assert Money(minor, currency) * count == sum([Money(minor, currency)] * count, Money(0, currency))


@given(minors, currencies, currencies)
@settings(deadline=None)
def test_different_currencies_never_mix(minor: int, left: str, right: str) -> None:
    if left == right:
        return
    one, other = Money(minor, left), Money(minor, right)
    assert one != other
    for calculate in (one.__add__, one.__sub__, one.__lt__):
        with pytest.raises(CurrencyMismatch) as mismatch:
            calculate(other)
        assert (mismatch.value.left, mismatch.value.right) == (left, right)


@given(minors, minors)
@settings(deadline=None)
def test_amounts_order_like_their_minor_units(left: int, right: int) -> None:
    one, other = Money(left, "EUR"), Money(right, "EUR")
    assert (one < other, one <= other, one > other, one >= other) == (
        left < right,
        left <= right,
        left > right,
        left >= right,
    )


@given(st.integers(0, 99_999), currencies)
@settings(deadline=None)
def test_an_amount_written_out_reads_back_as_itself(units: int, currency: str) -> None:
    amount = Money(units * 100, currency)
    assert from_decimal(str(to_decimal(amount)), currency) == amount


@given(st.text(max_size=12), currencies)
@settings(deadline=None)
def test_any_text_is_an_amount_or_refused(text: str, currency: str) -> None:
    try:
        amount = from_decimal(text, currency)
    except (NotAnAmount, AmountTooLarge, IndivisibleAmount):
        return
    assert to_decimal(amount) == Decimal(text)


def test_a_refund_is_negative_and_nothing_is_zero() -> None:
    assert -Money(500, "EUR") == Money(-500, "EUR")
    assert Money(0, "EUR").is_zero
    assert not Money(-1, "EUR").is_zero


@pytest.mark.parametrize(
    ("currency", "places"),
    [("EUR", 2), ("JPY", 0), ("MGA", 0), ("XPF", 0), ("ISK", 2), ("UGX", 2), ("KWD", 3), ("HUF", 2), ("TWD", 2)],
)
def test_decimals_are_counted_as_stripe_counts_them(currency: str, places: int) -> None:
    assert decimals(currency) == places


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("39.00", "EUR", 3900),
        ("39", "EUR", 3900),
        ("39.5", "EUR", 3950),
        ("0", "EUR", 0),
        ("5000", "JPY", 5000),
        ("5", "ISK", 500),
        ("5.00", "UGX", 500),
        ("5.12", "KWD", 5120),
        ("5.120", "KWD", 5120),
    ],
)
def test_a_price_becomes_minor_units(text: str, currency: str, minor: int) -> None:
    assert from_decimal(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("39.001", "EUR"),
        ("39.00", "JPY"),
        ("-1", "EUR"),
        ("1e3", "EUR"),
        ("1,50", "EUR"),
        ("", "EUR"),
        (".5", "EUR"),
        ("5.", "EUR"),
        ("٣", "EUR"),
        ("NaN", "EUR"),
        ("1" * 500, "EUR"),
    ],
)
def test_what_is_no_price_is_refused(text: str, currency: str) -> None:
    with pytest.raises(NotAnAmount) as refused:
        from_decimal(text, currency)
    assert refused.value.currency == currency


@pytest.mark.parametrize(("text", "currency"), [("5.50", "ISK"), ("5.124", "KWD"), ("0.01", "UGX")])
def test_a_fraction_that_stripe_cannot_charge_is_refused(text: str, currency: str) -> None:
    with pytest.raises(IndivisibleAmount):
        from_decimal(text, currency)


@pytest.mark.parametrize("code", ["eur", "BTC", "", "EURO"])
def test_only_upper_case_codes_that_stripe_charges_in_are_currencies(code: str) -> None:
    with pytest.raises(UnknownCurrency) as unknown:
        Money(1, code)
    assert unknown.value.code == code
    with pytest.raises(UnknownCurrency):
        from_decimal("1", code)


def test_stripe_writes_currencies_in_lower_case() -> None:
    assert Money(3900, "EUR").stripe_currency == "eur"


def test_more_than_eight_digits_cannot_be_charged_but_may_be_a_sum() -> None:
    most = Money(99_999_999, "EUR")
    assert chargeable(most) == most
    with pytest.raises(AmountTooLarge) as refused:
        chargeable(most + Money(1, "EUR"))
    assert refused.value.amount == Money(100_000_000, "EUR")
    with pytest.raises(AmountTooLarge):
        chargeable(Money(-100_000_000, "EUR"))
    with pytest.raises(AmountTooLarge):
        from_decimal("1000000", "EUR")


def test_currencies_of_small_units_allow_more_digits() -> None:
    assert from_decimal("2500000", "IDR") == Money(250_000_000, "IDR")
    assert from_decimal("1200000", "HUF") == Money(120_000_000, "HUF")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Money(9700, "EUR"), "97.00"),
        (Money(5000, "JPY"), "5000"),
        (Money(500, "ISK"), "5"),
        (Money(550, "ISK"), "5.50"),
        (Money(5120, "KWD"), "5.120"),
        (Money(-118, "EUR"), "-1.18"),
    ],
)
def test_an_amount_is_shown_as_people_write_it(amount: Money, shown: str) -> None:
    assert str(to_decimal(amount)) == shown


def test_stripe_counts_no_fewer_decimals_than_people_write() -> None:
    assert {code for code in CURRENCIES if decimals(code) < get_currency_precision(code)} == set()


@pytest.mark.parametrize(
    ("currency", "minor"), [("USD", 50), ("GBP", 30), ("JPY", 50), ("HUF", 17500), ("SEK", 300), ("XPF", None)]
)
def test_the_least_charge_is_known_where_stripe_publishes_it(currency: str, minor: int | None) -> None:
    assert minimum_charge(currency) == minor
