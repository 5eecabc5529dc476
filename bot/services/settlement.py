"""Drains the inbox: turns what Stripe has told us into paid orders, bookings, refunds and messages, in batches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

import structlog

from bot.domain.attempts import is_lost
from bot.domain.effects import Alert, Concern, Effect, Outcome
from bot.domain.errors import DatabaseBusy
from bot.domain.facts import ChargeRefundedFact, DisputeFact, Fact, IrrelevantFact, Mark, RefundFact, SessionFact
from bot.domain.ids import AttemptId, InventoryId, OrderId, RefundId, SessionId
from bot.domain.orders import (
    Attempt,
    AttemptState,
    BookingStatus,
    Case,
    Payment,
    Reason,
    RefundState,
    Role,
    State,
    units_of,
)
from bot.domain.refunds import settle_refund
from bot.domain.settlement import settle_session
from bot.domain.surcharges import give_back, left_of_surcharge, moved_to, stands
from bot.domain.time import Clock
from bot.domain.unpaid import session_surfaced
from bot.payments import events
from bot.services.bells import Bells
from bot.services.outcomes import Decided, Outcomes
from bot.services.strays import Strays
from storage import cases, inbox, inventory, refunds
from storage.database import Connection, Database
from storage.inbox import InboxState, StoredEvent

log = structlog.get_logger()

BATCH = 64


@dataclass(frozen=True)
class WaitsFor:
    """An event is about something that is not stored yet: a payment, or our own write of an id."""

    what: str


FINAL_DISPUTE = frozenset({"won", "lost", "warning_closed", "prevented"})


@dataclass(frozen=True)
class Mine:
    """What tells our objects at Stripe from those of others: the mark of this shop, and live or test mode."""

    shop: str
    live: bool


@dataclass
class Batch:
    """The cases that a batch of facts concerns, as loaded and as decided so far."""

    loaded: dict[OrderId, Case]
    by_session: dict[SessionId, OrderId]
    by_payment: dict[str, OrderId | None]
    room: dict[InventoryId, int]
    off_sale: set[InventoryId]
    now_are: dict[OrderId, Case] = field(default_factory=dict)
    effects: dict[OrderId, list[Effect]] = field(default_factory=dict)

    def on_sale(self) -> dict[InventoryId, int]:
        """The room that somebody who has lost their hold may still buy."""
        return {row: units for row, units in self.room.items() if row not in self.off_sale}

    def case(self, order_id: OrderId) -> Case:
        return self.now_are.get(order_id, self.loaded[order_id])

    def awaited(self, mark: Mark) -> AttemptId | None:
        """The attempt that a mark names, if Stripe's answer to it is still to come."""
        named = self._named(mark)
        return named[1].id if named and named[1].session_id is None and named[1].state is AttemptState.NEW else None

    def surface(self, mark: Mark, fact: SessionFact) -> OrderId | None:
        """The order of a lost attempt, whose session has come to light by its mark and is kept from now on.

        A session without our reference only bears a copy of the mark.
        """
        named = self._named(mark)
        if named is None or not is_lost(named[1]) or fact.reference != f"{mark.order_code}-{mark.attempt}":
            return None
        order_id, attempt = named
        self.decide(order_id, session_surfaced(self.case(order_id), attempt.id, fact.session_id))
        self.by_session[fact.session_id] = order_id
        return order_id

    def _named(self, mark: Mark) -> tuple[OrderId, Attempt] | None:
        return next(
            (
                (order_id, attempt)
                for order_id in self.loaded
                for attempt in self.case(order_id).attempts
                if self.case(order_id).order.code == mark.order_code and attempt.number == mark.attempt
            ),
            None,
        )

    def as_it_stands(self, order_id: OrderId) -> Case:
        """The case; of one that moves a booking, whether that can still be done."""
        case = self.case(order_id)
        moves = case.order.moves
        if moves is None:
            return case
        rows = units_of(case.lines)
        movable = any(stands(self.case(other), moves, rows) for other in self.loaded)
        return replace(case, order=replace(case.order, moves=replace(moves, stands=movable)))

    def move(self, before: Case, after: Case) -> None:
        """A surcharge has just been paid: the booking moves to where its order held seats."""
        moves = after.order.moves
        if moves is None or before.order.state is State.PAID or after.order.state is not State.PAID:
            return
        rows = units_of(before.lines)
        other = next(order_id for order_id in self.loaded if stands(self.case(order_id), moves, rows))
        self.decide(other, moved_to(self.case(other), moves, after))

    def undo_surcharges(self, before: Case, after: Case, now: datetime) -> None:
        """Staff have given back the payment of bookings: what was paid to move them goes back as well."""
        stood = {each.id for each in before.bookings if each.status is BookingStatus.CONFIRMED}
        undone = {each.id for each in after.bookings if each.status is BookingStatus.CANCELLED} & stood
        for order_id in self.loaded:
            case = self.case(order_id)
            if case.order.moves and case.order.moves.booking_id in undone and case.order.state is State.PAID:
                self.decide(order_id, give_back(case, left_of_surcharge(case), Reason.CANCELLED, now))

    def decide(self, order_id: OrderId, outcome: Outcome) -> None:
        """Keep an outcome; what it took or gave back changes the room of those that follow."""
        before, after = self.case(order_id), outcome.case
        for inventory_id in before.claims.keys() | after.claims.keys():
            taken = after.claims.get(inventory_id, 0) - before.claims.get(inventory_id, 0)
            self.room[inventory_id] = self.room.get(inventory_id, 0) - taken
        self.now_are[order_id] = after
        self.effects.setdefault(order_id, []).extend(outcome.effects)
        for payment in after.payments:
            if payment.payment_intent is not None:
                self.by_payment[payment.payment_intent] = order_id

    def decided(self) -> list[Decided]:
        return [
            Decided(self.loaded[order_id], Outcome(case, tuple(self.effects[order_id])))
            for order_id, case in self.now_are.items()
        ]


