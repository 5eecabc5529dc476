"""Stripe's lists: newest first, filtered, and cut into pages by a cursor."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from bot.sandbox.stripe import errors, render
from bot.sandbox.stripe.fields import Fields
from bot.sandbox.stripe.results import JsonObject


class Stored(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def created(self) -> datetime: ...


Item = TypeVar("Item", bound=Stored)


def page(
    url: str,
    items: Iterable[Item],
    asked: Fields,
    show: Callable[[Item], JsonObject],
    fits: Callable[[Item], bool] = lambda _: True,
) -> JsonObject:
    """One page of a table that is kept oldest first."""
    newest = list(items)[::-1]
    after, before = asked.text("starting_after"), asked.text("ending_before")
    if after is not None:
        newest = newest[_position(newest, after, "starting_after") + 1 :]
    if before is not None:
        newest = newest[: _position(newest, before, "ending_before")]
    chosen = [item for item in newest if fits(item) and _in_time(item.created, asked)]
    limit = asked.whole("limit") or 10
    shown = chosen[-limit:] if before is not None else chosen[:limit]
    return render.listing(url, [show(item) for item in shown], more=len(chosen) > limit)


def _position(items: list[Item], cursor: str, param: str) -> int:
    for number, item in enumerate(items):
        if item.id == cursor:
            return number
    raise errors.no_such("object", cursor, param)


def _in_time(created: datetime, asked: Fields) -> bool:
    at = render.seconds(created)
    exactly, bounds = asked.whole("created"), asked.sub("created")
    low, low_in = bounds.whole("gt"), bounds.whole("gte")
    high, high_in = bounds.whole("lt"), bounds.whole("lte")
    return (
        (exactly is None or at == exactly)
        and (low is None or at > low)
        and (low_in is None or at >= low_in)
        and (high is None or at < high)
        and (high_in is None or at <= high_in)
    )
