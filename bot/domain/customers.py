"""Who buys, and which language we speak with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import CustomerId, TelegramId
from bot.domain.keeping import SEEN_AGAIN
from bot.domain.questions import Awaited


@dataclass(frozen=True)
class Customer:
    """`language` is their own choice, `telegram_language` what Telegram says (may be empty).

    `seen_at` is right to the day. `asked`: the question whose answer may come as their next words; `comment_until`:
    until when these may be a sentence about a visit.
    """

    id: CustomerId
    telegram_id: TelegramId | None
    name: str
    telegram_language: str
    language: str | None
    blocked_at: datetime | None = None
    seen_at: datetime | None = None
    asked: Awaited | None = None
    comment_until: datetime | None = None

    @property
    def blocked(self) -> bool:
        return self.blocked_at is not None

    def seen_lately(self, now: datetime) -> bool:
        """Whether that they are here now is no news."""
        return self.seen_at is not None and now - self.seen_at < SEEN_AGAIN


def language_of(customer: Customer, offered: Sequence[str]) -> str:
    """Their choice, else Telegram's language, if the shop offers it; else the shop's first."""
    for wanted in (customer.language, customer.telegram_language):
        found = offered_language(wanted or "", offered)
        if found is not None:
            return found
    return offered[0]


def offered_language(wanted: str, offered: Sequence[str]) -> str | None:
    """The offered language that serves a tag such as `fr-CA`: itself, else the one without the region."""
    tag = wanted.replace("_", "-").lower()
    known = {language.lower(): language for language in offered}
    return known.get(tag) or known.get(tag.split("-", maxsplit=1)[0])