class Settlement:
    """The only way from a fact to a new state of an order, whether the fact came by webhook or was asked for."""

    def __init__(
        self, database: Database, clock: Clock, outcomes: Outcomes, strays: Strays, bells: Bells, mine: Mine
    ) -> None:
        self._database = database
        self._clock = clock
        self._outcomes = outcomes
        self._strays = strays
        self._bells = bells
        self._mine = mine

    async def drain(self) -> int:
        """Settle everything in the inbox; returns how many events that were.

        The last look finds nothing, not even an event that waited for what was settled before it.
        """
        settled = 0
        while await self._is_something_new() and (count := await self._next_batch(BATCH)):
            settled += count
            self._bells.settled()
        return settled

    async def _is_something_new(self) -> bool:
        async with self._database.read() as connection:
            return await inbox.is_something_new(connection)

    async def settle(self, facts: Sequence[Fact]) -> None:
        """Settle facts that were asked for, in one transaction."""
        await self._database.run(lambda connection: self.settle_within(connection, facts))
        self._bells.changed()

    async def settle_within(self, connection: Connection, facts: Sequence[Fact]) -> None:
        """The same, as a part of the caller's transaction, which rings the bells after it."""
        batch = await self._load(connection, facts)
        for fact in facts:
            await self._one(connection, batch, fact)
        await self._outcomes.save(connection, batch.decided(), self._clock.now())

    async def settle_own_refund(self, connection: Connection, refund_id: RefundId, fact: RefundFact) -> None:
        """Settle Stripe's answer to a refund that we asked for; the row is known, whatever the answer says."""
        batch = await self._load(connection, [fact])
        order_id = batch.by_payment.get(fact.payment_intent)
        if order_id is not None:
            batch.decide(order_id, settle_refund(batch.case(order_id), replace(fact, ours=refund_id)))
        await self._outcomes.save(connection, batch.decided(), self._clock.now())

    async def _next_batch(self, size: int) -> int:
        try:
            return await self._database.run(partial(self._batch, size=size))
        except DatabaseBusy:
            raise
        except Exception as error:  # noqa: BLE001 - one bad event must not keep the others from being settled
            if size == 1:
                return await self._give_up(error)
            log.warning("settlement.batch_failed", error=type(error).__name__)
            return await self._next_batch(size // 2)

    async def _batch(self, connection: Connection, size: int) -> int:
        stored = await inbox.next_new(connection, size)
        if not stored:
            return 0
        read = [(event, await self._read(connection, event)) for event in stored]
        readable = [(event, fact) for event, fact in read if fact is not None]
        batch = await self._load(connection, [fact for _, fact in readable])
        ends: dict[InboxState, list[int]] = {}
        for event, fact in readable:
            state = await self._one(connection, batch, fact)
            if isinstance(state, WaitsFor):
                await inbox.wait_for(connection, event.id, state.what)
            else:
                ends.setdefault(state, []).append(event.id)
        # First the marks: saving wakes those events that wait for what is saved.
        for end, ids in ends.items():
            await inbox.mark(connection, ids, end, self._clock.now())
        await self._outcomes.save(connection, batch.decided(), self._clock.now())
        return len(stored)

    async def _read(self, connection: Connection, event: StoredEvent) -> Fact | None:
        try:
            return events.parse(event.body)
        except (events.BadObject, ValueError) as error:
            await self._bad(connection, event, type(error).__name__)
            return None

    async def _bad(self, connection: Connection, event: StoredEvent, note: str) -> None:
        now = self._clock.now()
        await inbox.fail(connection, event.id, note, now)
        await self._outcomes.alert(
            connection, Alert(Concern.BAD_EVENT, f"event:{event.event_id}", detail=note), None, now
        )
        log.error("settlement.bad_event", event_id=event.event_id, error=note)

    async def _give_up(self, error: Exception) -> int:
        """The first event in the inbox cannot be settled even alone: a human looks at it, the others go on."""

        async def put_aside(connection: Connection) -> int:
            stored = await inbox.next_new(connection, 1)
            for event in stored:
                await self._bad(connection, event, type(error).__name__)
            return len(stored)

        return await self._database.run(put_aside)

    async def _load(self, connection: Connection, facts: Iterable[Fact]) -> Batch:
        sessions = [fact.session_id for fact in facts if isinstance(fact, SessionFact)]
        intents = [
            fact.payment_intent
            for fact in facts
            if isinstance(fact, RefundFact | ChargeRefundedFact | DisputeFact) and fact.payment_intent
        ]
        marks = [self._own_mark(fact) for fact in facts if isinstance(fact, SessionFact)]
        codes = [mark.order_code for mark in marks if mark is not None]
        by_payment = await cases.orders_of_payments(connection, intents)
        known = [order for order in by_payment.values() if order is not None]
        concerned = await cases.concerned(connection, sessions=sessions, codes=codes)
        if known:
            concerned += await cases.surcharges_of_orders(connection, known)
        loaded = await cases.load(connection, (*known, *concerned))
        # Read under the lock: whoever stores a session's id holds the order, so that no event slips between.
        by_session = {
            attempt.session_id: order
            for order, case in loaded.items()
            for attempt in case.attempts
            if attempt.session_id is not None
        }
        rows = {row for case in loaded.values() for row in (*case.claims, *units_of(case.lines))}
        room = await inventory.lock(connection, rows) if rows else {}
        off_sale = await inventory.off_sale(connection, rows, self._clock.now()) if rows else set()
        return Batch(loaded, by_session, by_payment, room, off_sale)

    async def _one(self, connection: Connection, batch: Batch, fact: Fact) -> InboxState | WaitsFor:
        """Decide one fact; returns how its event ends, or what it has to wait for."""
        match fact:
            case SessionFact():
                return await self._session(connection, batch, fact)
            case RefundFact():
                return await self._refund(connection, batch, fact)
            case ChargeRefundedFact():
                if fact.payment_intent not in batch.by_payment:
                    return WaitsFor(fact.payment_intent)
                await refunds.look(connection, [fact.payment_intent], self._clock.now())
                return InboxState.SETTLED
            case DisputeFact():
                return await self._dispute(connection, batch, fact)
            case IrrelevantFact():
                return InboxState.IGNORED

    async def _session(self, connection: Connection, batch: Batch, fact: SessionFact) -> InboxState | WaitsFor:
        mark = self._own_mark(fact)
        order_id = batch.by_session.get(fact.session_id)
        if order_id is None and mark is not None and fact.livemode is self._mine.live:
            order_id = batch.surface(mark, fact)
        if order_id is not None:
            now = self._clock.now()
            case = batch.as_it_stands(order_id)
            outcome = settle_session(case, fact, batch.on_sale(), live=self._mine.live, now=now)
            batch.decide(order_id, outcome)
            batch.move(case, outcome.case)
            return InboxState.SETTLED
        if mark is None:
            return InboxState.IGNORED
        attempt_id = batch.awaited(mark)
        if attempt_id is not None:
            return WaitsFor(f"attempt:{attempt_id}")
        if fact.livemode is not self._mine.live:
            alert = Alert(Concern.WRONG_MODE, f"mode:{fact.session_id}", fact.total)
            await self._outcomes.alert(connection, alert, None, self._clock.now())
        elif fact.paid:
            await self._stray_payment(connection, batch, fact)
        return InboxState.SETTLED

    def _own_mark(self, fact: SessionFact) -> Mark | None:
        return fact.mark if fact.mark is not None and fact.mark.shop == self._mine.shop else None

    async def _stray_payment(self, connection: Connection, batch: Batch, fact: SessionFact) -> None:
        """Money with our mark for a session that we never made: nothing is booked, a human decides."""
        now = self._clock.now()
        alert = Alert(Concern.UNMATCHED_PAYMENT, f"unmatched:{fact.session_id}", fact.total)
        await self._outcomes.alert(connection, alert, None, now)
        if fact.total is not None:
            at = fact.at or now
            payment = Payment(None, fact.session_id, fact.payment_intent, Role.UNMATCHED, fact.total, at)
            await self._strays.add_payment(connection, payment)
        if fact.payment_intent is not None:
            batch.by_payment.setdefault(fact.payment_intent, None)

    async def _refund(self, connection: Connection, batch: Batch, fact: RefundFact) -> InboxState | WaitsFor:
        if fact.payment_intent not in batch.by_payment:
            return WaitsFor(fact.payment_intent)
        order_id = batch.by_payment[fact.payment_intent]
        if order_id is None:
            await self._stray_refund(connection, fact)
            return InboxState.SETTLED
        case = batch.case(order_id)
        known = any(refund.stripe_id == fact.refund_id for refund in case.refunds)
        if not known and fact.ours is not None and any(refund.id == fact.ours for refund in case.refunds):
            return WaitsFor(f"refund:{fact.ours}")
        batch.decide(order_id, settle_refund(case, replace(fact, ours=None)))
        batch.undo_surcharges(case, batch.case(order_id), self._clock.now())
        return InboxState.SETTLED

    async def _stray_refund(self, connection: Connection, fact: RefundFact) -> None:
        now = self._clock.now()
        await self._strays.add_refund(connection, fact, now)
        if fact.state is RefundState.FAILED:
            alert = Alert(Concern.FAILED_REFUND, f"refund_failed:{fact.refund_id}", fact.amount)
            await self._outcomes.alert(connection, alert, None, now)

    async def _dispute(self, connection: Connection, batch: Batch, fact: DisputeFact) -> InboxState | WaitsFor:
        if fact.payment_intent is None:
            return InboxState.IGNORED
        if fact.payment_intent not in batch.by_payment:
            return WaitsFor(fact.payment_intent)
        now: datetime = self._clock.now()
        order_id = batch.by_payment[fact.payment_intent]
        keys = [f"dispute:{fact.dispute_id}"]
        if fact.status in FINAL_DISPUTE:
            keys.append(f"dispute:{fact.dispute_id}:{fact.status}")
        for key in keys:
            detail = fact.status if key is not keys[0] else fact.reason
            await self._outcomes.alert(connection, Alert(Concern.DISPUTE, key, fact.amount, detail), order_id, now)
        return InboxState.SETTLED
