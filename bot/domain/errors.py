"""What can be refused, as values with data; only `handlers.failures` knows what to say to people."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import InventoryId, OrderId


class GuichetError(Exception):
    """The root of everything that this program raises on purpose."""


class DatabaseBusy(GuichetError):
    """The database cannot be written just now; nothing was changed."""


class Refusal(GuichetError):
    """A wish that cannot be granted; nothing was changed."""


class Gone(Refusal):
    """The resource, slot, order or booking is not there, is not offered any more, or belongs to someone else."""


class OutOfDate(Refusal):
    """What the customer saw is no longer what is offered: look again."""


@dataclass(eq=False)
class SoldOut(Refusal):
    """Fewer units are left than were asked for."""

    left: int = 0


@dataclass(eq=False)
class PriceChanged(Refusal):
    """The total that was confirmed is not today's."""

    confirmed: int
    current: int


class NothingChosen(Refusal):
    """No guest, or no unit, was chosen."""


@dataclass(eq=False)
class TooMany(Refusal):
    """More units than one order may have."""

    most: int


@dataclass(eq=False)
class TooManyOpenOrders(Refusal):
    """The customer already holds as many orders as one person may."""

    most: int


@dataclass(eq=False)
class StillReleasing(Refusal):
    """The seats are held by the customer's own earlier order, which is being closed at this moment."""

    order_id: OrderId


@dataclass(eq=False)
class TooLate(Refusal):
    """Booking for this slot has closed."""

    closed_at: datetime


@dataclass(eq=False)
class NotFull(Refusal):
    """Nobody needs to wait for this: there is room for it now."""

    left: int


@dataclass(eq=False)
class TooManyLists(Refusal):
    """The customer is on as many waiting lists as one person may be."""

    most: int


@dataclass(eq=False)
class AlreadyHeld(Refusal):
    """The customer has places there already, in an order that is not paid yet."""

    order_id: OrderId


class TooSoon(Refusal):
    """The same was granted only a moment ago."""


class NoAnswer(Refusal):
    """Stripe does not say what is asked just now."""


@dataclass(eq=False)
class TooLong(Refusal):
    """More characters were written than are kept of such a text."""

    most: int
    written: int


@dataclass(eq=False)
class NotCancellable(Refusal):
    """An order in this state cannot be cancelled by tapping."""

    state: str


@dataclass(eq=False)
class CannotCancel(Refusal):
    """This booking cannot be cancelled by tapping, for one of the reasons of `bot.domain.cancelling`."""

    why: str


class CannotMove(Refusal):
    """This booking cannot be moved to that date, or to any."""


@dataclass(eq=False)
class RefundChanged(Refusal):
    """What was confirmed to go back is not what goes back now."""

    confirmed: int
    current: int


@dataclass(eq=False)
class BasketFull(Refusal):
    """More different things than one order may have."""

    most: int


class Overlapping(Refusal):
    """Two stays of one order would have a day in common."""


@dataclass(eq=False)
class AnswersMissing(Refusal):
    """The shop wants to know something of the guests first."""

    inventory_id: InventoryId


@dataclass(eq=False)
class BadAnswer(Refusal):
    """What was answered cannot be taken, for one of the faults of `bot.domain.questions`; and its bounds, if any."""

    why: str
    least: int = 0
    most: int = 0
