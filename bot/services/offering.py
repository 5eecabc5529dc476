"""Gives seats that come free to those who wait for them, before anybody else can see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.domain.ids import InventoryId, nonce, public_code, secret_token
from bot.domain.orders import Origin
from bot.domain.outbox import Lane
from bot.domain.refund_rules import Rules
from bot.domain.selection import Offer, Selection
from bot.domain.waiting import Entry, Grant, grants, offered_until
from bot.services import waiting_ends
from bot.services.bells import Bells
from bot.services.links import Links
from bot.services.wanted import said_before, use_up
from storage import catalogue, orders, outbox, waiting
from storage.database import Connection

WAITING_ENDED = "waiting_ended"


@dataclass(frozen=True)
class OfferRules:
    """`lasts`: how long somebody who waited has to pay."""

    currency: str
    lasts: timedelta
    cancellation: Rules = ()


class Offering:
    """Always a part of the transaction that frees the seats, which have been locked in it.

    An offer is an order like any other, so that its seats are taken, its link is asked for and its deadline is kept.
    """

    def __init__(self, chance: Random, rules: OfferRules, links: Links, bells: Bells) -> None:
        self._chance = chance
        self._rules = rules
        self._links = links
        self._bells = bells

    async def offer(self, connection: Connection, freed: Collection[InventoryId], now: datetime) -> None:
        """Whoever is first in line for what has come free, and fits, holds it from now on."""
        lines = await waiting.lines(connection, freed) if freed else {}
        for row, line in sorted(lines.items()):
            await self._offer(connection, row, line, now)

    async def catch_up(self, connection: Connection, now: datetime) -> None:
        """The same for every slot, whatever has freed its seats; lists of what cannot be bought any more end.

        Whoever goes on waiting hears of it when sales end, as things are now.
        """
        await self._end(connection, await waiting.of_withdrawn(connection), now)
        await self.offer(connection, await waiting.awaited(connection), now)
        await waiting_ends.plan(connection, now)

    def made(self) -> None:
        """Rings for who has to do with offers; for those callers who ring for nobody."""
        self._bells.all()

    async def _offer(self, connection: Connection, row: InventoryId, line: Sequence[Entry], now: datetime) -> None:
        found = await catalogue.offer(connection, row, self._rules.currency)
        if found is None or found.closes_at is None or not found.left:
            return
        until = offered_until(now, found.closes_at, self._rules.lasts, line[0].time_zone)
        if until is None:
            return
        for grant in grants(line, found.ruled(self._rules.cancellation), now):
            await self._place(connection, grant, found, until, now)

    async def _place(self, connection: Connection, grant: Grant, offer: Offer, until: datetime, now: datetime) -> None:
        entry = grant.entry
        said = await said_before(connection, entry.customer_id, offer, Selection(offer.inventory_id, entry.counts))
        order = orders.NewOrder(
            code=public_code(self._chance),
            customer_id=entry.customer_id,
            nonce=nonce(self._chance),
            total=grant.quote.total,
            language=entry.language,
            return_token=secret_token(self._chance),
            placed_at=now,
            hold_until=until,
            origin=Origin.OFFER,
        )
        order_id = await orders.place(connection, order, grant.quote.lines)
        await self._links.ask(connection, order_id, order, now)
        await waiting.remove(connection, entry.id)
        await use_up(connection, entry.customer_id, order_id, said, basket=False)
        self._bells.deadlines_may_come()

    async def _end(self, connection: Connection, rows: Collection[InventoryId], now: datetime) -> None:
        left = await waiting.end(connection, rows) if rows else []
        told = [_ended(each, now) for each in left]
        await outbox.add(connection, told, now)


def _ended(left: waiting.Left, now: datetime) -> outbox.NewMessage:
    """All that is to be said, since the slot itself may be gone."""
    about: dict[str, object] = {
        "language": left.language,
        "name": dict(left.name),
        "starts_at": left.starts_at.isoformat(),
        "time_zone": left.time_zone,
    }
    return outbox.NewMessage(f"{WAITING_ENDED}:{left.id}", left.chat_id, WAITING_ENDED, about, Lane.CUSTOMER, now)
