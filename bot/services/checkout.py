"""Asks Stripe about checkout attempts: makes sessions, finds lost ones, expires them, looks how they stand."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.domain.attempts import (
    LOOK_AGAIN,
    AttemptWork,
    Task,
    backoff,
    expiry_after_refusal,
    may_ask_anew,
    next_look,
    pause_before,
    session_expiry,
    task,
)
from bot.domain.effects import Alert, Concern, Outcome
from bot.domain.errors import Gone
from bot.domain.facts import SessionFact, SessionStatus
from bot.domain.ids import OrderId, SessionId
from bot.domain.orders import AttemptState, Case, Closing, State
from bot.domain.time import Clock
from bot.domain.unpaid import checkout_lost, checkout_refused, checkout_unmade, close, link_ready
from bot.payments.failures import OutcomeUnknown, Refused, ServerFailed
from bot.payments.gateway import Gateway
from bot.services.bells import Bells
from bot.services.checkout_parameters import CheckoutParameters
from bot.services.outcomes import Decided, Outcomes
from bot.services.settlement import Settlement
from storage import attempts, cases, orders
from storage.database import Connection, Database

log = structlog.get_logger()

LOOK_PATIENCE = 6.0
"""Seconds that a customer who taps "I have paid" waits for Stripe's answer."""
AROUND = timedelta(minutes=10)
"""Sessions are looked up this far around the time in which they can have been made: clocks differ."""


