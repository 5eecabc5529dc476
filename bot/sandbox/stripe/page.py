"""The hosted payment page of the simulated Stripe; it works without JavaScript."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from aiohttp import web
from babel import Locale
from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader

from bot.sandbox.stripe.cards import CARDS
from bot.sandbox.stripe.courier import Courier
from bot.sandbox.stripe.currencies import decimals
from bot.sandbox.stripe.errors import Refusal
from bot.sandbox.stripe.fields import Fields
from bot.sandbox.stripe.model import Stripe
from bot.sandbox.stripe.parameters import mail_address
from bot.sandbox.stripe.results import NoSuchObjectError, NotPossibleError, Outcome, PayResult
from bot.sandbox.stripe.words import locale_of, words_of


@dataclass(frozen=True)
class Line:
    name: str
    description: str | None
    image: str | None
    quantity: str
    total: str


@dataclass(frozen=True)
class Choice:
    """A test card that can be filled in with one tap."""

    slot: str
    label: str
    number: str


@dataclass(frozen=True)
class Checkout:
    """A session in the words and numbers of the person who looks at it."""

    session: Fields
    locale: Locale

    @property
    def words(self) -> Mapping[str, str]:
        return words_of(self.locale)

    def amount(self, minor: int) -> str:
        currency = self.session.text("currency") or "eur"
        value = Decimal(minor).scaleb(-decimals(currency))
        return format_currency(value, currency.upper(), locale=self.locale)

    @property
    def total(self) -> str:
        return self.amount(self.session.whole("amount_total") or 0)

    @property
    def subtotal(self) -> str:
        return self.amount(self.session.whole("amount_subtotal") or 0)

    @property
    def discount(self) -> str:
        """What a code has taken off; empty: nothing."""
        minor = self.session.sub("total_details").whole("amount_discount")
        return f"−{self.amount(minor)}" if minor else ""

    @property
    def takes_codes(self) -> bool:
        return bool(self.session.flag("allow_promotion_codes"))

    @property
    def free(self) -> bool:
        return self.session.whole("amount_total") == 0

    @property
    def button(self) -> str:
        kind = self.session.text("submit_type")
        name = "free" if self.free else kind if kind in {"book", "donate"} else "pay"
        return self.words[name].format(amount=self.total)

    @property
    def asks_name(self) -> bool:
        return bool(self.session.sub("name_collection").sub("individual").flag("enabled"))

    @property
    def asks_phone(self) -> bool:
        return bool(self.session.sub("phone_number_collection").flag("enabled"))

    @property
    def lines(self) -> list[Line]:
        return [self._line(item) for item in self.session.sub("line_items").subs("data")]

    @property
    def choices(self) -> list[Choice]:
        debits = len(self.session.texts("payment_method_types")) > 1
        offered = [card for card in CARDS if card.slot != "second_step_always" and (debits or not card.delayed)]
        return [Choice(card.slot, self.words[card.slot], card.number) for card in offered]

    def _line(self, item: Fields) -> Line:
        product = item.sub("sandbox_product")
        count, total = item.whole("quantity") or 1, item.whole("amount_total") or 0
        each = self.amount(item.sub("price").whole("unit_amount") or 0)
        return Line(
            name=item.text("description") or "",
            description=product.text("description"),
            image=next(iter(product.texts("images")), None),
            quantity=self.words["quantity"].format(count=count, each=each),
            total=self.amount(total),
        )


class PayPage:
    """`/stripe/pay/{session}`."""

    def __init__(self, stripe: Stripe, courier: Courier) -> None:
        self._stripe = stripe
        self._courier = courier
        templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
        self._template = templates.get_template("pay.html")

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/stripe/pay/{session}", self.show), web.post("/stripe/pay/{session}", self.press)]

    async def show(self, request: web.Request) -> web.Response:
        checkout = self._checkout(request)
        return self._unknown(request) if checkout is None else self._page(checkout)

    async def press(self, request: web.Request) -> web.Response:
        """A press of any button on the page."""
        checkout = self._checkout(request)
        if checkout is None:
            return self._unknown(request)
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        if "apply" in form:
            return self._with_code(request, form)
        if "fill" in form:
            return self._page(checkout, {**form, "card": form["fill"]})
        if checkout.session.text("status") == "open" and "step" not in form and (missing := _missing(checkout, form)):
            return self._page(checkout, form, missing)
        return await self._follow(request, form, self._attempt(request.match_info["session"], form))

    def _with_code(self, request: web.Request, form: Mapping[str, str]) -> web.Response:
        """The page after a code was entered, with the new total or with why not."""
        checkout = self._checkout(request)
        message = ""
        try:
            self._stripe.enter_code(request.match_info["session"], form.get("code", ""))
        except NotPossibleError:
            message = checkout.words["bad_code"] if checkout else ""
        changed = self._checkout(request)
        return self._unknown(request) if changed is None else self._page(changed, form, message)

    def _attempt(self, session_id: str, form: Mapping[str, str]) -> PayResult:
        try:
            if "step" in form:
                return self._stripe.confirm(session_id, ok=form["step"] == "complete")
        except NotPossibleError:
            return PayResult(Outcome.OVER)
        name, email, phone = (form.get(field, "").strip() or None for field in ("name", "email", "phone"))
        return self._stripe.pay(session_id, form.get("card", ""), name=name, email=email, phone=phone)

    async def _follow(self, request: web.Request, form: Mapping[str, str], result: PayResult) -> web.Response:
        """Where an attempt leads: on, to the bank's question, or back to the form."""
        if result.redirect_url is not None:
            if result.event_id is not None:
                await self._courier.answered(result.event_id)
            return web.Response(status=303, headers={"Location": result.redirect_url})
        checkout = self._checkout(request)
        if checkout is not None and result.outcome is Outcome.DECLINED:
            return self._page(checkout, form, _message(checkout, result))
        return web.Response(status=303, headers={"Location": request.path})

    def _checkout(self, request: web.Request) -> Checkout | None:
        try:
            session = Fields(self._stripe.page_of(request.match_info["session"]))
        except NoSuchObjectError:
            return None
        locale = locale_of(session.text("locale"), request.headers.get("Accept-Language", ""))
        return Checkout(session, locale)

    def _page(self, checkout: Checkout, form: Mapping[str, str] | None = None, message: str = "") -> web.Response:
        session = checkout.session
        state = session.text("status") or "unknown"
        if self._stripe.asks_to_confirm(session.text("id") or ""):
            state = "step"
        typed = session.sub("sandbox_typed")
        known = {name: typed.text(name) or "" for name in ("email", "name", "phone")}
        text = self._template.render(
            checkout=checkout,
            words=checkout.words,
            language=str(checkout.locale).replace("_", "-"),
            state=state,
            form={**known, **(form or {})},
            message=message,
            codes=self._stripe.codes(),
            processing=session.text("payment_status") == "unpaid",
            success_url=(session.text("success_url") or "").replace("{CHECKOUT_SESSION_ID}", session.text("id") or ""),
        )
        return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})

    def _unknown(self, request: web.Request) -> web.Response:
        locale = locale_of(None, request.headers.get("Accept-Language", ""))
        words = words_of(locale)
        text = self._template.render(state="unknown", words=words, language=locale.language, checkout=None)
        return web.Response(status=404, text=text, content_type="text/html")


def _missing(checkout: Checkout, form: Mapping[str, str]) -> str:
    """What the form lacks, in the customer's words; empty: nothing."""
    try:
        mail_address(form.get("email", "").strip(), "email")
    except Refusal:
        return checkout.words["fill_email"]
    return "" if checkout.free or form.get("card", "").strip() else checkout.words["fill_card"]


def _message(checkout: Checkout, result: PayResult) -> str:
    name = "no_funds" if result.code == "insufficient_funds" else result.code
    return checkout.words.get(name, result.message)
