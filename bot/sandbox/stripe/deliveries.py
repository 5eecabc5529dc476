"""Which event goes to which webhook endpoint and when: retries, and the disorder that the panel asks for."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count

from bot.sandbox.stripe.endpoints import Endpoint, is_loopback
from bot.sandbox.stripe.results import NoSuchObjectError
from bot.sandbox.stripe.signing import signature_header

GIVE_UP_AFTER = timedelta(days=3)
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 300, 1800, 7200, 18_000, 36_000))
LAST_BACKOFF = timedelta(hours=12)
SHUFFLED_WITHIN = timedelta(seconds=3)
SOON = timedelta(seconds=10)


class Mode(StrEnum):
    """How events travel. What was sent by hand travels in every mode."""

    NORMAL = "normal"
    DROPPED = "dropped"  # nothing is delivered and nothing is retried
    HELD = "held"  # waits for `release` or `send_again`
    SHUFFLED = "shuffled"  # out of order within a few seconds
    DOUBLED = "doubled"  # everything twice
    DELAYED = "delayed"  # `delay` late


class State(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    HELD = "held"
    DROPPED = "dropped"
    GIVEN_UP = "given_up"


UNDER_WAY = frozenset({State.PENDING, State.SENDING})


@dataclass(frozen=True)
class Attempt:
    """One request to an endpoint; status None: no answer."""

    at: datetime
    event_id: str
    event_type: str
    endpoint_id: str
    status: int | None


@dataclass
class Delivery:
    """One event on its way to one endpoint. `forced`: sent by hand, whatever the mode."""

    id: int
    event_id: str
    event_type: str
    endpoint_id: str
    body: bytes
    made: datetime
    due: datetime
    state: State = State.PENDING
    forced: bool = False
    attempts: list[Attempt] = field(default_factory=list)


@dataclass(frozen=True)
class Dispatch:
    """A request to be made now; its outcome goes back through `Deliveries.report`."""

    delivery_id: int
    event_id: str
    url: str
    body: bytes
    headers: dict[str, str]


class Deliveries:
    """The pure part of sending webhooks: `due` takes what must be sent now, `report` tells how it went."""

    def __init__(self, *, now: Callable[[], datetime], seed: str = "") -> None:
        self._now = now
        self._chance = random.Random(f"deliveries {seed}")  # noqa: S311 - disorder, not secrecy
        self._ids = count(1)
        self._endpoints: dict[str, Endpoint] = {}
        self._bodies: dict[str, tuple[str, bytes]] = {}
        self._deliveries: dict[int, Delivery] = {}
        self._pending: dict[int, Delivery] = {}
        self._by_event: dict[str, list[Delivery]] = {}
        self._log: list[Attempt] = []
        self._listeners: list[Callable[[], None]] = []
        self.mode = Mode.NORMAL
        self.delay = timedelta(minutes=1)

    def listen(self, wake: Callable[[], None]) -> None:
        """Call `wake` whenever something new became due or was answered."""
        self._listeners.append(wake)

    # Endpoints

    def register(self, url: str, secret: str, enabled_events: Sequence[str] = ("*",)) -> Endpoint:
        """Register a webhook; ValueError for a URL that leaves this machine or an empty secret."""
        if not is_loopback(url):
            raise ValueError(f"the sandbox sends webhooks to this machine only, not to {url}")
        if not secret:
            raise ValueError("a webhook endpoint needs a secret")
        number = len(self._endpoints) + 1
        endpoint = Endpoint(f"we_1SandboxEndpoint{number:08d}", url, (secret,), tuple(enabled_events), self._now())
        self._endpoints[endpoint.id] = endpoint
        return endpoint

    def roll(self, endpoint_id: str, secret: str) -> Endpoint:
        """Begin to roll a secret: from now on both sign, the new one first."""
        old = self._endpoints[endpoint_id]
        return self._keep(replace(old, secrets=(secret, old.secrets[0])))

    def finish_roll(self, endpoint_id: str) -> Endpoint:
        """The old secret is valid no longer."""
        old = self._endpoints[endpoint_id]
        return self._keep(replace(old, secrets=old.secrets[:1]))

    def endpoints(self) -> tuple[Endpoint, ...]:
        return tuple(self._endpoints.values())

    # Events on their way

    def add(self, event_id: str, event_type: str, body: bytes) -> None:
        """Send an event to every endpoint that wants it, as the mode says."""
        self._bodies[event_id] = (event_type, body)
        copies = 2 if self.mode is Mode.DOUBLED else 1
        for endpoint in self._wanting(event_type):
            for _ in range(copies):
                self._put(event_id, endpoint, self._now() + self._lateness(), forced=False)
        self._wake()

    def send_again(self, event_id: str) -> None:
        """Send an event once more at once, whatever the mode and whether or not it was answered before."""
        if event_id not in self._bodies:
            raise NoSuchObjectError("event", event_id)
        for endpoint in self._wanting(self._bodies[event_id][0]):
            self._put(event_id, endpoint, self._now(), forced=True)
        self._wake()

    def release(self, event_id: str | None = None) -> int:
        """Send what was held, of one event or all; how many deliveries that are."""
        held = [each for each in self._deliveries.values() if each.state is State.HELD]
        chosen = [each for each in held if event_id in {None, each.event_id}]
        for delivery in chosen:
            delivery.forced = True
            self._schedule(delivery, self._now())
        self._wake()
        return len(chosen)

    def due(self) -> tuple[Dispatch, ...]:
        """Take what must be sent now; each is under way until `report`."""
        now = self._now()
        ready = [each for each in self._pending.values() if each.due <= now]
        if self.mode is Mode.SHUFFLED:
            self._chance.shuffle(ready)
        return tuple(self._dispatch(each) for each in ready if not self._stopped(each))

    def report(self, delivery_id: int, status: int | None) -> None:
        """How a dispatch went: 2xx ends it, anything else (a redirection too) is tried again later."""
        delivery, now = self._deliveries[delivery_id], self._now()
        attempt = Attempt(now, delivery.event_id, delivery.event_type, delivery.endpoint_id, status)
        delivery.attempts.append(attempt)
        self._log.append(attempt)
        if status is not None and 200 <= status < 300:
            delivery.state = State.DELIVERED
        elif (later := now + backoff(len(delivery.attempts))) > delivery.made + GIVE_UP_AFTER:
            delivery.state = State.GIVEN_UP
        else:
            self._schedule(delivery, later)
        self._wake()

    def next_due(self) -> datetime | None:
        return min((each.due for each in self._pending.values()), default=None)

    # To look at

    def of(self, event_id: str) -> tuple[Delivery, ...]:
        return tuple(self._by_event.get(event_id, ()))

    def waiting(self, event_id: str) -> int:
        """How many endpoints have not answered an event yet: Stripe's `pending_webhooks`."""
        states: dict[str, bool] = {}
        for delivery in self.of(event_id):
            done = delivery.state is State.DELIVERED
            states[delivery.endpoint_id] = states.get(delivery.endpoint_id, False) or done
        return sum(not done for done in states.values())

    def under_way(self, event_id: str) -> bool:
        """Whether the first answer to an event will come soon: what the pay page waits for."""
        soon = self._now() + SOON
        return any(each.state in UNDER_WAY and not each.attempts and each.due <= soon for each in self.of(event_id))

    def expected(self, event_type: str) -> int:
        """How many endpoints want that type."""
        return len(self._wanting(event_type))

    def log(self) -> tuple[Attempt, ...]:
        """Every attempt, oldest first."""
        return tuple(self._log)

    # Inside

    def _keep(self, endpoint: Endpoint) -> Endpoint:
        self._endpoints[endpoint.id] = endpoint
        return endpoint

    def _wanting(self, event_type: str) -> list[Endpoint]:
        return [each for each in self._endpoints.values() if each.wants(event_type)]

    def _lateness(self) -> timedelta:
        match self.mode:
            case Mode.SHUFFLED:
                return self._chance.random() * SHUFFLED_WITHIN
            case Mode.DELAYED:
                return self.delay
            case _:
                return timedelta()

    def _put(self, event_id: str, endpoint: Endpoint, due: datetime, *, forced: bool) -> None:
        event_type, body = self._bodies[event_id]
        delivery = Delivery(next(self._ids), event_id, event_type, endpoint.id, body, self._now(), due, forced=forced)
        self._deliveries[delivery.id] = delivery
        self._by_event.setdefault(event_id, []).append(delivery)
        if not self._stopped(delivery):
            self._schedule(delivery, due)

    def _schedule(self, delivery: Delivery, due: datetime) -> None:
        delivery.state, delivery.due = State.PENDING, due
        self._pending[delivery.id] = delivery

    def _stopped(self, delivery: Delivery) -> bool:
        """Whether the mode keeps a delivery from going out; it then remembers why."""
        stops = {Mode.DROPPED: State.DROPPED, Mode.HELD: State.HELD}
        if delivery.forced or self.mode not in stops:
            return False
        delivery.state = stops[self.mode]
        self._pending.pop(delivery.id, None)
        return True

    def _dispatch(self, delivery: Delivery) -> Dispatch:
        del self._pending[delivery.id]
        delivery.state = State.SENDING
        endpoint = self._endpoints[delivery.endpoint_id]
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature_header(delivery.body, endpoint.secrets, self._now()),
        }
        return Dispatch(delivery.id, delivery.event_id, endpoint.url, delivery.body, headers)

    def _wake(self) -> None:
        for wake in self._listeners:
            wake()


def backoff(attempts: int) -> timedelta:
    """How long after this many failed attempts the next one is made."""
    return BACKOFF[attempts - 1] if attempts <= len(BACKOFF) else LAST_BACKOFF