class Checkout:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        gateway: Gateway,
        settlement: Settlement,
        outcomes: Outcomes,
        parameters: CheckoutParameters,
        bells: Bells,
    ) -> None:
        self._database = database
        self._clock = clock
        self._gateway = gateway
        self._settlement = settlement
        self._outcomes = outcomes
        self._parameters = parameters
        self._bells = bells

    async def due(self, limit: int) -> list[AttemptWork]:
        async with self._database.read() as connection:
            return await attempts.due(connection, self._clock.now(), limit)

    async def first_due(self) -> tuple[datetime | None, datetime | None]:
        """When Stripe is or was first to be asked: about attempts, and about refunds, with one look at the database."""
        async with self._database.read() as connection:
            return await attempts.first_due(connection)

    async def next_due(self, after: datetime) -> datetime | None:
        async with self._database.read() as connection:
            return await attempts.next_due_after(connection, after)

    async def resume(self) -> None:
        """At start: ask about everything that is not resolved."""
        await self._database.run(lambda connection: attempts.look_at_all(connection, self._clock.now()))

    async def look_now(self, order_id: OrderId) -> State:
        """Ask Stripe about just this order, and return its state. Takes some seconds at most.

        Raises Gone, or a StripeFailure when Stripe does not answer.
        """
        async with self._database.read() as connection:
            work = await attempts.current(connection, order_id)
        if work is None:
            raise Gone
        if work.session_id is not None:
            await self._settle(work, await self._patiently(work.session_id))
        async with self._database.read() as connection:
            current = await attempts.current(connection, order_id)
        return current.order_state if current else work.order_state

    async def _patiently(self, session_id: SessionId) -> SessionFact:
        """Only Stripe's answer is not waited for too long: what is settled then is told, whoever has given up."""
        try:
            async with asyncio.timeout(LOOK_PATIENCE):
                return await self._gateway.session(session_id)
        except TimeoutError as error:
            raise OutcomeUnknown("no answer in time") from error

    async def handle(self, work: AttemptWork) -> None:
        """Do the next thing about an attempt, and put it where its outcome says."""
        try:
            await self._do(work)
        except OutcomeUnknown as unknown:
            await self._put_off(work, unknown.what, server_error=False)
        except ServerFailed as failed:
            await self._put_off(work, failed.what, server_error=True)
        except Refused as refused:
            if work.session_id is None and task(work, self._clock.now()) is Task.MAKE:
                await self._refused(work, refused)
            else:
                # A session that exists, or may exist, is not undone by an answer that we do not understand.
                await self._put_off(work, refused.what, server_error=False)
        self._bells.changed()

    async def _do(self, work: AttemptWork) -> None:
        match task(work, self._clock.now()):
            case Task.MAKE:
                await self._adopt(work, await self._gateway.create_session(work.parameters, work.idempotency_key))
            case Task.FIND:
                await self._find(work)
            case Task.EXPIRE if work.session_id is not None:
                await self._settle(work, await self._gateway.expire_session(work.session_id))
            case Task.LOOK:
                await self._look(work)
            case _:
                await self._database.run(lambda connection: attempts.ask_at(connection, work.id, None))

    async def _look(self, work: AttemptWork) -> None:
        if work.session_id is not None:
            await self._settle(work, await self._gateway.session(work.session_id))

    async def _settle(self, work: AttemptWork, fact: SessionFact) -> None:
        """Settle what Stripe answered."""

        async def save(connection: Connection) -> None:
            await self._settlement.settle_within(connection, [fact])
            await self._schedule(connection, work)

        await self._database.run(save)
        self._bells.changed()

    async def _schedule(self, connection: Connection, work: AttemptWork) -> None:
        """When to ask again, by what the attempt and its order are now."""
        now_is, now = await attempts.one(connection, work.id), self._clock.now()
        if now_is is not None:
            await attempts.ask_at(connection, work.id, next_look(now_is, now))

    async def _find(self, work: AttemptWork) -> None:
        now = self._clock.now()
        first, last = work.created_at - AROUND, min(now, work.expires_at) + AROUND
        found = await self._gateway.find_session(work.client_reference, first, last)
        if found is not None:
            await self._adopt(work, found)
        elif work.state is AttemptState.LOST:
            await self._database.run(partial(self._watch, work=work))
        else:
            await self._database.run(partial(self._lose, work=work))

    async def _adopt(self, work: AttemptWork, fact: SessionFact) -> None:
        """Stripe has a session for this attempt: keep its id and link, and settle what it already says."""

        async def save(connection: Connection) -> None:
            await orders.lock(connection, work.order_id)
            await attempts.made(connection, work.id, fact.session_id, fact.url, fact.expires_at)
            if fact.status is SessionStatus.OPEN:
                await self._save(connection, work, lambda case: link_ready(case, work.id))
            else:
                await self._settlement.settle_within(connection, [fact])
            await self._schedule(connection, work)

        await self._database.run(save)
        log.info("checkout.session_made", order=work.client_reference)

    async def _watch(self, connection: Connection, work: AttemptWork) -> None:
        """Nothing has surfaced of a lost attempt; after its expiry nothing can."""
        now = self._clock.now()
        if now < work.expires_at + AROUND:
            await attempts.ask_at(connection, work.id, now + LOOK_AGAIN)
        else:
            await attempts.never_made(connection, work.id)
            await attempts.ask_at(connection, work.id, None)

    async def _lose(self, connection: Connection, work: AttemptWork) -> None:
        now = self._clock.now()
        case = await self._save(connection, work, lambda case: checkout_lost(case, work.id, now))
        await attempts.ask_at(connection, work.id, now + LOOK_AGAIN)
        await self._once_more(connection, work, case, session_expiry(now, case.order.hold_until))

    async def _refused(self, work: AttemptWork, refused: Refused) -> None:
        log.warning("checkout.refused", order=work.client_reference, code=refused.code, parameter=refused.parameter)

        async def save(connection: Connection) -> None:
            if refused.parameter != "expires_at" or not await self._with_another_expiry(connection, work):
                await self._give_up(connection, work, refused.code or refused.parameter)

        await self._database.run(save)

    async def _with_another_expiry(self, connection: Connection, work: AttemptWork) -> bool:
        now = self._clock.now()
        case = (await cases.load(connection, [work.order_id]))[work.order_id]
        expires_at = expiry_after_refusal(work, case.order.hold_until, now)
        if expires_at is None:
            return False
        case = await self._save(connection, work, lambda case: checkout_unmade(case, work.id, now))
        await self._once_more(connection, work, case, expires_at)
        return True

    async def _give_up(self, connection: Connection, work: AttemptWork, note: str) -> None:
        now = self._clock.now()
        await self._save(connection, work, lambda case: checkout_refused(case, work.id, now))
        await attempts.note(connection, work.id, note)
        if note != "amount_too_small":
            alert = Alert(Concern.REFUSED_CHECKOUT, f"refused:{work.client_reference}", detail=note)
            await self._outcomes.alert(connection, alert, work.order_id, now)

    async def _once_more(self, connection: Connection, work: AttemptWork, case: Case, expires_at: datetime) -> None:
        """Another attempt under a new key while the hold lasts; without one the order is closed."""
        now, order = self._clock.now(), case.order
        if may_ask_anew(work, order.closing, order.hold_until, now) and order.state is State.HELD:
            number = work.number + 1
            attempt = self._parameters.next(order.id, work.parameters, number, expires_at, now)
            await attempts.add(connection, attempt, pause_before(number))
        else:
            await self._save(connection, work, lambda case: close(case, Closing.DEADLINE, now))

    async def _save(self, connection: Connection, work: AttemptWork, decide: Callable[[Case], Outcome]) -> Case:
        case = (await cases.load(connection, [work.order_id]))[work.order_id]
        outcome = decide(case)
        await self._outcomes.save(connection, [Decided(case, outcome)], self._clock.now())
        return outcome.case

    async def _put_off(self, work: AttemptWork, what: str, *, server_error: bool) -> None:
        when = self._clock.now() + backoff(work.tries)
        log.warning("checkout.put_off", order=work.client_reference, error=what)
        await self._database.run(lambda connection: attempts.put_off(connection, work, when, server_error=server_error))
