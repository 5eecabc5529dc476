"""What a human must look at, as the attention list keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.effects import Concern
from bot.domain.ids import AttentionId, OrderId, TelegramId
from bot.domain.money import Money


@dataclass(frozen=True)
class Opening:
    """An item to put on the list; of two with one key only the first is put there."""

    key: str
    concern: Concern
    opened_at: datetime
    order_id: OrderId | None = None
    amount: Money | None = None
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class AttentionItem:
    """`order_code` and `customer_name` say whose order it is about, if it is about one."""

    id: AttentionId
    key: str
    concern: Concern
    opened_at: datetime
    order_id: OrderId | None
    order_code: str | None
    customer_name: str | None
    amount: Money | None
    data: Mapping[str, object]
    closed_at: datetime | None
    closed_by: TelegramId | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True)
class AttentionPage:
    """Some of the open items, the oldest first; `total` counts all that are open."""

    items: tuple[AttentionItem, ...]
    page: int
    pages: int
    total: int
