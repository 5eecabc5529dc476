"""What is announced in the alerts chat."""

from dataclasses import dataclass

from bot.domain.bookings import Ordered
from bot.domain.ids import OrderId
from bot.domain.money import Money
from bot.domain.orders import State


@dataclass(frozen=True)
class OrderNews:
    """An order as staff recognise it. `name` is the one from the payment page, or else the one in Telegram.

    `total` is what it brings: what was paid, before that its price.
    """

    order_id: OrderId
    code: str
    name: str
    state: State
    total: Money
    refunded: Money
    ordered: tuple[Ordered, ...]
