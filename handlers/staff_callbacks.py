"""What the buttons of staff carry, apart from customers' buttons so that the two can never be taken for each other."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import OutOfDate
from handlers.callbacks import MOST_BYTES, VERSION, DoesNotFit, base36, number
from handlers.screens import Button, Row
from handlers.texts import Texts

PATTERN = rf"^{VERSION}:x[a-z]"
"""Matches the data of every button of staff, and of no other."""


class StaffTap(StrEnum):
    """What a tap of staff asks for. Letters are never given another meaning: old messages keep their buttons."""

    NOTHING = "xz"
    SALES = "xs"
    TODAY = "xt"
    ATTENTION = "xa"
    CLOSE = "xc"
    ORDER = "xo"
    APPLY = "xi"
    DISCARD = "xd"
    ANSWERS = "xw"


@dataclass(frozen=True)
class StaffData:
    """A button's data, read but not believed."""

    tap: StaffTap
    fields: tuple[str, ...]

    def numbers(self, count: int) -> tuple[int, ...]:
        """Exactly so many numbers; raises OutOfDate."""
        if len(self.fields) != count:
            raise OutOfDate
        return tuple(number(field) for field in self.fields)


def parse(data: str | None) -> StaffData:
    """The data of a tapped button; raises OutOfDate for anything that `act` has not made."""
    version, *rest = (data or "").split(":")
    if version != VERSION or not rest or len((data or "").encode(errors="replace")) > MOST_BYTES:
        raise OutOfDate
    try:
        return StaffData(StaffTap(rest[0]), tuple(rest[1:]))
    except ValueError:
        raise OutOfDate from None


def act(label: str, tap: StaffTap, *fields: int | str) -> Button:
    """A button of staff; raises DoesNotFit."""
    data = ":".join((VERSION, tap, *(field if isinstance(field, str) else base36(field) for field in fields)))
    if len(data.encode()) > MOST_BYTES:
        raise DoesNotFit(tap)
    return Button(label, data=data)


def pager(page: int, pages: int, texts: Texts, tap: StaffTap, *fields: int) -> Row:
    """To the pages before and after, which these fields and the page's number name; nothing where there is but one."""
    if pages == 1:
        return ()
    here = act(f"{texts.number(page)}/{texts.number(pages)}", StaffTap.NOTHING)
    back = (act("‹", tap, *fields, page - 1),) if page > 1 else ()
    on = (act("›", tap, *fields, page + 1),) if page < pages else ()
    return (*back, here, *on)
