"""The control API for money: sessions, payments, refunds and disputes, events and how they are delivered."""

from collections.abc import Iterable
from datetime import timedelta

from aiohttp import web

from bot.sandbox.fields import Fields, WrongFieldError
from bot.sandbox.snapshot import delivery_view, ledger_rows, session_stage
from bot.sandbox.stripe.deliveries import Mode
from bot.sandbox.wiring import answer, body_fields
from bot.sandbox.world import World


class Money:
    """Every change goes through the simulated Stripe, which makes the events that belong to it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._stripe = world.stripe
        self._deliveries = world.stripe.deliveries

    def routes(self) -> Iterable[web.RouteDef]:
        return (
            web.get("/control/sessions", self.sessions),
            web.post("/control/sessions/{id}/pay", self.pay),
            web.post("/control/sessions/{id}/confirm", self.confirm),
            web.post("/control/sessions/{id}/settle", self.settle),
            web.post("/control/sessions/{id}/expire", self.expire),
            web.get("/control/ledger", self.ledger),
            web.get("/control/refunds", self.refunds),
            web.get("/control/disputes", self.disputes),
            web.post("/control/payments/{id}/refund", self.refund),
            web.post("/control/payments/{id}/dispute", self.dispute),
            web.post("/control/refunds/{id}/fail", self.fail_refund),
            web.post("/control/refunds/{id}/settle", self.settle_refund),
            web.post("/control/disputes/{id}/close", self.close_dispute),
            web.get("/control/events", self.events),
            web.post("/control/events/{id}/send", self.send),
            web.get("/control/webhooks", self.webhooks),
            web.post("/control/webhooks", self.deliver),
            web.post("/control/webhooks/release", self.release),
        )

    async def sessions(self, _: web.Request) -> web.Response:
        stage = session_stage(self._stripe)
        return answer({"sessions": [{**each, "stage": stage(each)} for each in self._stripe.sessions()]})

    async def pay(self, request: web.Request) -> web.Response:
        fields = await body_fields(request)
        card = fields.text("card", "success", longest=40)
        name, email, phone, code = (_optional(fields, each) for each in ("name", "email", "phone", "code"))
        fields.done()
        session = request.match_info["id"]
        if code is not None:
            self._stripe.enter_code(session, code)
        return answer(self._stripe.pay(session, card, name=name, email=email, phone=phone))

    async def confirm(self, request: web.Request) -> web.Response:
        """The bank's second step."""
        fields = await body_fields(request)
        ok = fields.flag("ok", default=True)
        fields.done()
        return answer(self._stripe.confirm(request.match_info["id"], ok=ok))

    async def settle(self, request: web.Request) -> web.Response:
        """End a payment by a delayed method now."""
        fields = await body_fields(request)
        succeed = fields.flag("succeed", default=True)
        fields.done()
        self._stripe.settle_delayed(request.match_info["id"], succeed=succeed)
        return answer({"settled": succeed})

    async def expire(self, request: web.Request) -> web.Response:
        return answer(self._stripe.expire_session(request.match_info["id"]))

    async def ledger(self, _: web.Request) -> web.Response:
        return answer({"ledger": ledger_rows(self._stripe)})

    async def refunds(self, _: web.Request) -> web.Response:
        return answer({"refunds": self._stripe.refunds()})

    async def disputes(self, _: web.Request) -> web.Response:
        return answer({"disputes": self._stripe.disputes()})

    async def refund(self, request: web.Request) -> web.Response:
        """A refund made in the dashboard, of all that is left or of `amount`."""
        amount = await _amount(request)
        return answer(self._stripe.refund_from_dashboard(request.match_info["id"], amount))

    async def dispute(self, request: web.Request) -> web.Response:
        amount = await _amount(request)
        return answer(self._stripe.dispute(request.match_info["id"], amount))

    async def fail_refund(self, request: web.Request) -> web.Response:
        return answer(self._stripe.fail_refund(request.match_info["id"]))

    async def settle_refund(self, request: web.Request) -> web.Response:
        return answer(self._stripe.settle_refund(request.match_info["id"]))

    async def close_dispute(self, request: web.Request) -> web.Response:
        fields = await body_fields(request)
        won = fields.flag("won")
        fields.done()
        return answer(self._stripe.close_dispute(request.match_info["id"], won=won))

    async def events(self, _: web.Request) -> web.Response:
        """All events, newest first, each with its deliveries."""
        found = [
            {**event, "deliveries": [delivery_view(each) for each in self._deliveries.of(str(event["id"]))]}
            for event in self._stripe.events()
        ]
        return answer({"events": found})

    async def send(self, request: web.Request) -> web.Response:
        """Deliver an event once more, whatever the mode."""
        self._deliveries.send_again(request.match_info["id"])
        return answer({"sent": request.match_info["id"]})

    async def webhooks(self, _: web.Request) -> web.Response:
        urls = [endpoint.url for endpoint in self._deliveries.endpoints()]
        delay = self._deliveries.delay.total_seconds()
        return answer({"mode": self._deliveries.mode, "delay_seconds": delay, "urls": urls})

    async def deliver(self, request: web.Request) -> web.Response:
        """How events are delivered from now on, and to which application (`web_url`)."""
        fields = await body_fields(request)
        mode = fields.choice("mode", Mode, self._deliveries.mode)
        late = fields.number("delay_seconds", self._deliveries.delay.total_seconds(), least=0, most=604800)
        web_url = fields.text("web_url", "")
        fields.done()
        try:
            self._world.register_webhook(web_url) if web_url else None
        except ValueError as error:
            raise WrongFieldError(f"The field web_url cannot be used: {error}.") from error
        self._deliveries.mode, self._deliveries.delay = mode, timedelta(seconds=late)
        return await self.webhooks(request)

    async def release(self, request: web.Request) -> web.Response:
        """Send what was held, all of it or one event's."""
        fields = await body_fields(request)
        event = _optional(fields, "event")
        fields.done()
        return answer({"released": self._deliveries.release(event)})


def _optional(fields: Fields, name: str) -> str | None:
    return fields.text(name, longest=512) if fields.has(name) else None


async def _amount(request: web.Request) -> int | None:
    fields = await body_fields(request)
    amount = fields.whole("amount", least=1) if fields.has("amount") else None
    fields.done()
    return amount
