"""What is asked of Stripe for one order: made once, frozen, and sent again byte for byte."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from bot.domain.attempts import session_expiry
from bot.domain.ids import OrderId, secret_token
from bot.domain.order_card import OrderLineView
from storage.attempts import NewAttempt

SLOW_METHODS = (
    "acss_debit",
    "au_becs_debit",
    "bacs_debit",
    "boleto",
    "customer_balance",
    "konbini",
    "multibanco",
    "oxxo",
    "sepa_debit",
    "us_bank_account",
)
"""Payment methods that take days to settle; they are left out when the date is near."""
NEAR = timedelta(days=3)


class Wording(Protocol):
    """How a line is called on the payment page."""

    def product(self, line: OrderLineView, language: str) -> tuple[str, str]:
        """Its name and a description (date, time, place)."""


@dataclass(frozen=True)
class CheckoutSettings:
    """`shop_mark` tells this shop's sessions from others on the same Stripe account."""

    shop_mark: str
    public_url: str
    collect_phone: bool
    promotion_codes: bool = False


@dataclass(frozen=True)
class ToPay:
    """What the first attempt of an order needs to know of it. `moves`: it is a surcharge, due in full and at once."""

    order_id: OrderId
    code: str
    return_token: str
    language: str
    email: str | None
    hold_until: datetime
    lines: Sequence[OrderLineView]
    moves: bool = False


class CheckoutParameters:
    """Makes attempts with their parameters and keys."""

    def __init__(self, settings: CheckoutSettings, wording: Wording, chance: Random) -> None:
        self._settings = settings
        self._wording = wording
        self._chance = chance

    def first(self, order: ToPay, now: datetime) -> NewAttempt:
        expires_at = session_expiry(now, order.hold_until)
        parameters = {**self._fixed(order, now), **self._numbered(order.code, 1, expires_at, order.email)}
        return NewAttempt(order.order_id, 1, self._key(), parameters, expires_at, now)

    def next(
        self, order_id: OrderId, before: Mapping[str, object], number: int, expires_at: datetime, now: datetime
    ) -> NewAttempt:
        """The same order once more, under a new key: `before`: the parameters of the attempt that failed."""
        code = str(before["client_reference_id"]).rpartition("-")[0]
        parameters = {**before, **self._numbered(code, number, expires_at, before.get("customer_email"))}
        return NewAttempt(order_id, number, self._key(), parameters, expires_at, now)

    def _key(self) -> str:
        return f"checkout-{secret_token(self._chance)}"

    def _numbered(self, code: str, number: int, expires_at: datetime, email: object) -> dict[str, object]:
        """What names the attempt; Stripe sends its receipt to an address that is known beforehand."""
        mark = {
            "guichet_shop": self._settings.shop_mark,
            "guichet_order": code,
            "guichet_attempt": str(number),
        }
        return {
            "client_reference_id": f"{code}-{number}",
            "expires_at": int(expires_at.timestamp()),
            "metadata": mark,
            "payment_intent_data": {"metadata": mark, **({"receipt_email": email} if email else {})},
        }

    def _fixed(self, order: ToPay, now: datetime) -> dict[str, object]:
        base = self._settings.public_url.rstrip("/")
        parameters: dict[str, object] = {
            "mode": "payment",
            "submit_type": "book",
            "locale": order.language,
            "line_items": [self._line_item(line, order.language, base) for line in _charged(order.lines)],
            "name_collection": {"individual": {"enabled": True}},
            "success_url": f"{base}/checkout/done/{order.return_token}",
            "cancel_url": f"{base}/checkout/cancelled/{order.return_token}",
        }
        if order.email:
            parameters["customer_email"] = order.email
        if self._settings.promotion_codes and not order.moves:
            parameters["allow_promotion_codes"] = True
        if self._settings.collect_phone:
            parameters["phone_number_collection"] = {"enabled": True}
        if order.moves or any(line.starts_at is not None and line.starts_at - now < NEAR for line in order.lines):
            parameters["excluded_payment_method_types"] = list(SLOW_METHODS)
        return parameters

    def _line_item(self, line: OrderLineView, language: str, base: str) -> dict[str, object]:
        name, description = self._wording.product(line, language)
        product: dict[str, object] = {"name": name}
        if description:
            product["description"] = description
        if line.photo is not None:
            product["images"] = [f"{base}/media/{line.photo}"]
        price = {
            "currency": line.unit.stripe_currency,
            "unit_amount": line.unit.minor,
            "product_data": product,
        }
        return {"quantity": line.quantity, "price_data": price}


def _charged(lines: Sequence[OrderLineView]) -> Sequence[OrderLineView]:
    """What costs something; all of it where nothing does."""
    return [line for line in lines if not line.unit.is_zero] or lines
