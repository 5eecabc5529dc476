"""What one customer does and sees. Whoever gets no answer taps again, and looks for what there may be by now."""

from collections.abc import Callable
from typing import TypeVar

from bot.sandbox.stripe.results import NotPossibleError, Outcome
from bot.sandbox.telegram.state import Impossible
from bot.sandbox.telegram.views import MessageView
from tests.crash.scene import Scene
from tests.simulation.offers import Offer, summary_data

Found = TypeVar("Found")
TRIES = 3
BOOKED = ("You are booked", "It is yours", "C’est réservé", "C’est à vous")


class Customer:
    def __init__(self, scene: Scene, user: int) -> None:
        self._scene, self.user = scene, user
        self._telegram, self._stripe = scene.world.telegram, scene.world.stripe

    # What the customer does

    async def holds(self, offer: Offer, count: int) -> str | None:
        """Choose, hold, and get a payment page: the session of it."""
        summary = summary_data(offer, {offer.fares[0]: count})
        before = self._telegram.version
        found = await self._until(lambda: self._forge(summary), lambda: self._button("1:p:", since=before))
        if found is None:
            return None
        total, nonce = found[1].split(":")[-2:]
        self._scene.house.confirmed[nonce].add(int(total, 36))
        known = set(self._links())
        return await self._until(
            lambda: self._press(*found), lambda: next((link for link in self._links() if link not in known), None)
        )

    def pays(self, session: str, card: str = "success") -> bool:
        """Whether Stripe takes it: the page may be over by now."""
        try:
            result = self._stripe.pay(session, card)
            if result.outcome is Outcome.REQUIRES_ACTION:
                result = self._stripe.confirm(session, ok=True)
        except NotPossibleError:
            return False
        return result.outcome in {Outcome.PAID, Outcome.PROCESSING}

    async def says_paid(self) -> None:
        """Tap "I have paid" and wait for the answer."""
        heard = len(self._telegram.notices(self.user))
        await self._until(
            lambda: self._press_newest("1:i:"), lambda: len(self._telegram.notices(self.user)) > heard or None
        )

    async def cancels(self, over: Callable[[], bool | None]) -> bool | None:
        return await self._until(lambda: self._press_newest("1:k:"), over)

    # What the customer sees

    async def is_booked(self) -> bool:
        return bool(await self._scene.shown(lambda: any(map(_is_ticket, self._messages())) or None))

    def _messages(self) -> list[MessageView]:
        return [message for message in self._telegram.messages(self.user) if message.from_bot]

    def _button(self, wanted: str, since: int = -1) -> tuple[MessageView, str] | None:
        for message in reversed(self._messages()):
            for row in message.keyboard:
                for button in row:
                    if button.value.startswith(wanted) and message.version > since:
                        return message, button.value
        return None

    def _links(self) -> list[str]:
        """The payment pages to which there is a button, newest message first."""
        values = [button.value for message in reversed(self._messages()) for row in message.keyboard for button in row]
        return [value.rsplit("/", 1)[-1] for value in values if "/stripe/pay/" in value]

    async def _until(self, act: Callable[[], None], look: Callable[[], Found | None]) -> Found | None:
        for number in range(TRIES):
            if number > 1 and not self._scene.intact:
                break
            act()
            found = await self._scene.shown(look)
            if found is not None:
                return found
        return None

    def _press_newest(self, wanted: str) -> None:
        found = self._button(wanted)
        if found is not None:
            self._press(*found)

    def _press(self, message: MessageView, data: str) -> None:
        try:
            self._telegram.press(self.user, message.id, data=data)
        except Impossible:
            self._telegram.press_forged(self.user, message.id, data)

    def _forge(self, data: str) -> None:
        self._telegram.press_forged(self.user, 1, data)


def _is_ticket(message: MessageView) -> bool:
    return any(words in message.text for words in BOOKED)
