"""Gives money back: asks Stripe for each stored refund, once, and looks up refunds that were made elsewhere."""

from datetime import datetime

import structlog

from bot.domain.attempts import KEY_REMEMBERED, LOOK_AGAIN, SERVER_ERRORS, backoff
from bot.domain.facts import RefundFact
from bot.domain.ids import PaymentId
from bot.domain.orders import RefundState
from bot.domain.time import Clock
from bot.payments.failures import OutcomeUnknown, Refused, ServerFailed, StripeFailure
from bot.payments.gateway import Gateway
from bot.services.bells import Bells
from bot.services.settlement import Settlement
from storage import refunds
from storage.database import Connection, Database
from storage.refunds import RefundWork

log = structlog.get_logger()


class Refunds:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        gateway: Gateway,
        settlement: Settlement,
        bells: Bells,
        shop_mark: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._gateway = gateway
        self._settlement = settlement
        self._bells = bells
        self._shop_mark = shop_mark

    async def due(self, limit: int) -> list[RefundWork]:
        async with self._database.read() as connection:
            return await refunds.due(connection, self._clock.now(), limit)

    async def looks_due(self, limit: int) -> list[tuple[PaymentId, str]]:
        async with self._database.read() as connection:
            return await refunds.looks_due(connection, self._clock.now(), limit)

    async def next_due(self, after: datetime) -> datetime | None:
        async with self._database.read() as connection:
            return await refunds.next_due_after(connection, after)

    async def handle(self, work: RefundWork) -> None:
        """Ask Stripe for one refund, under its own key, and settle the answer."""
        try:
            fact = await self._asked(work)
        except Refused as refused:
            log.warning("refund.refused", refund_id=work.id, code=refused.code)
            fact = self._failed(work)
        except OutcomeUnknown as unknown:
            await self._put_off(work, unknown.what)
            return
        except ServerFailed as failed:
            await self._put_off(work, failed.what, new_key=work.tries + 1 >= SERVER_ERRORS)
            return
        await self._answered(work, fact)

    async def look(self, payment_id: PaymentId, payment_intent: str) -> None:
        """Settle the refunds that Stripe has for a payment."""
        try:
            facts = await self._gateway.refunds_of(payment_intent)
        except StripeFailure as error:
            log.warning("refund.look_failed", payment_id=payment_id, error=type(error).__name__)
            await self._looked(payment_id, self._clock.now() + LOOK_AGAIN)
            return
        await self._settlement.settle(facts)
        await self._looked(payment_id, None)

    async def _asked(self, work: RefundWork) -> RefundFact:
        """Stripe's refund for this row: looked up where the key may be forgotten or stuck on a stored 5xx."""
        if work.tries >= SERVER_ERRORS or self._clock.now() - work.created_at > KEY_REMEMBERED:
            known = await self._gateway.refunds_of(work.payment_intent)
            mine = next((fact for fact in known if fact.ours == work.id), None)
            if mine is not None:
                return mine
        parameters = {
            "payment_intent": work.payment_intent,
            "amount": work.amount.minor,
            "metadata": {
                "guichet_shop": self._shop_mark,
                "guichet_order": work.order_code,
                "guichet_refund": str(work.id),
            },
        }
        return await self._gateway.create_refund(parameters, work.idempotency_key)

    def _failed(self, work: RefundWork) -> RefundFact:
        return RefundFact("", work.payment_intent, work.id, work.amount, RefundState.FAILED, self._clock.now())

    async def _answered(self, work: RefundWork, fact: RefundFact) -> None:
        async def save(connection: Connection) -> None:
            await self._settlement.settle_own_refund(connection, work.id, fact)
            await refunds.answered(connection, work.id)

        await self._database.run(save)
        self._bells.changed()

    async def _put_off(self, work: RefundWork, what: str, *, new_key: bool = False) -> None:
        """Later; under a new key where the old one is stuck on a stored 5xx (what it did is looked up first)."""
        log.warning("refund.put_off", refund_id=work.id, error=what)
        when = self._clock.now() + backoff(work.tries)
        key = f"{work.idempotency_key.partition('.')[0]}.{work.tries + 1}" if new_key else work.idempotency_key
        await self._database.run(lambda connection: refunds.put_off(connection, work, when, key))

    async def _looked(self, payment_id: PaymentId, next_look: datetime | None) -> None:
        await self._database.run(lambda connection: refunds.looked(connection, payment_id, next_look))
