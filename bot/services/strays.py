"""Payments of no order: kept in the ledger, so that it agrees with Stripe's to the cent."""

from dataclasses import replace
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from bot.domain.facts import RefundFact
from bot.domain.orders import Payment, Reason, Refund
from bot.domain.refunds import moves_on
from bot.domain.reports import contribution_of_stray, difference
from storage import cases, refunds, sales, saving
from storage.database import Connection


class Strays:
    def __init__(self, chance: Random, zone: ZoneInfo) -> None:
        self._chance = chance
        self._zone = zone

    async def add_payment(self, connection: Connection, payment: Payment) -> None:
        """Keep a captured payment that is of no order; one that is known is left alone."""
        if await cases.is_payment_known(connection, payment.session_id):
            return
        await saving.add_payments(connection, [(None, payment)])
        await sales.add(connection, contribution_of_stray(payment, self._zone))

    async def add_refund(self, connection: Connection, fact: RefundFact, now: datetime) -> None:
        """Keep what was given back of such a payment; a refund's state only moves forward."""
        payment, before = await refunds.stray(connection, fact.payment_intent)
        new = Refund(None, fact.payment_intent, Reason.DASHBOARD, fact.state, fact.amount, fact.refund_id, fact.at)
        known = next((refund for refund in before if refund.stripe_id == fact.refund_id), None)
        if known is not None and not moves_on(known.state, fact.state):
            return
        kept = new if known is None else replace(known, state=fact.state)
        after = (*(refund for refund in before if refund is not known), kept)
        ids = {refund.id for refund in before}
        await saving.store_refunds(connection, after, ids, self._chance, now)
        await sales.add(
            connection,
            difference(
                contribution_of_stray(payment, self._zone, before), contribution_of_stray(payment, self._zone, after)
            ),
        )
