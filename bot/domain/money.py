"""Amounts of money in the minor units that Stripe counts in, so that no cent is ever a float."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering

from bot.domain.currencies import (
    CURRENCIES,
    WHOLE_UNITS_IN_HUNDREDTHS,
    decimals,
    maximum_charge,
    minimum_charge,
    step,
)
from bot.domain.errors import GuichetError

__all__ = [
    "CURRENCIES",
    "AmountTooLarge",
    "CurrencyMismatch",
    "IndivisibleAmount",
    "Money",
    "MoneyError",
    "NotAnAmount",
    "UnknownCurrency",
    "chargeable",
    "decimals",
    "from_decimal",
    "minimum_charge",
    "to_decimal",
]

_AMOUNT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,15}))?")


class MoneyError(GuichetError):
    """Something that cannot be done with an amount of money."""


class CurrencyMismatch(MoneyError):
    """Two amounts of different currencies met in one calculation."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} and {right} do not mix")
        self.left = left
        self.right = right


class UnknownCurrency(MoneyError):
    """Not the upper-case code of a currency that Stripe charges in."""

    def __init__(self, code: str) -> None:
        super().__init__(f"{code!r} is not a currency that Stripe charges in")
        self.code = code


class NotAnAmount(MoneyError):
    """A text that is no decimal amount of the currency."""

    def __init__(self, text: str, currency: str) -> None:
        super().__init__(f"{text[:40]!r} is not an amount in {currency} with {decimals(currency)} decimals at most")
        self.text = text
        self.currency = currency


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """Minor units as Stripe counts them, and an upper-case currency code. Negative for what is given back."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise UnknownCurrency(self.currency)

    @property
    def stripe_currency(self) -> str:
        """The code as Stripe wants it."""
        return self.currency.lower()

    @property
    def is_zero(self) -> bool:
        return self.minor == 0

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __mul__(self, count: int) -> "Money":
        return Money(self.minor * count, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other


class AmountTooLarge(MoneyError):
    """More than Stripe can charge or give back at once."""

    def __init__(self, amount: Money) -> None:
        super().__init__(f"{amount.minor} {amount.currency} is more than {maximum_charge(amount.currency)}")
        self.amount = amount


class IndivisibleAmount(MoneyError):
    """Finer than the currency's smallest step: a fraction of a króna, a thousandth of a dinar."""

    def __init__(self, amount: Money) -> None:
        super().__init__(f"{amount.minor} {amount.currency} is not a multiple of {step(amount.currency)}")
        self.amount = amount


def chargeable(amount: Money) -> Money:
    """The amount itself if Stripe can move it in one go; sums of many payments may be larger.

    Raises AmountTooLarge or IndivisibleAmount.
    """
    if abs(amount.minor) > maximum_charge(amount.currency):
        raise AmountTooLarge(amount)
    if amount.minor % step(amount.currency):
        raise IndivisibleAmount(amount)
    return amount


def from_decimal(text: str, currency: str) -> Money:
    """Read a price such as "39.00".

    Raises UnknownCurrency, NotAnAmount, AmountTooLarge or IndivisibleAmount.
    """
    if currency not in CURRENCIES:
        raise UnknownCurrency(currency)
    match = _AMOUNT.fullmatch(text)
    places = decimals(currency)
    if match is None or len(match[2] or "") > places:
        raise NotAnAmount(text, currency)
    return chargeable(Money(int(match[1] + (match[2] or "").ljust(places, "0")), currency))


def to_decimal(amount: Money) -> Decimal:
    """The amount as people write it, with as many decimals as the currency has in everyday life."""
    exact = Decimal(amount.minor).scaleb(-decimals(amount.currency))
    if amount.currency in WHOLE_UNITS_IN_HUNDREDTHS and exact == exact.to_integral_value():
        return exact.quantize(Decimal(1))
    return exact
