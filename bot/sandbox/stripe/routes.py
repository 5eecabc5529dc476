"""Which endpoint answers a path, what it may be sent, and what it then does."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.stripe import descriptions, errors, lists, refunds, render, sessions
from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.entities import Event, Refund, Session
from bot.sandbox.stripe.errors import Refusal
from bot.sandbox.stripe.fields import Fields
from bot.sandbox.stripe.parameters import Record
from bot.sandbox.stripe.render_session import line_items
from bot.sandbox.stripe.results import JsonObject

Endpoint = Callable[[Account, str, Fields], JsonObject]


@dataclass(frozen=True)
class Route:
    method: str
    path: re.Pattern[str]
    takes: Record
    answer: Endpoint
    shows: str


def find(method: str, path: str) -> tuple[Route, str]:
    """The endpoint and the id in its path."""
    for route in ROUTES:
        if route.method == method and (found := route.path.fullmatch(path)):
            return route, found.group("id") if route.path.groups else ""
    raise errors.unrecognized(method, path)


def create_session(account: Account, _id: str, asked: Fields) -> JsonObject:
    return account.show_session(sessions.create(account, asked))


def get_session(account: Account, object_id: str, _asked: Fields) -> JsonObject:
    return account.show_session(account.session(object_id))


def expire_session(account: Account, object_id: str, _asked: Fields) -> JsonObject:
    session = account.session(object_id)
    sessions.expire(account, session)
    return account.show_session(session)


def list_sessions(account: Account, _id: str, asked: Fields) -> JsonObject:
    status, intent = asked.text("status"), asked.text("payment_intent")
    email = asked.sub("customer_details").text("email")

    def fits(session: Session) -> bool:
        return (
            status in {None, session.status}
            and intent in {None, session.payment_intent}
            and email in {None, session.customer.email if session.customer else ""}
        )

    return lists.page("/v1/checkout/sessions", account.sessions.values(), asked, account.show_session, fits)


def list_line_items(account: Account, object_id: str, asked: Fields) -> JsonObject:
    whole = line_items(account.session(object_id))
    data, limit = whole["data"], asked.whole("limit") or 10
    if not isinstance(data, list):
        return whole
    after = asked.text("starting_after")
    ids = [item["id"] for item in data]
    if after is not None and after not in ids:
        raise errors.no_such("line item", after, "starting_after")
    rest = data[ids.index(after) + 1 :] if after is not None else data
    return {**whole, "data": rest[:limit], "has_more": len(rest) > limit}


def get_intent(account: Account, object_id: str, _asked: Fields) -> JsonObject:
    return render.payment_intent(account.intent(object_id))


def get_charge(account: Account, object_id: str, _asked: Fields) -> JsonObject:
    return render.charge(account.charge(object_id))


def create_refund(account: Account, _id: str, asked: Fields) -> JsonObject:
    return render.refund(refunds.create(account, asked))


def get_refund(account: Account, object_id: str, _asked: Fields) -> JsonObject:
    return render.refund(account.refund(object_id))


def list_refunds(account: Account, _id: str, asked: Fields) -> JsonObject:
    intent, charge = asked.text("payment_intent"), asked.text("charge")

    def fits(refund: Refund) -> bool:
        return intent in {None, refund.intent} and charge in {None, refund.charge}

    return lists.page("/v1/refunds", account.refunds.values(), asked, render.refund, fits)


def get_event(account: Account, object_id: str, _asked: Fields) -> JsonObject:
    return account.show_event(account.event(object_id))


def list_events(account: Account, _id: str, asked: Fields) -> JsonObject:
    wanted, types, delivered = asked.text("type"), asked.texts("types"), asked.flag("delivery_success")
    if wanted is not None and types:
        raise Refusal("You may only specify one of these parameters: type, types.", param="types")

    def fits(event: Event) -> bool:
        one = wanted is None or event.type == wanted or _starred(wanted, event.type)
        many = not types or event.type in types
        return one and many and delivered in {None, account.deliveries.waiting(event.id) == 0}

    return lists.page("/v1/events", account.events.values(), asked, account.show_event, fits)


def get_account(_account: Account, _id: str, _asked: Fields) -> JsonObject:
    return render.account()


def list_endpoints(account: Account, _id: str, asked: Fields) -> JsonObject:
    endpoints = account.deliveries.endpoints()
    return lists.page("/v1/webhook_endpoints", endpoints, asked, render.endpoint)


def _starred(pattern: str, event_type: str) -> bool:
    return pattern.endswith("*") and event_type.startswith(pattern[:-1])


def _route(method: str, path: str, takes: Record, answer: Endpoint, shows: str) -> Route:
    return Route(method, re.compile(path.replace("{id}", r"(?P<id>[A-Za-z0-9_]+)")), takes, answer, shows)


SESSION, INTENT, CHARGE, REFUND = "checkout.session", "payment_intent", "charge", "refund"
ROUTES = (
    _route("POST", "/v1/checkout/sessions", descriptions.SESSION_CREATE, create_session, SESSION),
    _route("GET", "/v1/checkout/sessions", descriptions.SESSION_LIST, list_sessions, f"list of {SESSION}"),
    _route("GET", "/v1/checkout/sessions/{id}", descriptions.RETRIEVE, get_session, SESSION),
    _route("POST", "/v1/checkout/sessions/{id}/expire", descriptions.RETRIEVE, expire_session, SESSION),
    _route("GET", "/v1/checkout/sessions/{id}/line_items", descriptions.PLAIN_LIST, list_line_items, "list"),
    _route("GET", "/v1/payment_intents/{id}", descriptions.RETRIEVE, get_intent, INTENT),
    _route("GET", "/v1/charges/{id}", descriptions.RETRIEVE, get_charge, CHARGE),
    _route("POST", "/v1/refunds", descriptions.REFUND_CREATE, create_refund, REFUND),
    _route("GET", "/v1/refunds", descriptions.REFUND_LIST, list_refunds, f"list of {REFUND}"),
    _route("GET", "/v1/refunds/{id}", descriptions.RETRIEVE, get_refund, REFUND),
    _route("GET", "/v1/events", descriptions.EVENT_LIST, list_events, "list"),
    _route("GET", "/v1/events/{id}", descriptions.RETRIEVE, get_event, "event"),
    _route("GET", "/v1/account", descriptions.RETRIEVE, get_account, "account"),
    _route("GET", "/v1/webhook_endpoints", descriptions.PLAIN_LIST, list_endpoints, "list"),
)
