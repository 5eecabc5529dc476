"""What is to be read on a ticket, apart from how it is drawn."""

from dataclasses import astuple, dataclass
from hashlib import sha256

from bot.domain.ids import BookingId, MediaId

LOOK = 1
"""Counts how tickets have looked: pictures that Telegram has are used again only while it stays the same."""


@dataclass(frozen=True)
class TicketFace:
    """The words in one language; `link` is what the QR code holds. Empty lines are left out."""

    shop: str
    title: str
    when: str
    zone: str
    place: str
    party: str
    code_label: str
    code: str
    link: str

    @property
    def digest(self) -> str:
        """The same for the same picture."""
        return sha256(repr((LOOK, *astuple(self))).encode(errors="backslashreplace")).hexdigest()


@dataclass(frozen=True)
class Ticket:
    """A picture for one booking in one language; `instead` is what may be shown where it cannot be drawn."""

    booking_id: BookingId
    language: str
    face: TicketFace
    instead: MediaId | None
