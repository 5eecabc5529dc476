"""One call of the API: who sends it, under which key, and the answer's headers."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.sandbox.stripe import errors
from bot.sandbox.stripe.entities import Cause
from bot.sandbox.stripe.errors import Refusal
from bot.sandbox.stripe.render import API_VERSION
from bot.sandbox.stripe.results import JsonObject, Reply


@dataclass(frozen=True)
class Request:
    """Header names are lower case."""

    id: str
    method: str
    path: str
    params: Mapping[str, object]
    headers: Mapping[str, str]
    raw: str

    @property
    def key(self) -> str | None:
        """The idempotency key; it means nothing to GET."""
        return self.headers.get("idempotency-key") if self.method == "POST" else None

    @property
    def fingerprint(self) -> str:
        return json.dumps([self.method, self.path, self.params], sort_keys=True, default=str)

    @property
    def cause(self) -> Cause:
        return Cause(self.id, self.key)

    def reply(self, status: int, body: JsonObject, extra: Mapping[str, str] | None = None) -> Reply:
        headers = {"Request-Id": self.id, "Stripe-Version": API_VERSION, **(extra or {})}
        if self.key is not None:
            headers["Idempotency-Key"] = self.key
        return Reply(status, headers, body)


def check_caller(request: Request, secret_keys: Collection[str]) -> None:
    """Refuse strangers, live keys, and API versions that the sandbox does not play."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise errors.unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using "
            "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See "
            "https://stripe.com/docs/api#authentication for details."
        )
    if is_live(secret):
        raise errors.unauthorized("This is the sandbox: it takes no live keys. Use a key that starts with sk_test_.")
    if secret not in secret_keys:
        raise errors.unauthorized(f"Invalid API Key provided: {secret[:8]}{'*' * 12}{secret[-4:]}")
    if "stripe-account" in request.headers:
        raise errors.not_played("Stripe-Account")
    version = request.headers.get("stripe-version", API_VERSION)
    if version != API_VERSION:
        raise Refusal(f"Invalid Stripe API version: {version}. The sandbox plays {API_VERSION}.")


def is_live(secret: str) -> bool:
    return "_live_" in secret
