"""What goes back of a price when a booking is cancelled: the shop's rules, and how they are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.currencies import step
from bot.domain.money import Money

WHOLE = 100  # percent


@dataclass(frozen=True)
class RefundStep:
    """Until `hours` before the start (of an item: for `hours` after paying) so many percent go back."""

    hours: int
    percent: int


Rules = tuple[RefundStep, ...]
"""From the most that goes back to the least; after the last step nothing does."""


@dataclass(frozen=True)
class Clockwork:
    """What time counts from. `starts_at` is None for an item, whose time counts from when it was paid."""

    starts_at: datetime | None
    paid_at: datetime

    def reached(self, step_: RefundStep, now: datetime) -> bool:
        """Whether a step still holds, its last moment included."""
        span = timedelta(hours=step_.hours)
        return now <= (self.paid_at + span if self.starts_at is None else self.starts_at - span)

    def begun(self, now: datetime) -> bool:
        return self.starts_at is not None and now >= self.starts_at


def holding(rules: Rules, clockwork: Clockwork, now: datetime) -> RefundStep | None:
    """The step that holds now; None: nothing goes back any more."""
    return next((each for each in rules if clockwork.reached(each, now)), None)


def still_possible(rules: Rules, starts_at: datetime | None, now: datetime) -> Rules:
    """The steps that can still hold for what is paid from now on; of an item, whose time begins then, all of them."""
    clockwork = Clockwork(starts_at, paid_at=now)
    return tuple(each for each in rules if clockwork.reached(each, now))


def share(price: Money, percent: int) -> Money:
    """So many percent of a price, rounded up to what the currency can pay; never more than the price."""
    unit = step(price.currency)
    up = -(-price.minor * percent // (WHOLE * unit)) * unit
    return Money(min(up, price.minor), price.currency)


def effective(own: Rules | None, shop: Rules, *, dated: bool) -> Rules:
    """The rules of a resource: its own, or else the shop's, which are for what has a date."""
    if own is not None:
        return own
    return shop if dated else ()


def kept_steps(rules: Rules | None) -> list[list[int]] | None:
    """The steps as the database keeps them."""
    return None if rules is None else [[each.hours, each.percent] for each in rules]


def read_kept(kept: Iterable[Sequence[int]] | None) -> Rules | None:
    """What `kept_steps` made."""
    return None if kept is None else tuple(RefundStep(hours, percent) for hours, percent in kept)
