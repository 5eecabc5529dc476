"""What customers do: browse, hold, tap twice, pay in time, late, twice or never, cancel, change their minds."""

import asyncio
from random import Random

from bot.sandbox.stripe.results import NoSuchObjectError, NotPossibleError, Outcome
from bot.sandbox.telegram.state import Impossible
from bot.sandbox.telegram.views import MessageView
from tests.simulation.house import House
from tests.simulation.offers import Offer, summary_data

CARDS = (
    *("success",) * 9,
    "second_step",
    "declined",
    "sepa_debit_ok",
    "sepa_debit_ok",
    "sepa_debit_fail",
    "refund_fails",
    "refund_pending",
    "disputed",
)
AT_ONCE, SOON, LATE, TOO_LATE = (0, 8), (1, 60), (500, 1100), (1100, 2400)
"""Seconds until a customer pays: at once, soon, around the end of the hold, around the end of the session."""


class Customer:
    """One person with one chat. Buttons are found by what they carry, whatever the language."""

    def __init__(self, house: House, user: int, offers: list[Offer], seed: int) -> None:
        self._house, self.user, self._offers = house, user, offers
        self._telegram, self._stripe = house.world.telegram, house.world.stripe
        self._chance = Random(f"{seed} customer {user}")
        self._links: list[str] = []

    async def live(self) -> None:
        chance = self._chance
        await asyncio.sleep(chance.uniform(0, 400))
        self._telegram.start(self.user)
        await asyncio.sleep(3)
        for _ in range(chance.choice((1, 2, 2, 3))):
            await self._errand()
            await asyncio.sleep(chance.uniform(5, 400))

    async def _errand(self) -> None:
        match self._chance.choices(
            ("buy", "browse", "pay_hidden", "old_button", "block", "command"), (12, 2, 2, 2, 1, 1)
        )[0]:
            case "buy":
                await self._buy(browsing=False)
            case "browse":
                await self._buy(browsing=True)
            case "pay_hidden":
                await self._pay_hidden()
            case "old_button":
                await self._press_old()
            case "block":
                await self._block()
            case _:
                self._say(self._chance.choice(("/bookings", "/help", "/start r_kayak", "hello", "/language")))

    # Buying

    async def _buy(self, *, browsing: bool) -> None:
        offer = self._chance.choice(self._offers)
        found = await (self._browse(offer) if browsing else self._remember(offer))
        if found is None:
            return
        await self._hold(*found)
        link = await self._link(self._chance.choice((4, 10, 60, 200)))
        if link is None:
            await self._without_link()
        else:
            await self._with_link(link)

    async def _remember(self, offer: Offer) -> tuple[MessageView, str] | None:
        """Straight to the summary, by a button of an old message."""
        shown = self._newest("1:")
        message_id = shown[0].id if shown else 1
        self._forge(message_id, summary_data(offer, offer.chosen(self._chance)))
        return await self._finds("1:p:", 15, new=True)

    async def _browse(self, offer: Offer) -> tuple[MessageView, str] | None:
        """The whole way, button by button."""
        self._say(f"/start r_{offer.slug}")
        for wanted in (("1:m:", "1:g:"), ("1:d:",), ("1:g:",), ("1:u:",), ("1:s:",)):
            found = await self._finds(wanted, 12, new=True)
            if found is not None:
                self._press(found)
        return await self._finds("1:p:", 15, new=True)

    async def _hold(self, message: MessageView, data: str) -> None:
        chance = self._chance
        if chance.random() < 0.1:
            await asyncio.sleep(chance.uniform(60, 1500))
        times = chance.choice((1, 1, 1, 2, 2, 5, 10))
        for number in range(times):
            pressed = self._press((message, data))
            if pressed is not None and chance.random() < 0.1:
                self._redeliver(pressed)
            if number and chance.random() < 0.5:
                await asyncio.sleep(chance.uniform(0, 2))

    async def _without_link(self) -> None:
        """Try again, cancel, just wait, or pay all the same: there may be a page that the shop does not know of."""
        match self._chance.choice(("again", "cancel", "wait", "pay", "pay")):
            case "again":
                self._press_newest("1:t:")
            case "cancel":
                self._press_newest("1:k:")
            case "pay":
                await self._pay_hidden()

    async def _with_link(self, link: str) -> None:
        chance = self._chance
        match chance.choices(
            ("pay", "late", "too_late", "abandon", "cancel", "cancel_and_pay", "i_have_paid", "change"),
            (12, 4, 3, 2, 2, 2, 2, 2),
        )[0]:
            case "pay":
                await self._pay(link, SOON)
            case "late":
                await self._pay(link, LATE)
            case "too_late":
                await self._pay(link, TOO_LATE)
            case "cancel":
                self._press_newest("1:k:")
            case "cancel_and_pay":
                self._press_newest("1:k:")
                await self._pay(link, AT_ONCE)
            case "i_have_paid":
                self._press_newest("1:i:")
                await self._pay(link, SOON)
                self._press_newest("1:i:")
            case "change":
                await self._buy(browsing=False)
                await self._pay(link, SOON)

    async def _pay(self, session: str, after: tuple[float, float]) -> None:
        await asyncio.sleep(self._chance.uniform(*after))
        card = self._chance.choice(CARDS)
        try:
            result = self._stripe.pay(session, card)
            self._note(f"pays {session[-6:]} {card}: {result.outcome}")
            if result.outcome is Outcome.REQUIRES_ACTION:
                await asyncio.sleep(self._chance.uniform(1, 60))
                result = self._stripe.confirm(session, ok=self._chance.random() < 0.8)
                self._note(f"confirms {session[-6:]}: {result.outcome}")
            if result.outcome is Outcome.DECLINED and self._chance.random() < 0.7:
                result = self._stripe.pay(session, "success")
                self._note(f"pays {session[-6:]} again: {result.outcome}")
        except (NoSuchObjectError, NotPossibleError) as error:
            self._note(f"cannot pay {session[-6:]}: {type(error).__name__}")

    async def _pay_hidden(self) -> None:
        """Pay something of one's own that the shop may have lost sight of."""
        mine = [
            str(session["id"])
            for session in self._stripe.sessions()
            if session["status"] == "open" and str(session["client_reference_id"]).rsplit("-", 1)[0] in self._codes()
        ]
        if mine:
            await self._pay(self._chance.choice(mine), AT_ONCE)

    # Other things that people do

    async def _press_old(self) -> None:
        """Any button of any message, however old."""
        buttons = [(message, button) for message in self._messages() for button in _buttons(message)]
        if buttons:
            self._press(self._chance.choice(buttons))

    async def _block(self) -> None:
        self._note("blocks the bot")
        self._house.world.block(self.user)
        self._house.ever_blocked.add(self.user)
        await asyncio.sleep(self._chance.uniform(30, 1500))
        if self._chance.random() < 0.7:
            self._note("comes back")
            self._telegram.start(self.user)
            self._house.world.unblock(self.user)

    # What the person sees and taps

    def _messages(self) -> list[MessageView]:
        return [message for message in self._telegram.messages(self.user) if message.from_bot]

    def _newest(self, wanted: str | tuple[str, ...]) -> tuple[MessageView, str] | None:
        for message in reversed(self._messages()):
            for button in _buttons(message):
                if button.startswith(wanted):
                    return message, button
        return None

    async def _finds(
        self, wanted: str | tuple[str, ...], patience: float, *, new: bool = False
    ) -> tuple[MessageView, str] | None:
        """A button that carries this; `new`: on a message that changes from now on."""
        since = self._telegram.version if new else 0
        for _ in range(int(patience)):
            await asyncio.sleep(1)
            found = self._newest(wanted)
            if found is not None and found[0].version > since:
                return found
        return None

    async def _link(self, patience: float) -> str | None:
        """The payment page of the newest order whose link was not seen before."""
        for _ in range(int(patience / 2)):
            await asyncio.sleep(2)
            for message in reversed(self._messages()):
                for row in message.keyboard:
                    for button in row:
                        session = button.value.rsplit("/", 1)[-1]
                        if "/stripe/pay/" in button.value and session not in self._links:
                            self._links.append(session)
                            return session
        return None

    def _press_newest(self, wanted: str) -> None:
        found = self._newest(wanted)
        if found is not None:
            self._press(found)

    def _press(self, found: tuple[MessageView, str]) -> int | None:
        if found[1].startswith("1:p:"):
            total, nonce = found[1].split(":")[-2:]
            self._house.confirmed[nonce] = int(total, 36)
        try:
            return self._telegram.press(self.user, found[0].id, data=found[1]).update_id
        except Impossible:
            return self._forge(found[0].id, found[1])

    def _forge(self, message_id: int, data: str) -> int | None:
        """As a second device does that shows an older state of the chat."""
        try:
            return self._telegram.press_forged(self.user, message_id, data).update_id
        except Impossible:
            return None

    def _redeliver(self, update_id: int) -> None:
        self._telegram.redeliver(update_id)

    def _say(self, text: str) -> None:
        try:
            self._telegram.say(self.user, text)
        except Impossible:
            self._note("has blocked the bot")

    def _codes(self) -> set[str]:
        query = "SELECT code FROM orders JOIN customer ON customer.id = customer_id WHERE telegram_id = ?"
        return {str(row[0]) for row in self._house.disk.rows(query, self.user)}

    def _note(self, what: str) -> None:
        self._house.trace.note(f"customer {self.user} {what}")


def _buttons(message: MessageView) -> list[str]:
    return [button.value for row in message.keyboard for button in row if button.kind == "callback"]
