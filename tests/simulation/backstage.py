"""What happens beside the customers: refunds and disputes in the dashboard, staff, a changed catalogue, strangers."""

import asyncio
import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from random import Random

import orjson
import tomli_w

from bot.domain.catalogue_entries import CatalogueMistakes
from bot.sandbox.stripe.deliveries import Dispatch
from bot.sandbox.stripe.results import JsonObject, NoSuchObjectError, NotPossibleError
from bot.sandbox.stripe.signing import signature_header
from bot.sandbox.telegram.state import Impossible
from tests.sandbox.world.client import PIXEL
from tests.simulation.clock import world_now
from tests.simulation.house import House
from tests.simulation.workshop import CATALOGUE

STAFF = 9001
COMMANDS = ("/sales", "/sales 7d", "/today", "/attention", "/attention", "/start")
PATH = "/v1/checkout/sessions"


class Backstage:
    """Everything that others than customers do, drawn one thing after the other."""

    def __init__(self, house: House, seed: int) -> None:
        self._house = house
        self._stripe, self._telegram = house.world.stripe, house.world.telegram
        self._chance = Random(f"{seed} backstage")
        self._account = self._stripe._account
        self._numbers = 0

    async def live(self) -> None:
        acts: tuple[tuple[Callable[[], Awaitable[None]], int], ...] = (
            (self._refund, 8),
            (self._refund_twice, 3),
            (self._dispute, 3),
            (self._fail_refund, 2),
            (self._refund_again, 3),
            (self._end_at_bank, 3),
            (self._command, 3),
            (self._close_item, 2),
            (self._import, 2),
            (self._strange_payment, 1),
            (self._forged_reference, 2),
            (self._wrong_mode, 2),
            (self._unsigned, 2),
            (self._altered, 2),
        )
        often = self._chance.choice((60, 120, 300, 900))
        while True:
            await asyncio.sleep(self._chance.uniform(1, 2 * often))
            (act,) = self._chance.choices([each for each, _ in acts], [weight for _, weight in acts])
            try:
                await act()
            except (NotPossibleError, NoSuchObjectError, Impossible) as error:
                self._note(f"in vain: {type(error).__name__}")

    # The dashboard and the banks

    def _payment(self) -> str | None:
        paid = [row.payment_intent for row in self._stripe.ledger() if row.captured > row.refunded]
        return self._chance.choice(paid) if paid else None

    async def _refund(self) -> None:
        payment = self._payment()
        if payment is not None:
            amount = self._chance.choice((None, None, 100, 900))
            self._stripe.refund_from_dashboard(payment, amount)
            self._note(f"refunds {payment[-6:]} {amount or 'in full'}")

    async def _refund_twice(self) -> None:
        """Two members of the staff at once, with halves or with the whole."""
        payment = self._payment()
        if payment is not None:
            for amount in self._chance.choice(((None, None), (1200, 1200), (500, None), (None, 700))):
                self._note(f"refunds {payment[-6:]} {amount or 'in full'}")
                self._stripe.refund_from_dashboard(payment, amount)
                await asyncio.sleep(self._chance.choice((0, 0.01, 1)))

    async def _dispute(self) -> None:
        payment = self._payment()
        if payment is not None:
            dispute = str(self._stripe.dispute(payment)["id"])
            self._note(f"disputes {payment[-6:]}")
            await asyncio.sleep(self._chance.uniform(1, 600))
            self._stripe.close_dispute(dispute, won=self._chance.random() < 0.5)

    async def _fail_refund(self) -> None:
        refunds = [str(each["id"]) for each in self._stripe.refunds() if each["status"] != "failed"]
        if refunds:
            chosen = self._chance.choice(refunds)
            self._note(f"refund {chosen[-6:]} comes back")
            self._stripe.fail_refund(chosen)

    async def _refund_again(self) -> None:
        """What comes back is sent once more, before anybody has heard of it."""
        refunds = [each for each in self._stripe.refunds() if each["status"] != "failed"]
        if refunds:
            chosen = self._chance.choice(refunds)
            self._note(f"refund {str(chosen['id'])[-6:]} comes back and is sent once more")
            self._stripe.fail_refund(str(chosen["id"]))
            self._stripe.refund_from_dashboard(str(chosen["payment_intent"]), int(str(chosen["amount"])))

    async def _end_at_bank(self) -> None:
        """A bank's word comes earlier than usual."""
        waiting = [each.id for each in self._account.sessions.values() if each.ends is not None]
        if waiting:
            chosen, succeed = self._chance.choice(waiting), self._chance.random() < 0.6
            self._note(f"the bank ends {chosen[-6:]}: {succeed}")
            self._stripe.settle_delayed(chosen, succeed=succeed)

    # Staff

    async def _command(self) -> None:
        self._telegram.say(STAFF, self._chance.choice(COMMANDS))

    async def _close_item(self) -> None:
        """Close an item of the attention list, twice at once."""
        self._telegram.say(STAFF, "/attention")
        await asyncio.sleep(5)
        for message in reversed(self._telegram.messages(STAFF)):
            for row in message.keyboard:
                for button in row:
                    if button.value.startswith("1:xc"):
                        for _ in range(2):
                            self._telegram.press(STAFF, message.id, data=button.value)
                        return

    async def _import(self) -> None:
        """The owner takes a changed catalogue: other prices, less room, something closed."""
        application = self._house.application
        if application is None or not self._house.up.is_set():
            return
        changed = self._changed_catalogue()

        async def take() -> None:
            catalogue = application.core.catalogue_import
            try:
                await catalogue.apply(await catalogue.plan(catalogue.read(changed), {"banner.png": PIXEL}))
            except CatalogueMistakes:
                self._note("the catalogue is refused")

        done = await self._house.within(take())
        self._note(f"catalogue changed: {done is not None}")

    def _changed_catalogue(self) -> bytes:
        document = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
        for resource in document["resource"]:
            for fare in resource["fare"]:
                if self._chance.random() < 0.3:
                    fare["price"] = self._chance.choice(("5.00", "12.50", "41.00"))
            if self._chance.random() < 0.3:
                resource["cancellation"] = []
            room = "stock" if resource["kind"] == "item" else "capacity"
            if self._chance.random() < 0.4:
                resource[room] = self._chance.choice((1, 2, 5))
        if self._chance.random() < 0.4:
            document["resource"].pop(self._chance.randrange(len(document["resource"])))
        return tomli_w.dumps(document).encode()

    # Strangers on the same Stripe account, and forgers

    async def _strange_payment(self) -> None:
        """Somebody else's checkout, with no mark of ours or with one of no order."""
        mark = {} if self._chance.random() < 0.5 else self._mark("ZZZZ-ZZ")
        self._pay_strange(mark)

    async def _forged_reference(self) -> None:
        """A checkout of our own mark that names an order of ours, for little money."""
        codes = [str(row[0]) for row in self._house.disk.rows("SELECT code FROM orders ORDER BY id")]
        if codes:
            self._pay_strange(self._mark(self._chance.choice(codes)))

    def _mark(self, code: str) -> dict[str, object]:
        mark = {
            "guichet_shop": self._house.world.secrets.bot_token.partition(":")[0],
            "guichet_order": code,
            "guichet_attempt": self._chance.choice(("1", "1", "2")),
        }
        return {"metadata": mark, "payment_intent_data": {"metadata": mark}}

    def _pay_strange(self, mark: dict[str, object]) -> None:
        price = {"currency": "eur", "unit_amount": "100", "product_data": {"name": "Something"}}
        params: dict[str, object] = {
            "mode": "payment",
            "success_url": "http://127.0.0.1:9/done",
            "line_items": {"0": {"quantity": "1", "price_data": price}},
            **mark,
        }
        headers = {"Authorization": f"Bearer {self._house.world.secrets.stripe_key}"}
        reply = self._stripe.call("POST", PATH, params, headers)
        session = str(reply.body["id"])
        result = self._stripe.pay(session, "success")
        self._house.strange.add(session)
        self._note(f"a strange payment {session[-6:]}, marked: {bool(mark)}, {result.outcome}")

    async def _wrong_mode(self) -> None:
        """An event of live mode about a session of ours says that it is paid."""
        session = self._open_session()
        if session is not None:
            shown = {**self._stripe.session(session), "status": "complete", "payment_status": "paid", "livemode": True}
            self._note(f"live mode says that {session[-6:]} is paid")
            await self._send_forged("checkout.session.completed", shown, self._house.world.secrets.webhook_secret)

    async def _unsigned(self) -> None:
        """Somebody who does not know the secret says that a session of ours is paid."""
        session = self._open_session()
        if session is not None:
            shown = {**self._stripe.session(session), "status": "complete", "payment_status": "paid"}
            self._note(f"a forger says that {session[-6:]} is paid")
            if await self._send_forged("checkout.session.completed", shown, "whsec_guessed") == 200:
                self._house.trace.violate("an event is taken from somebody who does not know the secret")

    async def _altered(self) -> None:
        """An open checkout comes to ask for another amount or another currency."""
        session = self._open_session()
        if session is None or not self._house.weather.enabled("stripe", "altered"):
            return
        self._house.trace.fault("stripe.altered", session[-6:])
        entity = self._account.sessions[session]
        if entity.promotion is not None:
            return
        if self._chance.random() < 0.5:
            entity.currency = "usd"
        else:
            first, *others = entity.items
            amount = max(100, first.unit_amount + self._chance.choice((-100, 100)))
            entity.items = (replace(first, unit_amount=amount), *others)

    def _open_session(self) -> str | None:
        """One that a customer can pay just now."""
        sessions = [
            each.id
            for each in self._account.sessions.values()
            if each.status == "open" and each.payment_intent is None and each.id not in self._house.strange
        ]
        return self._chance.choice(sessions) if sessions else None

    async def _send_forged(self, kind: str, subject: JsonObject, secret: str) -> int | None:
        self._numbers += 1
        event = {
            "id": f"evt_forged_{self._numbers}",
            "object": "event",
            "type": kind,
            "created": int(world_now().timestamp()),
            "data": {"object": subject},
        }
        self._house.forged.add(str(event["id"]))
        body = orjson.dumps(event)
        headers = {"Stripe-Signature": signature_header(body, (secret,), world_now())}
        return await self._house.deliver(Dispatch(0, str(event["id"]), "", body, headers), body)

    def _note(self, what: str) -> None:
        self._house.trace.note(f"backstage {what}")
