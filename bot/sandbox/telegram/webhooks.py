"""The registration of a webhook: only addresses of this machine are taken."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.sandbox.telegram.args import Args
from bot.sandbox.telegram.wire import BadRequest, Json, JsonObject


@dataclass
class Webhook:
    url: str
    secret_token: str
    max_connections: int
    failed_at: datetime | None = None
    failure: str = ""

    def as_json(self) -> JsonObject:
        body: JsonObject = {"url": self.url, "max_connections": self.max_connections}
        if self.failed_at is not None:
            body["last_error_date"] = int(self.failed_at.timestamp())
            body["last_error_message"] = self.failure
        return body


def read_webhook(args: Args) -> Webhook | None:
    """The registration that a call asks for; None where the URL is empty, which means: remove it."""
    url = args.text("url")
    if not url:
        return None
    if not _is_local(url):
        raise BadRequest("bad webhook: the sandbox delivers to http(s) addresses of this machine only")
    return Webhook(url, args.text("secret_token"), args.integer("max_connections", 40))


def _is_local(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        local = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
    return local and parts.scheme in {"http", "https"}


def info(webhook: Webhook | None, pending: int, allowed: tuple[str, ...]) -> JsonObject:
    """The answer of getWebhookInfo."""
    kinds: list[Json] = [*allowed]
    body: JsonObject = {"url": "", "has_custom_certificate": False, "pending_update_count": pending}
    if webhook is not None:
        body.update(webhook.as_json())
    if kinds:
        body["allowed_updates"] = kinds
    return body
