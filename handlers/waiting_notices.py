"""What comes by itself to somebody who waits: that a list has ended. Offers are orders, and speak as such."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import WaitingId
from bot.domain.outbox import OutboxMessage, Undeliverable
from bot.services.offering import WAITING_ENDED
from bot.services.waiting_ends import IN_VAIN
from handlers.markup import gap
from handlers.ports import Renderers, WaitingLists
from handlers.readers import Readers
from handlers.screens import Message, Screen, home_row
from handlers.texts import Texts


@dataclass(frozen=True)
class WaitingRenderers:
    waiting: WaitingLists
    readers: Readers

    @property
    def by_kind(self) -> Renderers:
        return {WAITING_ENDED: self.ended, IN_VAIN: self.in_vain}

    async def ended(self, message: OutboxMessage) -> Message:
        """The slot is not on offer any more."""
        data = message.data
        texts = await self.readers.texts(message, str(data.get("language")))
        told = texts.gettext("This time is no longer on offer, so its waiting list is closed.")
        return _screen(told, _name(data), _instant(data, "starts_at"), str(data.get("time_zone")), texts).as_message()

    async def in_vain(self, message: OutboxMessage) -> Message:
        """Sales have ended, and it never was their turn; raises Gone for who does not wait any more, or still does."""
        entry = message.data.get("waiting_id")
        if not isinstance(entry, int):
            raise Undeliverable("no waiting_id")
        view = await self.waiting.in_vain(WaitingId(entry), _instant(message.data, "closes_at"))
        texts = await self.readers.texts(message, view.language)
        told = texts.gettext("No place has come free in time, so the waiting list is closed.")
        return _screen(told, view.name, view.starts_at, view.time_zone, texts).as_message()


def _screen(told: str, name: Mapping[str, str], starts_at: datetime, zone: str, texts: Texts) -> Screen:
    return Screen(
        texts.gettext("Your waiting list has ended"),
        (texts.own(name), texts.opening(texts.moment(starts_at, zone)), gap(told)),
        (home_row(texts),),
    )


def _name(data: Mapping[str, object]) -> Mapping[str, str]:
    name = data.get("name")
    return {str(language): str(text) for language, text in name.items()} if isinstance(name, dict) else {}


def _instant(data: Mapping[str, object], key: str) -> datetime:
    try:
        return datetime.fromisoformat(str(data.get(key)))
    except ValueError:
        raise Undeliverable(f"no {key}") from None
