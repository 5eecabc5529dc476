"""The numbers that are shown to Prometheus, each of which something really counts."""

from dataclasses import asdict

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from bot.services.backlog import Backlog

MEANINGS = {
    "events_to_settle": "Events from Stripe that are stored and not settled yet",
    "messages_due": "Messages that should have been sent by now",
    "orders_unpaid": "Orders that hold seats and are not paid yet",
    "attention_open": "Open items on the staff's attention list",
}


class Metrics:
    """Everything counts in the registry that is given; there is no other."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self.stripe_webhooks = _requests("guichet_stripe_webhooks", "Requests to Stripe's webhook", registry)
        self.telegram_webhooks = _requests("guichet_telegram_webhooks", "Requests to Telegram's webhook", registry)
        self._backlog = {
            name: Gauge(f"guichet_{name}", meaning, registry=registry) for name, meaning in MEANINGS.items()
        }

    def show(self, backlog: Backlog) -> bytes:
        """The exposition in Prometheus' text format."""
        for name, value in asdict(backlog).items():
            self._backlog[name].set(value)
        return generate_latest(self._registry)


def _requests(name: str, meaning: str, registry: CollectorRegistry) -> Counter:
    return Counter(name, f"{meaning}, by what became of them", ["outcome"], registry=registry)
