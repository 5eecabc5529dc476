"""What a row of the outbox does not say can never be sent, whatever kind of message it is."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from bot.domain.money import Money
from bot.domain.outbox import Undeliverable
from handlers.message_data import amount, instant, number


def test_ids_amounts_and_instants_are_read() -> None:
    data = {"order_id": 7, "amount": 1900, "currency": "EUR", "starts_at": "2026-12-12T05:00:00+00:00"}
    assert (number(data, "order_id"), amount(data)) == (7, Money(1900, "EUR"))
    assert instant(data, "starts_at") == datetime(2026, 12, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "data", [{}, {"order_id": "7", "amount": "1", "starts_at": 5}], ids=["missing", "another_sort"]
)
@pytest.mark.parametrize(
    "read", [lambda data: number(data, "order_id"), amount, lambda data: instant(data, "starts_at")]
)
def test_what_is_missing_or_of_another_sort_is_undeliverable(
    data: Mapping[str, object], read: Callable[[Mapping[str, object]], object]
) -> None:
    with pytest.raises(Undeliverable, match="no "):
        read(data)
