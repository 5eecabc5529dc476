"""Which facts about an order are told by e-mail as well."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.settlement import Notice, Outcome, Tell


class Mail(StrEnum):
    """Kinds of letters, as kinds of outbox messages."""

    BOOKED = "mail_booked"
    CANCELLED = "mail_cancelled"
    REFUNDED = "mail_refunded"


@dataclass(frozen=True)
class Letter:
    """One letter to write about what is told."""

    mail: Mail
    tell: Tell


def letters(outcome: Outcome) -> Iterator[Letter]:
    """What follows from an outcome; nothing without an address."""
    if not outcome.case.order.contact_email:
        return
    for effect in outcome.effects:
        mail = _mail(effect) if isinstance(effect, Tell) else None
        if mail is not None and isinstance(effect, Tell):
            yield Letter(mail, effect)


def _mail(tell: Tell) -> Mail | None:
    match tell.notice:
        case Notice.BOOKED | Notice.BOOKED_LATE:
            return Mail.BOOKED
        case Notice.STAFF_CANCELLED:
            return Mail.CANCELLED
        case Notice.REFUNDED if not tell.about:
            # Of a refund that has a name the customer knows already: it follows a cancellation.
            return Mail.CANCELLED
        case Notice.REFUNDED_PART | Notice.REFUNDED_SURPLUS:
            return Mail.REFUNDED
        case _:
            return None
