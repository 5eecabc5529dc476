"""Watches a run: every state of an order and every message is held against what Stripe knows at that moment."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape

from bot.sandbox.telegram.wire import Reply
from handlers.texts import Translations
from tests.simulation.clock import world_now
from tests.simulation.house import House
from tests.simulation.phone_line import MESSAGES

TICKET = ("You are booked", "It is yours")
NOTHING_CHARGED = (
    "Cancelled · nothing was charged",
    "It was released at {time}, and nothing was charged.",
    "Released at {time} · nothing was charged",
)
REMINDED = ("Today at {time}", "Tomorrow at {time}")
PAID = ("Paid · your ticket is below", "Paid · your tickets are below")
ON_ITS_WAY = timedelta(seconds=60)
QUIET = ("getMe", "setMyCommands", "deleteWebhook")
RELEASED = ("expired", "cancelled", "failed")
ORDERS = "SELECT id, code, state FROM orders"
SESSIONS = "SELECT session_id FROM checkout_attempt WHERE order_id = ? AND session_id IS NOT NULL ORDER BY id"
OVERSOLD = "SELECT count(*) FROM inventory WHERE taken < 0 OR taken > capacity"
OVERPROMISED = "SELECT count(*) FROM payment WHERE refund_claimed < 0 OR refund_claimed > amount"
OVERCANCELLED = """SELECT refund.id FROM refund JOIN payment ON payment.id = payment_id
WHERE reason = 'cancelled' AND payment.amount < (SELECT sum(earlier.amount) FROM refund AS earlier
WHERE earlier.payment_id = payment.id AND earlier.state <> 'failed' AND earlier.id <= refund.id)"""
KNOWN = "SELECT id, telegram_id FROM customer WHERE telegram_id IS NOT NULL"
NOBODYS = """SELECT orders.code, booking.code FROM orders JOIN customer ON customer.id = orders.customer_id
LEFT JOIN booking ON booking.order_id = orders.id WHERE telegram_id IS NULL"""
CARD = """SELECT orders.code FROM orders JOIN customer ON customer.id = customer_id
WHERE telegram_id = ? AND card_message_id = ?"""
AHEAD = """SELECT 1 FROM booking JOIN inventory ON inventory.id = inventory_id
WHERE booking.code = ? AND status = 'confirmed' AND julianday(starts_at, '+1 minute') > julianday(?)"""
BOOKED = "SELECT orders.code FROM booking JOIN orders ON orders.id = order_id WHERE booking.code = ?"


class Witness:
    """`unsure`: messages per chat of which the bot does not know that they arrived.

    `tickets` and `reminders`: per booking code; `reminded`: with the words as well.
    `forgotten`: when whoever has this chat was erased.
    """

    def __init__(self, house: House, translations: Translations) -> None:
        self._house = house
        self._states: dict[object, object] = {}
        self.unsure: Counter[int] = Counter()
        self.tickets: Counter[str] = Counter()
        self.reminders: Counter[str] = Counter()
        self.reminded: Counter[tuple[str, str]] = Counter()
        self.forgotten: dict[int, datetime] = {}
        self._known: dict[object, int] = {}
        spoken = [translations.for_(language) for language in translations.languages]
        self._says: dict[tuple[str, ...], tuple[str, ...]] = {
            phrases: tuple(texts.gettext(each).partition("{time}")[0] for texts in spoken for each in phrases)
            for phrases in (TICKET, NOTHING_CHARGED, PAID, REMINDED)
        }
        house.on_commit.append(self.look)
        house.effect = self.heard

    # What the shop writes down

    def look(self) -> None:
        """After every commit."""
        house = self._house
        for order_id, code, state in house.disk.rows(ORDERS):
            before = self._states.get(order_id)
            if before != state:
                self._states[order_id] = state
                house.trace.note(f"order {code} {before or 'new'} → {state}")
                if state in RELEASED:
                    self._check_released(order_id, code)
                if state == "paid" and not self._settled(str(code)):
                    house.trace.violate(f"order {code} is paid, and Stripe has no money for it")
        if house.disk.rows(OVERSOLD)[0][0]:
            house.trace.violate("more is taken than there is")
        if house.disk.rows(OVERPROMISED)[0][0]:
            house.trace.violate("more is promised back than was taken")
        if house.disk.rows(OVERCANCELLED):
            house.trace.violate("a cancellation promises more than is left")
        self._notice_forgotten()

    def _notice_forgotten(self) -> None:
        known = {row: int(str(chat)) for row, chat in self._house.disk.rows(KNOWN)}
        for row, chat in self._known.items():
            if row not in known:
                self.forgotten[chat] = world_now()
                self._house.trace.note(f"{chat} is forgotten")
        self._known = known

    def _check_released(self, order_id: object, code: object) -> None:
        for (session,) in self._house.disk.rows(SESSIONS, order_id):
            known = self._house.world.stripe._account.sessions[str(session)]
            if known.status == "open":
                self._house.trace.violate(f"order {code} is released, and can still be paid")
            if known.ends is not None:
                self._house.trace.violate(f"order {code} is released while its bank is at it")

    # What the shop says

    def heard(self, method: str, params: dict[str, str], reply: Reply, known: bool) -> None:  # noqa: FBT001 - as called
        if method in QUIET:
            return
        chat = int(params.get("chat_id", "0"))
        self._house.trace.note(f"telegram {method} {chat} {reply.status}{'' if known else ' unknown'}")
        if reply.status != 200 or chat not in self._house.world.people:
            return
        if method in MESSAGES and not known:
            self.unsure[chat] += 1
        text = unescape(params.get("text") or params.get("caption") or "")
        self._check_words(chat, method, params.get("message_id"), text)
        self._check_forgotten(chat, text)

    def _check_words(self, chat: int, method: str, message_id: str | None, text: str) -> None:
        if method in MESSAGES and self._is(TICKET, text):
            self._check_ticket(text)
        if method in MESSAGES and self._is(REMINDED, text):
            self._check_reminder(text)
        if message_id is None:
            return
        for (code,) in self._house.disk.rows(CARD, chat, int(message_id)):
            captured = self._captured(str(code))
            if self._is(PAID, text) and not captured and not self._free(str(code)):
                self._house.trace.violate(f"the customer of {code} is told that it is paid")
            if self._is(NOTHING_CHARGED, text) and captured:
                self._house.trace.violate(f"the customer of {code} is told that nothing was charged")

    def _check_forgotten(self, chat: int, text: str) -> None:
        """Nobody hears of what was theirs before they were forgotten, but for what was on its way."""
        since = self.forgotten.get(chat)
        if since is not None and world_now() - since > ON_ITS_WAY:
            for codes in self._house.disk.rows(NOBODYS):
                if any(code is not None and str(code) in text for code in codes):
                    self._house.trace.violate(f"{chat} was forgotten, and still hears of {codes[0]}")

    def _check_ticket(self, text: str) -> None:
        codes = [word for word in text.split() if len(word) > 5 and self._house.disk.rows(BOOKED, word)]
        if not codes:
            self._house.trace.violate("a ticket without a booking")
        for code in codes:
            self.tickets[code] += 1
            ((order,),) = self._house.disk.rows(BOOKED, code)
            self._house.trace.note(f"ticket {code}")
            if not self._settled(str(order)):
                self._house.trace.violate(f"a ticket for {order}, and Stripe has no money for it")

    def _check_reminder(self, text: str) -> None:
        """Nobody is reminded of what does not stand, or has begun."""
        now = self._house.clock.now().isoformat(" ")
        codes = [word for word in text.split() if len(word) > 5 and self._house.disk.rows(AHEAD, word, now)]
        self.reminders.update(codes)
        self.reminded.update((code, text) for code in codes)
        if not codes:
            self._house.trace.violate(f"a reminder of what is not ahead: {text!r}")

    def _is(self, phrases: tuple[str, ...], text: str) -> bool:
        return any(phrase in text for phrase in self._says[phrases])

    def _settled(self, code: str) -> bool:
        return self._captured(code) or self._free(code)

    def _free(self, code: str) -> bool:
        """Whether a promotion code has taken all of it off."""
        sessions = self._house.world.stripe._account.sessions.values()
        done = (each for each in sessions if each.payment_status == "no_payment_required")
        return any(each.asked.metadata().get("guichet_order") == code for each in done)

    def _captured(self, code: str) -> bool:
        return any(self._paid_pages(code))

    def _paid_pages(self, code: str) -> Iterator[str]:
        """Sessions at Stripe by which money was captured for an order, whether the shop knows of them or not."""
        account = self._house.world.stripe._account
        for intent in account.intents.values():
            ours = intent.session not in self._house.strange and intent.data.metadata().get("guichet_order") == code
            if ours and intent.status == "succeeded":
                yield intent.session
