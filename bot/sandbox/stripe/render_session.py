"""How the simulated Stripe shows a Checkout Session."""

from bot.sandbox.stripe.entities import Session
from bot.sandbox.stripe.fields import Fields
from bot.sandbox.stripe.render import NO_ADDRESS, line_item, listing, seconds
from bot.sandbox.stripe.results import Json, JsonObject

ABSENT = (
    "after_expiration billing_address_collection client_secret consent consent_collection "
    "currency_conversion customer customer_account invoice invoice_creation payment_link "
    "payment_method_collection payment_method_configuration_details permissions recovered_from "
    "saved_payment_method_options setup_intent shipping_address_collection shipping_cost subscription "
    "optional_items wallet_options managed_payments"
)
AS_ASKED = (
    "allow_promotion_codes cancel_url client_reference_id customer_email locale submit_type success_url "
    "integration_identifier origin_context"
)


def session(session: Session, base_url: str) -> JsonObject:
    asked = session.asked
    return {
        "id": session.id,
        "object": "checkout.session",
        **dict.fromkeys(ABSENT.split()),
        **{name: asked.values.get(name) for name in AS_ASKED.split()},
        "adaptive_pricing": {"enabled": asked.sub("adaptive_pricing").flag("enabled") is not False},
        "amount_subtotal": session.subtotal,
        "amount_total": session.total,
        "automatic_tax": _automatic_tax(asked),
        "collected_information": _collected(session),
        "created": seconds(session.created),
        "currency": session.currency,
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer_creation": asked.text("customer_creation") or "if_required",
        "customer_details": _customer(session),
        "discounts": _discounts(session),
        "expires_at": seconds(session.expires_at),
        "livemode": False,
        "metadata": asked.metadata(),
        "mode": "payment",
        **_only_if_asked(asked),
        "payment_intent": session.payment_intent,
        "payment_method_options": {},
        "payment_method_types": list(session.methods),
        "payment_status": session.payment_status,
        "phone_number_collection": {"enabled": bool(asked.sub("phone_number_collection").flag("enabled"))},
        "shipping_options": [],
        "status": session.status,
        "total_details": {"amount_discount": session.discount, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{base_url}/stripe/pay/{session.id}" if session.status == "open" else None,
    }


def line_items(session: Session) -> JsonObject:
    items = [line_item(item, session.currency, session.created) for item in session.items]
    return listing(f"/v1/checkout/sessions/{session.id}/line_items", items)


def illustrated(session: Session) -> JsonObject:
    """The line items together with their products; the API shows those apart."""
    items: list[JsonObject] = [
        {
            **line_item(item, session.currency, session.created),
            "sandbox_product": {"description": item.description, "images": list(item.images)},
        }
        for item in session.items
    ]
    return listing("", items)


def typed(session: Session) -> JsonObject:
    """What the customer typed at the last attempt."""
    who = session.customer
    if who is None:
        return {"email": session.asked.text("customer_email")}
    return {"email": who.email, "name": who.name, "phone": who.phone}


def _only_if_asked(asked: Fields) -> JsonObject:
    shown: JsonObject = {}
    name = asked.sub("name_collection").sub("individual")
    if name.values:
        shown["name_collection"] = {"individual": {"optional": False, **name.values}}
    if excluded := asked.texts("excluded_payment_method_types"):
        shown["excluded_payment_method_types"] = excluded
    return shown


def _discounts(session: Session) -> list[Json]:
    promotion = session.promotion
    return [] if promotion is None else [{"coupon": promotion.coupon, "promotion_code": promotion.id}]


def _automatic_tax(asked: Fields) -> Json:
    enabled = bool(asked.sub("automatic_tax").flag("enabled"))
    status = "complete" if enabled else None
    return {"enabled": enabled, "liability": None, "provider": None, "status": status}


def _customer(session: Session) -> Json:
    email = session.asked.text("customer_email")
    who = session.customer if session.status == "complete" else None
    if who is None and email is None:
        return None
    return {
        "address": NO_ADDRESS,
        "business_name": None,
        "email": who.email if who else email,
        "individual_name": who.name if who and collects_name(session) else None,
        "name": who.name if who else None,
        "phone": who.phone if who else None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def _collected(session: Session) -> Json:
    done = session.status == "complete" and session.customer is not None and collects_name(session)
    name = session.customer.name if done and session.customer else None
    return {"business_name": None, "individual_name": name, "shipping_details": None}


def collects_name(session: Session) -> bool:
    return bool(session.asked.sub("name_collection").sub("individual").flag("enabled"))


def collects_phone(session: Session) -> bool:
    return bool(session.asked.sub("phone_number_collection").flag("enabled"))
