"""Reads what a row of the outbox is about; raises Undeliverable for what does not stand there, and never will."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.money import Money
from bot.domain.outbox import Undeliverable

Data = Mapping[str, object]


def number(data: Data, key: str) -> int:
    """An id or a count."""
    value = data.get(key)
    if not isinstance(value, int):
        raise Undeliverable(f"no {key}")
    return value


def amount(data: Data) -> Money:
    return Money(number(data, "amount"), str(data.get("currency")))


def instant(data: Data, key: str) -> datetime:
    try:
        return datetime.fromisoformat(str(data.get(key)))
    except ValueError:
        raise Undeliverable(f"no {key}") from None
