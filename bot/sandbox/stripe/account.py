"""The memory of the simulated Stripe: its objects, its agenda, and the events that changes make."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

import orjson

from bot.sandbox.stripe import render, render_session
from bot.sandbox.stripe.agenda import Agenda
from bot.sandbox.stripe.deliveries import Deliveries
from bot.sandbox.stripe.entities import Cause, Charge, Dispute, Event, Intent, Promotion, Refund, Session
from bot.sandbox.stripe.ids import Ids
from bot.sandbox.stripe.results import JsonObject, NoSuchObjectError

Entity = TypeVar("Entity")


class Account:
    """One account in test mode. Tables keep the order in which objects were made."""

    def __init__(self, *, now: Callable[[], datetime], seed: str, base_url: str) -> None:
        self.now = now
        self.base_url = base_url
        self.ids = Ids(seed)
        self.deliveries = Deliveries(now=now, seed=seed)
        self.agenda = Agenda()
        self.sessions: dict[str, Session] = {}
        self.intents: dict[str, Intent] = {}
        self.charges: dict[str, Charge] = {}
        self.refunds: dict[str, Refund] = {}
        self.disputes: dict[str, Dispute] = {}
        self.promotions: dict[str, Promotion] = {}
        self.events: dict[str, Event] = {}
        self._cause = Cause()

    @contextmanager
    def caused_by(self, cause: Cause) -> Iterator[None]:
        """Events made inside name this API request."""
        before, self._cause = self._cause, cause
        try:
            yield
        finally:
            self._cause = before

    def session(self, object_id: str) -> Session:
        return _find(self.sessions, "checkout.session", object_id)

    def intent(self, object_id: str) -> Intent:
        return _find(self.intents, "payment_intent", object_id)

    def charge(self, object_id: str) -> Charge:
        return _find(self.charges, "charge", object_id)

    def refund(self, object_id: str) -> Refund:
        return _find(self.refunds, "refund", object_id)

    def find_dispute(self, object_id: str) -> Dispute:
        return _find(self.disputes, "dispute", object_id)

    def event(self, object_id: str) -> Event:
        return _find(self.events, "event", object_id)

    def emit(self, event_type: str, subject: JsonObject, previous: JsonObject | None = None) -> str:
        """Record a change and send it out; the id of the event."""
        event = Event(self.ids.new("evt"), self.now(), event_type, subject, previous or {}, self._cause)
        self.events[event.id] = event
        shown = render.event(event, self.deliveries.expected(event_type))
        self.deliveries.add(event.id, event_type, orjson.dumps(shown, option=orjson.OPT_INDENT_2))
        return event.id

    # The objects as the API shows them at this moment

    def show_session(self, session: Session) -> JsonObject:
        return render_session.session(session, self.base_url)

    def show_event(self, event: Event) -> JsonObject:
        return render.event(event, self.deliveries.waiting(event.id))

    def emit_session(self, kind: str, session: Session) -> str:
        return self.emit(f"checkout.session.{kind}", self.show_session(session))

    def emit_intent(self, kind: str, intent: Intent) -> str:
        return self.emit(f"payment_intent.{kind}", render.payment_intent(intent))

    def emit_charge(self, kind: str, charge: Charge, previous: JsonObject | None = None) -> str:
        return self.emit(f"charge.{kind}", render.charge(charge), previous)


def _find(table: Mapping[str, Entity], kind: str, object_id: str) -> Entity:
    try:
        return table[object_id]
    except KeyError:
        raise NoSuchObjectError(kind, object_id) from None
