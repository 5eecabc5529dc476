"""What a button carries: `version:action:fields`, at most 64 bytes, read back with distrust."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.errors import OutOfDate
from bot.domain.ids import NONCE_LENGTH, FareId

VERSION = "1"
MOST_BYTES = 64
MOST_COUNT = 9_999
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NUMBER = re.compile(r"0|[1-9a-z][0-9a-z]{0,11}")
_NONCE = re.compile(rf"[A-Za-z0-9]{{{NONCE_LENGTH}}}")


class Action(StrEnum):
    """What a tap asks for. Letters are never given another meaning: old messages keep their buttons."""

    NOTHING = "z"
    HOME = "h"
    CATEGORY = "c"
    CARD = "r"
    MONTH = "m"
    DAY = "d"
    GUESTS = "g"
    MORE_GUESTS = "u"
    TOO_MANY_FARES = "w"
    SUMMARY = "s"
    PLACE = "p"
    CHOOSE_AGAIN = "a"
    OTHER_DAY = "o"
    I_HAVE_PAID = "i"
    CANCEL = "k"
    TRY_AGAIN = "t"
    BOOKINGS = "b"
    BOOKING = "v"
    CANCEL_BOOKING = "x"
    CONFIRM_CANCELLING = "q"
    LANGUAGES = "l"
    LANGUAGE = "e"
    HELP = "y"
    FORGET_ME = "f"
    MARK = "5"
    NO_COMMENT = "6"
    SEARCH = "0"
    CALENDAR_FILE = "n"
    MAP = "j"
    RECEIPT = "G"
    OPEN_BOOKING = "H"
    WAIT = "C"
    MOVE_BOOKING = "E"
    CONFIRM_MOVING = "F"
    FIRST_DAY = "1"
    LAST_DAY = "2"
    UNITS = "3"
    STAY_MONTH = "7"
    ADD_TO_BASKET = "8"
    BASKET = "9"
    PLACE_BASKET = "A"
    ANSWER = "B"
    ORDER = "O"
    ANOTHER_DATE = "M"


class DoesNotFit(ValueError):
    """More than a button can carry."""


@dataclass(frozen=True)
class Call:
    """A button's data, read but not believed."""

    action: Action
    fields: tuple[str, ...]

    def numbers(self, count: int) -> tuple[int, ...]:
        """Exactly so many numbers; raises OutOfDate."""
        if len(self.fields) != count:
            raise OutOfDate
        return tuple(number(field) for field in self.fields)

    def number(self) -> int:
        return self.numbers(1)[0]

    def word(self, position: int) -> str:
        """A field as it stands; raises OutOfDate where there is none."""
        if position >= len(self.fields):
            raise OutOfDate
        return self.fields[position]


def pack(action: Action, *fields: int | str) -> str:
    """The data of a button; raises DoesNotFit."""
    data = ":".join((VERSION, action, *(field if isinstance(field, str) else base36(field) for field in fields)))
    if len(data.encode()) > MOST_BYTES:
        raise DoesNotFit(action)
    return data


def parse(data: str | None) -> Call:
    """The data of a tapped button; raises OutOfDate for anything that `pack` has not made."""
    version, *rest = (data or "").split(":")
    if version != VERSION or not rest or len((data or "").encode(errors="replace")) > MOST_BYTES:
        raise OutOfDate
    try:
        return Call(Action(rest[0]), tuple(rest[1:]))
    except ValueError:
        raise OutOfDate from None


def base36(value: int) -> str:
    """A number that is not negative, in as few signs as may be."""
    if value < 0:
        raise ValueError(value)
    digits = _DIGITS[value % 36]
    while value := value // 36:
        digits = _DIGITS[value % 36] + digits
    return digits


def number(field: str) -> int:
    if _NUMBER.fullmatch(field) is None:
        raise OutOfDate
    return int(field, 36)


def day(field: str) -> date:
    ordinal = number(field)
    if not 1 <= ordinal <= date.max.toordinal():
        raise OutOfDate
    return date.fromordinal(ordinal)


def packed_counts(counts: Mapping[FareId, int]) -> str:
    """So many of each fare, as in `1.2-4.1`; what is zero is left out."""
    return "-".join(f"{base36(fare)}.{base36(count)}" for fare, count in counts.items() if count)


def counts(field: str) -> dict[FareId, int]:
    found: dict[FareId, int] = {}
    for pair in field.split("-") if field else ():
        fare, dot, count = pair.partition(".")
        fare_id = FareId(number(fare))
        found_count = number(count) if dot else 0
        if fare_id in found or not 0 < found_count <= MOST_COUNT:
            raise OutOfDate
        found[fare_id] = found_count
    return found


def nonce(field: str) -> str:
    if _NONCE.fullmatch(field) is None:
        raise OutOfDate
    return field
