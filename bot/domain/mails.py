"""Which facts about an order are told by e-mail as well."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.effects import Notice, Outcome, Tell


class Mail(StrEnum):
    """Kinds of letters, as kinds of outbox messages."""

    BOOKED = "mail_booked"
    MOVED = "mail_moved"
    CANCELLED = "mail_cancelled"
    REFUNDED = "mail_refunded"


@dataclass(frozen=True)
class Letter:
    """One letter to write about what is told."""

    mail: Mail
    tell: Tell


def letters(outcome: Outcome) -> Iterator[Letter]:
    """What follows from an outcome; nothing without an address. All that was booked together comes in one letter."""
    if not outcome.case.order.contact_email:
        return
    told = dict.fromkeys(_whole(effect) for effect in outcome.effects if isinstance(effect, Tell))
    for tell in told:
        mail = _mail(tell)
        if mail is not None:
            yield Letter(mail, tell)


def _whole(tell: Tell) -> Tell:
    return replace(tell, about="", part=None) if tell.notice in {Notice.BOOKED, Notice.BOOKED_LATE} else tell


def _mail(tell: Tell) -> Mail | None:
    match tell.notice:
        case Notice.BOOKED | Notice.BOOKED_LATE:
            return Mail.BOOKED
        case Notice.STAFF_MOVED:
            return Mail.MOVED
        case Notice.STAFF_CANCELLED:
            return Mail.CANCELLED
        case Notice.REFUNDED if not tell.about:
            # Of a refund that has a name the customer knows already: it follows a cancellation.
            return Mail.CANCELLED
        case Notice.REFUNDED_PART | Notice.REFUNDED_SURPLUS:
            return Mail.REFUNDED
        case _:
            return None
