"""Every body of a session create or refund that the simulated Stripe must refuse, and how."""

from dataclasses import dataclass, field

from tests.sandbox.stripe.world import START, line

NOW = int(START.timestamp())


@dataclass(frozen=True)
class Case:
    """`changes` to a good session create; `param` and `code` as the error names them."""

    changes: dict[str, object] = field(default_factory=dict)
    param: str | None = None
    code: str | None = None
    message: str = ""


def product(**changes: object) -> list[dict[str, object]]:
    return [line({"product_data": {"name": "Adult", **changes}})]


def price(**changes: object) -> list[dict[str, object]]:
    return [line(changes)]


PRICE = "line_items[0][price_data]"
CASES = {
    "unknown parameter": Case({"colour": "red"}, "colour", "parameter_unknown"),
    "unknown parameter three levels deep": Case(
        {"line_items": product(colour="red")}, f"{PRICE}[product_data][colour]", "parameter_unknown"
    ),
    "payment_method_types": Case({"payment_method_types": ["card"]}, "payment_method_types", "parameter_unknown"),
    "parameter that is not played": Case(
        {"customer": "cus_1"}, "customer", "sandbox_not_played", "the sandbox does not play it"
    ),
    "mode missing": Case({"mode": None}, "mode", "parameter_missing"),
    "mode unknown": Case({"mode": "gift"}, "mode", None, "must be one of payment, setup, subscription"),
    "mode not played": Case({"mode": "subscription"}, "mode=subscription", "sandbox_not_played"),
    "success_url missing": Case({"success_url": None}, "success_url", "parameter_missing"),
    "success_url not absolute": Case({"success_url": "/done"}, "success_url", "url_invalid"),
    "cancel_url not http": Case({"cancel_url": "tg://resolve"}, "cancel_url", "url_invalid"),
    "empty string": Case({"cancel_url": ""}, "cancel_url", "parameter_invalid_empty"),
    "object for a string": Case({"cancel_url": {"a": "b"}}, "cancel_url", "parameter_invalid_string"),
    "string for an object": Case({"adaptive_pricing": "on"}, "adaptive_pricing", "parameter_invalid_object"),
    "string for an array": Case({"line_items": "two"}, "line_items", "parameter_invalid_array"),
    "not a boolean": Case({"allow_promotion_codes": "yes"}, "allow_promotion_codes", "parameter_invalid_boolean"),
    "line_items missing": Case({"line_items": None}, "line_items", "parameter_missing"),
    "101 line items": Case({"line_items": [line()] * 101}, "line_items"),
    "quantity missing": Case(
        {"line_items": [{"price_data": line()["price_data"]}]}, "line_items[0][quantity]", "parameter_missing"
    ),
    "quantity 0": Case({"line_items": [line(quantity="0")]}, "line_items[0][quantity]", "parameter_invalid_integer"),
    "unit_amount negative": Case(
        {"line_items": price(unit_amount="-1")}, f"{PRICE}[unit_amount]", "parameter_invalid_integer"
    ),
    "unit_amount not whole": Case(
        {"line_items": price(unit_amount="48.50")}, f"{PRICE}[unit_amount]", "parameter_invalid_integer"
    ),
    "unit_amount too large": Case(
        {"line_items": price(unit_amount="100000000")}, f"{PRICE}[unit_amount]", "amount_too_large"
    ),
    "total too large": Case({"line_items": [line({"unit_amount": "60000000"})]}, None, "amount_too_large"),
    "total below the minimum": Case(
        {"line_items": [line({"unit_amount": "49"}, quantity="1")]}, None, "amount_too_small", "0.50 EUR"
    ),
    "total below the minimum without decimals": Case(
        {"line_items": [line({"unit_amount": "49", "currency": "jpy"}, quantity="1")]},
        None,
        "amount_too_small",
        "50 JPY",
    ),
    "currency unknown": Case({"line_items": price(currency="xxx")}, f"{PRICE}[currency]", None, "Invalid currency"),
    "currencies differ": Case(
        {"line_items": [line(), line({"currency": "usd"})]}, "line_items[1][price_data][currency]"
    ),
    "currency differs from the session's": Case({"currency": "usd"}, f"{PRICE}[currency]"),
    "ISK not a multiple of 100": Case(
        {"line_items": price(currency="isk", unit_amount="550")}, f"{PRICE}[unit_amount]", None, "divisible by 100"
    ),
    "UGX not a multiple of 100": Case(
        {"line_items": price(currency="ugx", unit_amount="500050")}, f"{PRICE}[unit_amount]", None, "divisible by 100"
    ),
    "three decimals, last digit not 0": Case(
        {"line_items": price(currency="kwd", unit_amount="5124")}, f"{PRICE}[unit_amount]", None, "divisible by 10"
    ),
    "name missing": Case(
        {"line_items": price(product_data={"description": "x"})}, f"{PRICE}[product_data][name]", "parameter_missing"
    ),
    "name too long": Case({"line_items": product(name="x" * 251)}, f"{PRICE}[product_data][name]"),
    "nine images": Case(
        {"line_items": product(images=["http://127.0.0.1/a.png"] * 9)}, f"{PRICE}[product_data][images]"
    ),
    "image not a URL": Case(
        {"line_items": product(images=["a.png"])}, f"{PRICE}[product_data][images][0]", "url_invalid"
    ),
    "metadata 51 keys": Case(
        {"metadata": {str(number): "x" for number in range(51)}}, "metadata", None, "50 metadata keys"
    ),
    "metadata key too long": Case({"metadata": {"k" * 41: "x"}}, "metadata", None, "up to 40 characters"),
    "metadata value too long": Case({"metadata": {"k": "x" * 501}}, "metadata[k]", None, "up to 500 characters"),
    "metadata nested": Case({"metadata": {"k": {"a": "b"}}}, "metadata[k]", "parameter_invalid_string"),
    "metadata of the intent too long": Case(
        {"payment_intent_data": {"metadata": {"k": "x" * 501}}}, "payment_intent_data[metadata][k]"
    ),
    "client_reference_id too long": Case({"client_reference_id": "x" * 201}, "client_reference_id"),
    "locale unknown": Case({"locale": "xx"}, "locale", None, "must be one of auto, bg"),
    "submit_type unknown": Case({"submit_type": "reserve"}, "submit_type"),
    "ui_mode of an older version": Case({"ui_mode": "hosted"}, "ui_mode"),
    "customer_email malformed": Case({"customer_email": "nobody"}, "customer_email", "email_invalid"),
    "excluded method unknown": Case({"excluded_payment_method_types": ["cash"]}, "excluded_payment_method_types[0]"),
    "every method excluded": Case(
        {"excluded_payment_method_types": ["card", "sepa_debit"]}, "excluded_payment_method_types"
    ),
    "expires too early": Case({"expires_at": str(NOW + 1799)}, "expires_at", None, "at least 30 minutes"),
    "expires too late": Case({"expires_at": str(NOW + 86_401)}, "expires_at", None, "less than 24 hours"),
    "expires not a number": Case({"expires_at": "soon"}, "expires_at", "parameter_invalid_integer"),
    "expand unknown": Case({"expand": ["colour"]}, "expand[0]"),
}
