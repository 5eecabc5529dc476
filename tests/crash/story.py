"""A short day of the shop: one buys and gets some money back, one cancels, one pays late, one by bank, one forgets."""

import asyncio
from random import Random

from tests.crash.customers import Customer
from tests.crash.scene import CUSTOMERS, Scene
from tests.simulation.offers import Offer, offers

QUIET = (400.0, 3 * 3600.0, *(4 * (24 * 3600.0,)))
"""Seconds: in these steps four days pass when everything is told."""
STATE = "SELECT state FROM orders JOIN customer ON customer.id = customer_id WHERE telegram_id = ? ORDER BY orders.id"
REFUNDS = "SELECT count(*) FROM refund WHERE state IN ('pending', 'succeeded')"
STORMY = 0.2  # real seconds; each word is a question, and a customer has only so many waiting
CARDS = ("success", "success", "second_step")


class Story:
    def __init__(self, scene: Scene, seed: int) -> None:
        self._scene, self._stripe = scene, scene.world.stripe
        self._chance = Random(f"{seed} story")
        self._offers = {offer.slug: offer for offer in offers(scene.house.disk)}
        self._customers = [Customer(scene, person.id) for person in CUSTOMERS]

    async def tell(self) -> None:
        first, late, second, bank, gone, forgetful = self._customers
        others = (self._by_bank(bank), self._cancels(gone), self._holds(forgetful))
        await asyncio.gather(self._buys(first), self._late(late, second), *others)

    async def tell_in_brief(self, *, with_refund: bool) -> None:
        """One buys, or one pays late."""
        first, late, second, *_ = self._customers
        await (self._late(late, second) if with_refund else self._buys(first))

    async def storm(self) -> None:
        """Everybody writes, and Stripe sends what it has sent, as long as it lasts."""
        telegram, deliveries = self._scene.world.telegram, self._stripe.deliveries
        while True:
            telegram.say(self._chance.choice(CUSTOMERS).id, "Hello?")
            for event in self._stripe.events()[:3]:
                deliveries.send_again(str(event["id"]))
            await asyncio.sleep(STORMY)

    async def _pause(self) -> None:
        await asyncio.sleep(self._chance.uniform(0, 0.05))

    def _offer(self, slug: str) -> Offer:
        return self._offers[slug]

    async def _holds(self, customer: Customer, slug: str = "sunrise", count: int = 1) -> str | None:
        await self._pause()
        return await customer.holds(self._offer(slug), count)

    async def _buys(self, customer: Customer) -> None:
        """Asks too early, pays, and gets a part of it back."""
        session = await self._holds(customer, count=2)
        if session is None:
            return
        await customer.says_paid()
        if customer.pays(session, self._chance.choice(CARDS)) and await customer.is_booked():
            await self._refunded(session)

    async def _refunded(self, session: str) -> None:
        """Some euros go back from the dashboard."""
        known = self._refunds()
        (intent,) = (row.payment_intent for row in self._stripe.ledger() if row.session == session)
        self._stripe.refund_from_dashboard(intent, 1000)
        await self._scene.shown(lambda: self._refunds() > known or None)

    async def _late(self, late: Customer, second: Customer) -> None:
        """One cancels the last seat, another buys it, and then Stripe says that the first has paid all the same."""
        session = await self._holds(late, "kayak")
        if session is None or not await self._given_up(late):
            return
        other = await self._holds(second, "kayak")
        if other and second.pays(other) and await second.is_booked() and self._reopened(session):
            known = self._refunds()
            late.pays(session)
            await self._scene.shown(lambda: self._refunds() > known or None)

    def _reopened(self, session: str) -> bool:
        entity = self._stripe._account.sessions[session]
        if entity.expires_at <= self._scene.world.clock.now():
            return False
        entity.status = "open"
        return True

    async def _by_bank(self, customer: Customer) -> None:
        session = await self._holds(customer, "lantern")
        if session and customer.pays(session, "sepa_debit_ok"):
            await self._scene.shown(lambda: self._state(customer) == "processing" or None)
            self._stripe.settle_delayed(session, succeed=True)
            await customer.is_booked()

    async def _cancels(self, customer: Customer) -> None:
        if await self._holds(customer, "lantern"):
            await self._given_up(customer)

    async def _given_up(self, customer: Customer) -> bool | None:
        return await customer.cancels(lambda: self._state(customer) in {"cancelled", "expired"} or None)

    def _state(self, customer: Customer) -> str:
        states = self._scene.house.disk.rows(STATE, customer.user)
        return str(states[-1][0]) if states else ""

    def _refunds(self) -> int:
        return int(str(self._scene.house.disk.rows(REFUNDS)[0][0]))


async def four_days(scene: Scene) -> None:
    """Nothing goes wrong any more."""
    for seconds in QUIET:
        await scene.advance(seconds=seconds)
    for event in scene.world.stripe.events():
        scene.world.stripe.deliveries.send_again(str(event["id"]))
    await scene.advance(seconds=30)
