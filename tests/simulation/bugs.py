"""Bugs that are planted to prove that the simulation would find them. Each is a context in which the shop has it."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from unittest.mock import patch

import orjson
from sqlalchemy import select, update

from bot.domain import settlement as deciding
from bot.domain.attempts import AttemptWork
from bot.domain.facts import Fact, RefundFact, SessionFact, SessionStatus
from bot.domain.ids import InventoryId, SessionId
from bot.domain.money import Money
from bot.domain.orders import AttemptState, Case, Closing, Payment, Reason, Refund, Role, State
from bot.domain.outbox import DeliveryError, OutboxMessage, Unsure
from bot.domain.selection import Offer, Quote
from bot.domain.settlement import Outcome
from bot.payments import events
from bot.payments.events import Event, Verifier
from bot.payments.failures import Refused
from bot.payments.gateway import SESSIONS, Gateway, _session
from bot.services import deadlines, ordering, settlement
from bot.services.checkout import Checkout
from bot.services.delivery import Deliverer
from bot.services.inbox import Inbox, Waiting
from bot.services.ordering import Ordering, Wish
from bot.services.outcomes import Outcomes
from bot.services.settlement import Batch, Settlement, WaitsFor
from bot.services.sweeping import EVERY, Sweeping
from storage import attempts, inbox, inventory, orders, outbox, sales, schema
from storage.database import Connection
from storage.inbox import InboxState, NewEvent
from storage.outbox import OutboxState
from storage.schema import inventory as inventory_table

Bug = Callable[[], AbstractContextManager[object]]


def _swap(owner: object, name: str, instead: object) -> Bug:
    return lambda: patch.object(owner, name, instead)


def _together(*bugs: Bug) -> Bug:
    @contextmanager
    def all_of_them() -> Iterator[None]:
        with ExitStack() as stack:
            for bug in bugs:
                stack.enter_context(bug())
            yield

    return all_of_them


# Events


def _without_dedupe() -> AbstractContextManager[object]:
    add, numbers = inbox.add, count()

    async def every_copy(connection: Connection, events: Sequence[NewEvent]) -> None:
        for event in events:
            known = select(schema.inbox.c.id).where(schema.inbox.c.event_id == event.event_id)
            again = (await connection.execute(known)).first() is not None
            copy = replace(event, event_id=f"{event.event_id}/{next(numbers)}") if again else event
            await add(connection, [copy])

    return patch.object(inbox, "add", every_copy)


async def _acknowledge_early(self: Inbox, event: Event) -> None:
    stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    self._queue.append(Waiting(NewEvent(event.id, event.type, event.body, self._clock.now()), stored))
    self._more.set()


def _any_signature(self: Verifier, body: bytes, signature: str | None, now: datetime) -> Event:
    head = orjson.loads(body)
    return Event(str(head.get("id")), str(head.get("type")), body)


async def _nothing(*_args: object, **_more: object) -> None:
    return None


async def _sweep_not(self: Sweeping) -> datetime:
    return self._clock.now() + EVERY


async def _look_not(self: Checkout, work: AttemptWork) -> None:
    await self._database.run(lambda connection: attempts.ask_at(connection, work.id, None))


async def _mark_first(self: Settlement, size: int) -> int:
    async def mark(connection: Connection) -> list[bytes]:
        stored = await inbox.next_new(connection, size)
        await inbox.mark(connection, [event.id for event in stored], InboxState.SETTLED, self._clock.now())
        return [event.body for event in stored]

    bodies = await self._database.run(mark)
    await self.settle([events.parse(body) for body in bodies])
    return len(bodies)


# Payments


def _paid_anew(case: Case, fact: SessionFact, room: deciding.Room, now: datetime) -> Outcome:
    return _PAID(replace(case, payments=()) if case.order.state is State.PAID else case, fact, room, now)


_PAID = deciding._paid
_LATE = deciding._late
_SETTLE = deciding.settle_session


def _any_amount(case: Case, fact: SessionFact, room: deciding.Room, now: datetime) -> Outcome:
    paid = _PAID(case, replace(fact, total=case.order.total), room, now)
    return _as_captured(paid, fact)


def _any_currency(case: Case, fact: SessionFact, room: deciding.Room, now: datetime) -> Outcome:
    total = case.order.total if fact.total and fact.total.minor == case.order.total.minor else fact.total
    return _as_captured(_PAID(case, replace(fact, total=total), room, now), fact)


def _as_captured(outcome: Outcome, fact: SessionFact) -> Outcome:
    """The books keep what was really captured."""

    def kept(payment: Payment) -> Payment:
        mine = payment.id is None and payment.session_id == fact.session_id and fact.total is not None
        return replace(payment, amount=fact.total or payment.amount) if mine else payment

    return replace(outcome, case=replace(outcome.case, payments=tuple(map(kept, outcome.case.payments))))


def _any_mode(case: Case, fact: SessionFact, room: deciding.Room, *, live: bool, now: datetime) -> Outcome:
    return _SETTLE(case, replace(fact, livemode=live), room, live=live, now=now)


def _late_anyway(case: Case, fact: SessionFact, room: deciding.Room, now: datetime) -> Outcome:
    return _LATE(case, fact, dict.fromkeys(case.claims, 99) | {line.inventory_id: 99 for line in case.lines}, now)


def _surplus_kept(case: Case, fact: SessionFact, now: datetime) -> Outcome:
    return Outcome(deciding._with_payment(case, fact, Role.SURPLUS, now))


# Seats


async def _change_anyway(connection: Connection, deltas: Mapping[InventoryId, int]) -> None:
    for row, units in sorted(deltas.items()):
        taken = inventory_table.c.taken + units
        await connection.execute(update(inventory_table).where(inventory_table.c.id == row).values(taken=taken))


_OFFER = Ordering._offer


async def _endless(self: Ordering, connection: Connection, wish: Wish) -> Offer:
    return replace(await _OFFER(self, connection, wish), left=99)


def _kept_claims(case: Case, end: State, now: datetime) -> Case:
    return replace(case, order=replace(case.order, state=end, closing=None, ended_at=now))


def _banks_are_slow(attempt: object) -> bool:
    return _RESOLVED(attempt) or attempt.state is AttemptState.COMPLETE  # type: ignore[arg-type,attr-defined]  # one


_RESOLVED = deciding.resolved


async def _deadline_for_all(connection: Connection, now: datetime, limit: int) -> list[int]:
    late = select(schema.orders.c.id).where(
        schema.orders.c.state.in_((State.HELD, State.AWAITING_PAYMENT, State.PROCESSING)),
        schema.orders.c.hold_until <= now,
    )
    return list((await connection.execute(late.limit(limit))).scalars())


def _close_at_once(case: Case, why: Closing, now: datetime) -> Outcome:
    closing = Outcome(replace(case, order=replace(case.order, state=State.CLOSING, closing=why)))
    return closing.then(lambda changed: deciding.end_if_resolved(changed, now))


# Orders and checkouts


def _keys_of_their_own(name: str) -> Bug:
    asked, numbers = getattr(Gateway, name), count()

    async def ask(self: Gateway, parameters: Mapping[str, object], key: str) -> Fact:
        found: Fact = await asked(self, parameters, f"{key}.{next(numbers)}")
        return found

    return _swap(Gateway, name, ask)


async def _expired_whatever(self: Gateway, session_id: SessionId) -> SessionFact:
    try:
        return _session(await self._call("post", f"{SESSIONS}/{session_id}/expire", {}))
    except Refused:
        return replace(await self.session(session_id), status=SessionStatus.EXPIRED)


_HANDLE = Checkout.handle


async def _taken_off_first(self: Checkout, work: AttemptWork) -> None:
    await self._database.run(lambda connection: attempts.ask_at(connection, work.id, None))
    await _HANDLE(self, work)


def _whatever_it_costs(price: Quote, confirmed_total: int) -> Quote:
    return price


# Messages


async def _marked_before(self: Deliverer, message: OutboxMessage) -> None:
    await self._end(message, OutboxState.SENT, None)
    try:
        await self._messenger.send(message)
    except DeliveryError:
        return


_ONE = Deliverer._one


async def _sent_twice(self: Deliverer, message: OutboxMessage) -> None:
    if message.kind == "booked":
        try:
            await self._messenger.send(message)
        except DeliveryError:
            return
    await _ONE(self, message)


async def _given_up_when_unsure(self: Deliverer, message: OutboxMessage) -> None:
    try:
        await self._messenger.send(message)
    except Unsure:
        await self._end(message, OutboxState.SKIPPED, None)
    except DeliveryError as error:
        await self._postpone(message, 1, type(error).__name__)
    else:
        await self._end(message, OutboxState.SENT, None)


async def _no_messages(connection: Connection, messages: Sequence[outbox.NewMessage], now: datetime) -> None:
    fewer = [message for message in messages if not message.kind.startswith("refunded")]
    await _ADD(connection, fewer, now)


_ADD = outbox.add


# Refunds and sales


async def _refund_ignored(self: Settlement, connection: Connection, batch: Batch, fact: RefundFact) -> object:
    return InboxState.SETTLED if batch.by_payment.get(fact.payment_intent) else WaitsFor(fact.payment_intent)


def _never_the_same(refund: Refund, fact: RefundFact) -> bool:
    return refund.id is not None and refund.id == fact.ours


def _half_back(case: Case, fact: SessionFact, reason: Reason, now: datetime) -> Outcome:
    less = replace(fact, total=Money((fact.total or case.order.total).minor // 2, case.order.total.currency))
    return _GIVE_BACK(case, less, reason, now)


_GIVE_BACK = deciding._give_back
_SALES = sales.add


async def _counted_twice(connection: Connection, deltas: object) -> None:
    rows = list(deltas)  # type: ignore[call-overload]  # as many as there are
    await _SALES(connection, rows)
    await _SALES(connection, [row for row in rows if row.refunded])


BUGS: Mapping[str, Bug] = {
    "inbox_without_dedupe": _without_dedupe,
    "payment_without_dedupe": _swap(deciding, "_paid", _paid_anew),
    "acknowledged_before_commit": _swap(Inbox, "store", _acknowledge_early),
    "signature_unchecked": _swap(Verifier, "verify", _any_signature),
    "waiting_events_dropped": _swap(inbox, "go_on", _nothing),
    "reconciliation_off": _together(_swap(Sweeping, "sweep", _sweep_not), _swap(Checkout, "_look", _look_not)),
    "settled_outside_the_transaction": _swap(Settlement, "_next_batch", _mark_first),
    "amount_unchecked": _swap(deciding, "_paid", _any_amount),
    "currency_unchecked": _swap(deciding, "_paid", _any_currency),
    "livemode_unchecked": _swap(settlement, "settle_session", _any_mode),
    "late_payment_booked_without_room": _swap(deciding, "_late", _late_anyway),
    "surplus_payment_kept": _swap(deciding, "_surplus", _surplus_kept),
    "capacity_guard_off": _together(_swap(inventory, "change", _change_anyway), _swap(Ordering, "_offer", _endless)),
    "released_before_expired": _swap(deciding, "resolved", lambda _: True),
    "claims_kept_on_release": _swap(deciding, "_released", _kept_claims),
    "deadline_releases_processing": _together(
        _swap(deciding, "resolved", _banks_are_slow),
        _swap(orders, "past_deadline", _deadline_for_all),
        _swap(deadlines, "close", _close_at_once),
    ),
    "nonce_ignored": _swap(orders, "by_nonce", _nothing),
    "price_unconfirmed": _swap(ordering, "confirm", _whatever_it_costs),
    "session_key_changes_on_retry": _keys_of_their_own("create_session"),
    "refusal_to_expire_taken_for_expired": _swap(Gateway, "expire_session", _expired_whatever),
    "attempt_forgotten_in_a_crash": _together(
        _swap(Checkout, "handle", _taken_off_first), _swap(Checkout, "resume", _nothing)
    ),
    "message_marked_before_sent": _swap(Deliverer, "_one", _marked_before),
    "message_sent_twice": _swap(Deliverer, "_one", _sent_twice),
    "message_given_up_when_unsure": _swap(Deliverer, "_one", _given_up_when_unsure),
    "refund_without_a_word": _swap(outbox, "add", _no_messages),
    "dashboard_refund_ignored": _swap(Settlement, "_refund", _refund_ignored),
    "refund_known_by_nothing": _swap(deciding, "_same", _never_the_same),
    "refund_key_changes_on_retry": _keys_of_their_own("create_refund"),
    "half_given_back": _swap(deciding, "_give_back", _half_back),
    "alerts_never_opened": _swap(Outcomes, "alert", _nothing),
    "rollup_counts_refunds_twice": _swap(sales, "add", _counted_twice),
}
UNGUARDED = frozenset({"capacity_guard_off"})
"""Bugs that the database's own constraints would catch at once: they are planted with the constraints dropped."""
