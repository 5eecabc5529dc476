"""A simulated Stripe with a clock that stands still until a test moves it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.sandbox.stripe.fields import Fields
from bot.sandbox.stripe.model import Stripe
from bot.sandbox.stripe.results import Json, Reply

KEY = "sk_test_sandbox"
START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def session_params(**changes: object) -> dict[str, object]:
    """A good body of a session create; a change to None leaves the parameter out."""
    params: dict[str, object] = {
        "mode": "payment",
        "success_url": "http://127.0.0.1/done?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1/cancelled",
        "client_reference_id": "K7Q4-1",
        "metadata": {"guichet_order": "K7Q4"},
        "payment_intent_data": {"metadata": {"guichet_order": "K7Q4"}},
        "line_items": [line()],
    }
    return {name: value for name, value in {**params, **changes}.items() if value is not None}


def line(price: Mapping[str, object] | None = None, **changes: object) -> dict[str, object]:
    price_data = {"currency": "eur", "unit_amount": "4850", "product_data": {"name": "Adult"}, **(price or {})}
    return {"quantity": "2", "price_data": price_data, **changes}


class World:
    """`calls` answer as the API does; `now` moves only by `wait`."""

    def __init__(self, seed: str = "a") -> None:
        self.now = START
        self.stripe = Stripe(now=lambda: self.now, secret_keys=[KEY], seed=seed)

    def wait(self, **by: float) -> None:
        self.now += timedelta(**by)
        self.stripe.tick()

    def post(self, path: str, params: Mapping[str, object], key: str | None = None) -> Reply:
        headers = {"Authorization": f"Bearer {KEY}", **({"Idempotency-Key": key} if key else {})}
        return self.stripe.call("POST", path, params, headers)

    def get(self, path: str, params: Mapping[str, object] | None = None) -> Reply:
        return self.stripe.call("GET", path, params or {}, {"Authorization": f"Bearer {KEY}"})

    def create(self, **changes: object) -> str:
        """The id of a new session."""
        reply = self.post("/v1/checkout/sessions", session_params(**changes))
        assert reply.status == 200, reply.body
        return str(reply.body["id"])

    def paid(self, card: str = "success", **changes: object) -> tuple[str, str]:
        """The ids of a session and its payment intent, after paying."""
        session = self.create(**changes)
        self.stripe.pay(session, card)
        return session, str(self.stripe.session(session)["payment_intent"])

    def refund(self, intent: str, **more: object) -> Reply:
        return self.post("/v1/refunds", {"payment_intent": intent, **more})

    def types(self) -> list[str]:
        """The types of all events, oldest first."""
        return [str(event["type"]) for event in reversed(self.stripe.events())]


def error(reply: Reply) -> Fields:
    return Fields(reply.body).sub("error")


def at(body: Mapping[str, Json], *path: str | int) -> Json:
    """What stands at a path in an answer."""
    value: Json = body
    for step in path:
        match value, step:
            case dict() as record, str() as name:
                value = record[name]
            case list() as items, int() as number:
                value = items[number]
            case _:
                raise KeyError(path)
    return value
