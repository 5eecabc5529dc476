"""Finds Stripe's receipt for what a customer has paid; its address is asked for each time and kept nowhere."""

import asyncio

from bot.domain.errors import Gone, NoAnswer
from bot.domain.ids import BookingId, CustomerId
from bot.payments.failures import StripeFailure
from bot.payments.gateway import Gateway
from storage import bookings
from storage.database import Database

PATIENCE = 8.0
"""Real seconds that somebody waits for an answer."""


class Receipts:
    def __init__(self, database: Database, gateway: Gateway) -> None:
        self._database = database
        self._gateway = gateway

    async def address(self, customer: CustomerId, booking_id: BookingId) -> str:
        """Where the receipt is shown; raises Gone for a stranger's booking, NoAnswer where Stripe says nothing."""
        async with self._database.read() as connection:
            payment_intent = await bookings.paid_by(connection, booking_id, customer)
        if payment_intent is None:
            raise Gone
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._gateway.receipt(payment_intent)
        except (StripeFailure, TimeoutError) as error:
            raise NoAnswer from error
        if found is None:
            raise NoAnswer
        return found
