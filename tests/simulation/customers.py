"""What customers do: browse, hold, tap twice, pay in time, late, twice or never, cancel, change their minds."""

import asyncio
from contextlib import suppress
from random import Random

from bot.sandbox.stripe.results import NoSuchObjectError, NotPossibleError, Outcome
from tests.simulation.chats import Chat, Found
from tests.simulation.house import House
from tests.simulation.mail_checks import address_of
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
CODES = ("LAC10", "HALF", "ALL")
AT_ONCE, SOON, LATE, TOO_LATE = (0, 8), (1, 60), (500, 1100), (1100, 2400)
"""Seconds until a customer pays: at once, soon, around the end of the hold, around the end of the session."""
SLOT_BY_SLOT = (("1:m:", "1:g:"), ("1:d:",), ("1:g:",), ("1:u:",), ("1:s:",))
DAY_BY_DAY = (("1:m:",), ("1:1:",), ("1:2:",), ("1:3:", "1:s:"), ("1:s:",))
"""What is tapped one after the other on the way to a summary."""
SAID = ("/bookings", "/help", "/start r_kayak", "hello", "/language", "/mydata", "/mydata")


class Customer:
    """One person with one chat."""

    def __init__(self, house: House, user: int, offers: list[Offer], seed: int) -> None:
        self._house, self.user, self._offers = house, user, offers
        self._telegram, self._stripe = house.world.telegram, house.world.stripe
        self._chance = Random(f"{seed} customer {user}")
        self._chat = Chat(house, user, self._chance)
        self._last: Offer | None = None

    async def live(self) -> None:
        chance = self._chance
        await asyncio.sleep(chance.uniform(0, 200))
        self._telegram.start(self.user)
        await asyncio.sleep(3)
        for _ in range(chance.choice((1, 2, 2, 3))):
            await self._errand()
            await asyncio.sleep(chance.uniform(5, 200))
        if chance.random() < 0.25:
            await self._forget()
            await self._errand()

    async def _errand(self) -> None:
        match self._chance.choices(
            ("buy", "browse", "pay_hidden", "old_button", "block", "forget", "command"), (12, 2, 2, 2, 1, 1, 1)
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
            case "forget":
                await self._forget()
            case _:
                self._chat.say(self._chance.choice(SAID))

    # Buying

    async def _buy(self, *, browsing: bool, again: bool = False) -> None:
        """`again`: the same as the last time, so that one's own new seats may be those that were given up."""
        offer = self._last if again and self._last else self._chance.choice(self._offers)
        self._last = offer
        found = await (self._browse(offer) if browsing else self._remember(offer))
        if found is None:
            return
        await self._hold(found)
        link = await self._chat.link(self._chance.choice((4, 10, 60, 200)))
        if link is None:
            await self._without_link()
        elif self._hidden() and self._chance.random() < 0.8:
            await self._use_both(link)
        else:
            await self._with_link(link)

    async def _remember(self, offer: Offer) -> Found | None:
        """Straight to the summary, by a button of an old message."""
        shown = self._chat.newest("1:")
        message_id = shown[0].id if shown else 1
        self._chat.forge(message_id, summary_data(offer, offer.chosen(self._chance), offer.steps(self._chance)))
        return await self._chat.answered("1:p:")

    async def _browse(self, offer: Offer) -> Found | None:
        """The whole way, button by button."""
        self._chat.say(f"/start r_{offer.slug}")
        for wanted in DAY_BY_DAY if offer.let else SLOT_BY_SLOT:
            found = await self._chat.finds(wanted, 12)
            if found is not None:
                self._chat.press(found)
        return await self._chat.answered("1:p:")

    async def _hold(self, button: Found) -> None:
        chance = self._chance
        if chance.random() < 0.1:
            await asyncio.sleep(chance.uniform(60, 1500))
        times = chance.choice((1, 1, 1, 2, 2, 5, 10))
        for number in range(times):
            pressed = self._chat.press(button)
            if pressed is not None and chance.random() < 0.1:
                self._chat.redeliver(pressed)
            if number and chance.random() < 0.5:
                await asyncio.sleep(chance.uniform(0, 2))

    async def _without_link(self) -> None:
        """Try again, cancel, just wait, or pay all the same: there may be a page that the shop does not know of."""
        match self._chance.choice(("again", "cancel", "wait", "pay", "pay", "outlast", "outlast")):
            case "again":
                self._chat.press_newest("1:t:")
            case "cancel":
                self._chat.press_newest("1:k:")
            case "pay":
                await self._pay_hidden()
            case "outlast":
                await self._outlast()

    async def _outlast(self) -> None:
        """Wait until the shop has given the order up, take what it had once more, and only then pay."""
        await asyncio.sleep(self._chance.uniform(200, 1300))
        if self._chance.random() < 0.7:
            await self._buy(browsing=False, again=True)
        await self._pay_hidden()

    async def _regret(self) -> None:
        """Cancelled, and paid all the same by a page that the shop may not know of, with or without a new order."""
        await asyncio.sleep(self._chance.choice((2, 10, 30)))
        if self._chance.random() < 0.3:
            await self._buy(browsing=False, again=True)
        await self._pay_hidden()

    async def _with_link(self, link: str) -> None:
        chance = self._chance
        match chance.choices(
            ("pay", "late", "too_late", "abandon", "cancel", "cancel_and_pay", "i_have_paid", "change"),
            (12, 4, 3, 2, 2, 2, 2, 2),
        )[0]:
            case "pay":
                await self._pay(link, SOON)
                if chance.random() < 0.2:
                    await self._pay_hidden()
            case "late":
                await self._pay(link, LATE)
            case "too_late":
                await self._pay(link, TOO_LATE)
            case "cancel":
                self._chat.press_newest("1:k:")
                if chance.random() < 0.5:
                    await self._regret()
            case "cancel_and_pay":
                self._chat.press_newest("1:k:")
                await self._pay(link, AT_ONCE)
            case "i_have_paid":
                self._chat.press_newest("1:i:")
                await self._pay(link, SOON)
                self._chat.press_newest("1:i:")
            case "change":
                await self._buy(browsing=False)
                await self._pay(link, SOON)

    async def _pay(self, session: str, after: tuple[float, float]) -> None:
        await asyncio.sleep(self._chance.uniform(*after))
        card = self._chance.choice(CARDS)
        try:
            self._enter_code(session)
            result = self._stripe.pay(session, card, email=address_of(self.user))
            self._chat.note(f"pays {session[-6:]} {card}: {result.outcome}")
            if result.outcome is Outcome.REQUIRES_ACTION:
                await asyncio.sleep(self._chance.uniform(1, 60))
                result = self._stripe.confirm(session, ok=self._chance.random() < 0.8)
                self._chat.note(f"confirms {session[-6:]}: {result.outcome}")
            if result.outcome is Outcome.DECLINED and self._chance.random() < 0.7:
                result = self._stripe.pay(session, "success", email=address_of(self.user))
                self._chat.note(f"pays {session[-6:]} again: {result.outcome}")
        except (NoSuchObjectError, NotPossibleError) as error:
            self._chat.note(f"cannot pay {session[-6:]}: {type(error).__name__}")

    def _enter_code(self, session: str) -> None:
        """Now and then one that there is, or is not; it takes something off, or all of it."""
        code = self._chance.choices((*CODES, "NONE", ""), (2, 1, 1, 1, 20))[0]
        if code:
            with suppress(NotPossibleError):
                self._stripe.enter_code(session, code)
                self._chat.note(f"enters {code} on {session[-6:]}")

    async def _use_both(self, link: str) -> None:
        """There is another page for the same: pay both, or cancel the order and pay what the shop knows nothing of."""
        if self._chance.random() < 0.5:
            await self._pay(link, AT_ONCE)
        else:
            self._chat.press_newest("1:k:")
            await asyncio.sleep(self._chance.choice((2, 10, 30)))
            if self._chance.random() < 0.4:
                await self._buy(browsing=False, again=True)
        await self._pay_hidden()

    async def _pay_hidden(self) -> None:
        """Pay something of one's own, best of all what the shop may have lost sight of."""
        mine = self._hidden() or self._open()
        if mine:
            await self._pay(self._chance.choice(mine), AT_ONCE)

    def _open(self) -> list[str]:
        """The pages that this customer could pay."""
        codes = self._codes()
        open_ones = [session for session in self._stripe.sessions() if session["status"] == "open"]
        return [
            str(session["id"])
            for session in open_ones
            if str(session["client_reference_id"]).rsplit("-", 1)[0] in codes
        ]

    def _hidden(self) -> list[str]:
        """Those whose link was never seen."""
        return [session for session in self._open() if session not in self._chat.links]

    # Other things that people do

    async def _press_old(self) -> None:
        """Any button of any message, however old."""
        buttons = self._chat.buttons()
        if buttons:
            self._chat.press(self._chance.choice(buttons))

    async def _forget(self) -> None:
        """Ask to be forgotten, and mostly confirm it, sometimes too late or twice."""
        chance = self._chance
        self._chat.say("/mydata" if chance.random() < 0.3 else "/forgetme")
        self._chat.say("/forgetme")
        found = await self._chat.finds("1:f:", 30)
        if found is None:
            return
        await asyncio.sleep(chance.choice((0, 0.5, 5, 5, 60, 700)))
        for _ in range(chance.choice((1, 1, 2))):
            self._chat.press(found)
        self._chat.note("confirms to be forgotten")

    async def _block(self) -> None:
        self._chat.note("blocks the bot")
        self._house.world.block(self.user)
        self._house.ever_blocked.add(self.user)
        await asyncio.sleep(self._chance.uniform(30, 1500))
        if self._chance.random() < 0.7:
            self._chat.note("comes back")
            self._telegram.start(self.user)
            self._house.world.unblock(self.user)

    def _codes(self) -> set[str]:
        query = "SELECT code FROM orders JOIN customer ON customer.id = customer_id WHERE telegram_id = ?"
        return {str(row[0]) for row in self._house.disk.rows(query, self.user)}
