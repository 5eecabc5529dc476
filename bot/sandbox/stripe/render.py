"""How the simulated Stripe shows its objects: in the shapes of API version 2026-10-28."""

from collections.abc import Mapping
from datetime import datetime

from bot.sandbox.stripe.cards import Card
from bot.sandbox.stripe.endpoints import Endpoint
from bot.sandbox.stripe.entities import Charge, Customer, Dispute, Event, Intent, LineItem, Refund
from bot.sandbox.stripe.ids import ACCOUNT
from bot.sandbox.stripe.results import Json, JsonObject

API_VERSION = "2026-10-28.endive"
NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
EVIDENCE_HOURS = 7 * 24


def seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def listing(url: str, items: list[JsonObject], *, more: bool = False) -> JsonObject:
    return {"object": "list", "data": items, "has_more": more, "url": url}


def line_item(item: LineItem, currency: str, created: datetime) -> JsonObject:
    return {
        "id": item.id,
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": item.total,
        "amount_tax": 0,
        "amount_total": item.total,
        "currency": currency,
        "description": item.name,
        "metadata": item.metadata,
        "price": {**price(item, currency), "created": seconds(created)},
        "quantity": item.quantity,
    }


def price(item: LineItem, currency: str) -> JsonObject:
    empty = ("custom_unit_amount", "lookup_key", "nickname", "recurring", "tiers_mode", "transform_quantity")
    return {
        "id": item.price,
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "currency": currency,
        **dict.fromkeys(empty),
        "livemode": False,
        "metadata": {},
        "product": item.product,
        "tax_behavior": "unspecified",
        "type": "one_time",
        "unit_amount": item.unit_amount,
        "unit_amount_decimal": str(item.unit_amount),
    }


def payment_intent(intent: Intent) -> JsonObject:
    empty = (
        "application application_fee_amount cancellation_reason customer customer_account "
        "excluded_payment_method_types next_action on_behalf_of processing review setup_future_usage shipping "
        "transfer_data transfer_group"
    )
    paid = intent.status == "succeeded"
    shown: JsonObject = {
        "id": intent.id,
        "object": "payment_intent",
        **dict.fromkeys(empty.split()),
        "amount": intent.amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": intent.amount if paid else 0,
        "automatic_payment_methods": None,
        "canceled_at": seconds(intent.canceled_at) if intent.canceled_at else None,
        "capture_method": "automatic_async",
        "client_secret": f"{intent.id}_secret_sandbox",
        "confirmation_method": "automatic",
        "created": seconds(intent.created),
        "currency": intent.currency,
        "description": intent.data.text("description"),
        "last_payment_error": intent.error,
        "latest_charge": intent.charge,
        "livemode": False,
        "metadata": intent.data.metadata(),
        "payment_method": "pm_1" + intent.id[-23:] if intent.status != "requires_payment_method" else None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": list(intent.methods),
        "receipt_email": intent.data.text("receipt_email"),
        "statement_descriptor": intent.data.text("statement_descriptor"),
        "statement_descriptor_suffix": intent.data.text("statement_descriptor_suffix"),
        "status": intent.status,
    }
    if intent.status == "requires_action":
        shown["next_action"] = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
    if intent.status == "canceled":
        shown["cancellation_reason"] = "automatic"
    return shown


def method_details(card: Card, method: str) -> JsonObject:
    if method != "card":
        return {"type": method, method: {"last4": card.number[-4:], "fingerprint": "SandboxFingerp"}}
    details: dict[str, Json] = {
        "brand": "visa",
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": "SandboxFingerp",
        "funding": "credit",
        "installments": None,
        "last4": card.number[-4:],
        "mandate": None,
        "network": "visa",
        "three_d_secure": None,
        "wallet": None,
    }
    return {"type": "card", "card": details}


