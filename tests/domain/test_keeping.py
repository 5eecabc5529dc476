"""How long is a month back, and what must be over before somebody is forgotten."""

from datetime import UTC, datetime

import pytest

from bot.domain.keeping import Obstacle, OpenEnds, months_before
from bot.domain.orders import State


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ((2026, 11, 23), 13, (2025, 10, 23)),
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2024, 3, 31), 1, (2024, 2, 29)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2026, 12, 1), 12, (2025, 12, 1)),
        ((2028, 2, 29), 120, (2018, 2, 28)),
        ((2026, 5, 5), 0, (2026, 5, 5)),
    ],
)
def test_so_many_months_ago_is_the_same_day_or_the_last_of_a_shorter_month(
    day: tuple[int, int, int], months: int, before: tuple[int, int, int]
) -> None:
    assert months_before(datetime(*day, 9, 30, tzinfo=UTC), months) == datetime(*before, 9, 30, tzinfo=UTC)


def test_nothing_open_is_no_obstacle() -> None:
    assert OpenEnds().obstacles() == ()


@pytest.mark.parametrize(
    ("ends", "obstacles"),
    [
        (OpenEnds(unpaid=[State.HELD]), {Obstacle.UNPAID}),
        (OpenEnds(unpaid=[State.AWAITING_PAYMENT]), {Obstacle.UNPAID}),
        (OpenEnds(unpaid=[State.PROCESSING]), {Obstacle.UNDER_WAY}),
        (OpenEnds(unpaid=[State.CLOSING, State.HELD]), {Obstacle.UNPAID, Obstacle.UNDER_WAY}),
        (OpenEnds(money_moves=True), {Obstacle.UNDER_WAY}),
        (OpenEnds(visits_ahead=True), {Obstacle.AHEAD}),
        (OpenEnds(looked_at=True), {Obstacle.LOOKED_AT}),
    ],
)
def test_whatever_is_open_is_named(ends: OpenEnds, obstacles: set[Obstacle]) -> None:
    assert set(ends.obstacles()) == obstacles
