"""The parameters of every endpoint that the sandbox plays, by the names of API version 2026-10-28."""

from bot.sandbox.stripe.currencies import check_currency
from bot.sandbox.stripe.parameters import (
    Flag,
    Kind,
    Many,
    Metadata,
    NotPlayed,
    OneOf,
    Played,
    Record,
    Text,
    Whole,
    mail_address,
    web_address,
)

_LOCALES = (
    "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt "
    "pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW"
)
_METHODS = (
    "acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit bacs_debit bancontact billie bizum "
    "blik boleto card cashapp crypto customer_balance eps fpx giropay grabpay ideal kakao_pay klarna konbini "
    "kr_card mb_way mobilepay multibanco naver_pay nz_bank_account oxxo p24 pay_by_bank payco paynow paypal "
    "paypay payto pix promptpay revolut_pay samsung_pay satispay scalapay sepa_debit sequra sofort sunbit swish "
    "twint upi us_bank_account wechat_pay zip"
)
_NOT_PLAYED_IN_SESSIONS = (
    "after_expiration allowed_payment_method_types billing_address_collection branding_settings "
    "consent_collection custom_fields custom_text customer customer_account customer_update "
    "discounts invoice_creation managed_payments optional_items payment_method_collection "
    "payment_method_configuration payment_method_data payment_method_options permissions redirect_on_completion "
    "return_url saved_payment_method_options setup_intent_data shipping_address_collection shipping_options "
    "subscription_data tax_id_collection wallet_options"
)

LOCALES = _LOCALES.split()
METHODS = _METHODS.split()
NOT_PLAYED = NotPlayed()
EXPAND = Many(Text())
CREATED = OneOf(Record({"gt": Whole(), "gte": Whole(), "lt": Whole(), "lte": Whole()}), Whole())
LIST: dict[str, Kind] = {
    "limit": Whole(1, 100),
    "starting_after": Text(),
    "ending_before": Text(),
    "expand": EXPAND,
}
RETRIEVE = Record({"expand": EXPAND})

PRODUCT = Record(
    {
        "name": Text(250),
        "description": Text(40_000),
        "images": Many(Text(2048, also=web_address), most=8),
        "metadata": Metadata(),
        "tax_code": Text(),
        "tax_details": NOT_PLAYED,
        "unit_label": Text(12),
    },
    ["name"],
)
PRICE = Record(
    {
        "currency": Text(also=check_currency),
        "unit_amount": Whole(0),
        "product_data": PRODUCT,
        "tax_behavior": Text(among=["exclusive", "inclusive", "unspecified"]),
        "product": NOT_PLAYED,
        "recurring": NOT_PLAYED,
        "unit_amount_decimal": NOT_PLAYED,
    },
    ["currency", "unit_amount", "product_data"],
)
LINE_ITEM = Record(
    {
        "price_data": PRICE,
        "quantity": Whole(1, 999_999),
        "metadata": Metadata(),
        "price": NOT_PLAYED,
        "adjustable_quantity": NOT_PLAYED,
        "tax_rates": NOT_PLAYED,
    },
    ["price_data", "quantity"],
)
PAYMENT_INTENT_DATA = Record(
    {
        "description": Text(1000),
        "metadata": Metadata(),
        "receipt_email": Text(800, also=mail_address),
        "statement_descriptor": Text(22),
        "statement_descriptor_suffix": Text(22),
        "capture_method": Played(["automatic", "automatic_async", "manual"], ["automatic", "automatic_async"]),
        "application_fee_amount": NOT_PLAYED,
        "on_behalf_of": NOT_PLAYED,
        "setup_future_usage": NOT_PLAYED,
        "shipping": NOT_PLAYED,
        "transfer_data": NOT_PLAYED,
        "transfer_group": NOT_PLAYED,
    }
)
NAME_COLLECTION = Record(
    {
        "individual": Record({"enabled": Flag(), "optional": Flag()}, ["enabled"]),
        "business": NOT_PLAYED,
    }
)
SESSION_CREATE = Record(
    {
        "adaptive_pricing": Record({"enabled": Flag()}),
        "allow_promotion_codes": Flag(),
        "automatic_tax": Record({"enabled": Flag(), "liability": NOT_PLAYED}, ["enabled"]),
        "cancel_url": Text(also=web_address),
        "client_reference_id": Text(200),
        "currency": Text(also=check_currency),
        "customer_creation": Text(among=["always", "if_required"]),
        "customer_email": Text(800, also=mail_address),
        "excluded_payment_method_types": Many(Text(among=METHODS)),
        "expand": EXPAND,
        "expires_at": Whole(),
        "integration_identifier": Text(200),
        "line_items": Many(LINE_ITEM, 1),
        "locale": Text(among=LOCALES),
        "metadata": Metadata(),
        "mode": Played(["payment", "setup", "subscription"], ["payment"]),
        "name_collection": NAME_COLLECTION,
        "origin_context": Text(among=["mobile_app", "web"]),
        "payment_intent_data": PAYMENT_INTENT_DATA,
        "phone_number_collection": Record({"enabled": Flag()}, ["enabled"]),
        "submit_type": Text(among=["auto", "book", "donate", "pay", "subscribe"]),
        "success_url": Text(also=web_address),
        "ui_mode": Played(["elements", "embedded_page", "form", "hosted_page"], ["hosted_page"]),
        **dict.fromkeys(_NOT_PLAYED_IN_SESSIONS.split(), NOT_PLAYED),
    },
    ["mode", "line_items", "success_url"],
)
SESSION_LIST = Record(
    {
        **LIST,
        "created": CREATED,
        "payment_intent": Text(),
        "status": Text(among=["complete", "expired", "open"]),
        "customer_details": Record({"email": Text(800)}, ["email"]),
        "customer": NOT_PLAYED,
        "customer_account": NOT_PLAYED,
        "payment_link": NOT_PLAYED,
        "subscription": NOT_PLAYED,
    }
)
PLAIN_LIST = Record(LIST)
REFUND_CREATE = Record(
    {
        "amount": Whole(1),
        "charge": Text(),
        "payment_intent": Text(),
        "reason": Text(among=["duplicate", "fraudulent", "requested_by_customer"]),
        "metadata": Metadata(),
        "expand": EXPAND,
        "currency": NOT_PLAYED,
        "customer": NOT_PLAYED,
        "instructions_email": NOT_PLAYED,
        "origin": NOT_PLAYED,
        "refund_application_fee": NOT_PLAYED,
        "reverse_transfer": NOT_PLAYED,
    }
)
REFUND_LIST = Record({**LIST, "created": CREATED, "charge": Text(), "payment_intent": Text()})
EVENT_LIST = Record(
    {**LIST, "created": CREATED, "type": Text(), "types": Many(Text(), 1, 20), "delivery_success": Flag()}
)