def charge(charge: Charge) -> JsonObject:
    empty = (
        "application application_fee application_fee_amount balance_transaction customer description "
        "failure_balance_transaction on_behalf_of receipt_number review shipping "
        "source_transfer statement_descriptor statement_descriptor_suffix transfer_data transfer_group"
    )
    captured = charge.status == "succeeded"
    failed = charge.status == "failed"
    return {
        "id": charge.id,
        "object": "charge",
        **dict.fromkeys(empty.split()),
        "amount": charge.amount,
        "amount_captured": charge.amount if captured else 0,
        "amount_refunded": charge.refunded,
        "billing_details": {**_person(charge.customer), "tax_id": None},
        "calculated_statement_descriptor": "SANDBOX",
        "captured": captured,
        "created": seconds(charge.created),
        "currency": charge.currency,
        "disputed": charge.dispute is not None,
        "failure_code": (charge.card.code or "charge_failed") if failed else None,
        "failure_message": (charge.card.message or "The payment failed.") if failed else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(charge.metadata),
        "outcome": {"type": "issuer_declined" if failed else "authorized", "network_status": None, "reason": None},
        "paid": not failed,
        "payment_intent": charge.intent,
        "payment_method": "pm_1" + charge.intent[-23:],
        "payment_method_details": method_details(charge.card, charge.method),
        "receipt_email": charge.receipt_email,
        "receipt_url": charge.receipt_url,
        "refunded": captured and charge.refunded >= charge.amount,
        "status": charge.status,
    }


def refund(refund: Refund) -> JsonObject:
    shown: JsonObject = {
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "balance_transaction": "txn_3" + refund.id[-23:],
        "charge": refund.charge,
        "created": seconds(refund.created),
        "currency": refund.currency,
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": dict(refund.metadata),
        "payment_intent": refund.intent,
        "reason": refund.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": refund.status,
        "transfer_reversal": None,
    }
    if refund.status == "failed":
        shown["failure_reason"] = "unknown"
        shown["failure_balance_transaction"] = "txn_1" + refund.id[-23:]
    if refund.status == "pending":
        shown["pending_reason"] = "processing"
    return shown


def dispute(dispute: Dispute) -> JsonObject:
    return {
        "id": dispute.id,
        "object": "dispute",
        "amount": dispute.amount,
        "balance_transactions": [],
        "charge": dispute.charge,
        "created": seconds(dispute.created),
        "currency": dispute.currency,
        "enhanced_eligibility_types": [],
        "evidence": {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": seconds(dispute.created) + EVIDENCE_HOURS * 3600,
            "enhanced_eligibility": {},
            "has_evidence": dispute.status != "needs_response",
            "past_due": False,
            "submission_count": int(dispute.status != "needs_response"),
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": dispute.intent,
        "payment_method_details": {
            "card": {"brand": "visa", "case_type": "chargeback", "network_reason_code": "10.4"},
            "type": "card",
        },
        "reason": "fraudulent",
        "status": dispute.status,
    }


def event(event: Event, pending_webhooks: int) -> JsonObject:
    data: dict[str, Json] = {"object": event.subject}
    if event.previous:
        data["previous_attributes"] = event.previous
    return {
        "id": event.id,
        "object": "event",
        "api_version": API_VERSION,
        "created": seconds(event.created),
        "data": data,
        "livemode": False,
        "pending_webhooks": pending_webhooks,
        "request": {"id": event.cause.request_id, "idempotency_key": event.cause.idempotency_key},
        "type": event.type,
    }


def endpoint(endpoint: Endpoint) -> JsonObject:
    return {
        "id": endpoint.id,
        "object": "webhook_endpoint",
        "api_version": API_VERSION,
        "application": None,
        "created": seconds(endpoint.created),
        "description": None,
        "enabled_events": list(endpoint.enabled_events),
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": endpoint.url,
    }


def account() -> JsonObject:
    return {
        "id": f"acct_{ACCOUNT}",
        "object": "account",
        "business_profile": {"name": "Sandbox", "support_email": None, "url": None},
        "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "country": "FR",
        "default_currency": "eur",
        "details_submitted": True,
        "email": "sandbox@example.com",
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }


def _person(customer: Customer) -> Mapping[str, Json]:
    return {
        "address": NO_ADDRESS,
        "email": customer.email,
        "name": customer.name,
        "phone": customer.phone,
    }
