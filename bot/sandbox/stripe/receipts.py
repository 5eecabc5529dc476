"""The page that a charge's `receipt_url` names."""

from html import escape

from aiohttp import web

from bot.sandbox.stripe.currencies import in_words
from bot.sandbox.stripe.model import Stripe
from bot.sandbox.stripe.results import NoSuchObjectError

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Receipt</title></head>
<body style="margin:0;font:16px/1.5 system-ui,sans-serif"><main style="max-width:30rem;margin:0 auto;padding:2rem 1rem">
<p><strong>Sandbox, no real money</strong></p><h1>Receipt</h1>
<p id="amount">Paid {paid}</p><p>{refunded}</p><p>{email}</p><p>{charge}</p></main></body></html>
"""


class ReceiptPage:
    """`/stripe/receipts/{charge}`."""

    def __init__(self, stripe: Stripe) -> None:
        self._stripe = stripe

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/stripe/receipts/{charge}", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        try:
            charge = self._stripe.charge(request.match_info["charge"])
        except NoSuchObjectError as error:
            raise web.HTTPNotFound from error
        refunded = f"Refunded {in_words(charge.refunded, charge.currency)}" if charge.refunded else ""
        paid = in_words(charge.amount, charge.currency)
        text = PAGE.format(paid=paid, refunded=refunded, email=escape(charge.customer.email), charge=escape(charge.id))
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return web.Response(text=text, content_type="text/html", headers=policy)
