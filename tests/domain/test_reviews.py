"""Marks make an average once there are enough of them, and only a visit that was can be marked."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.ids import BookingId
from bot.domain.orders import BookingStatus
from bot.domain.reviews import Rating, Review, may_be_rated
from tests.clock import NOW
from tests.handlers import views


@pytest.mark.parametrize(
    ("stars", "guests", "average"), [(23, 5, "4.6"), (5, 5, "1.0"), (25, 5, "5.0"), (19, 6, "3.2"), (91, 20, "4.6")]
)
def test_an_average_has_one_decimal(stars: int, guests: int, average: str) -> None:
    assert Rating(stars, guests).average == Decimal(average)


def test_four_marks_say_nothing_yet() -> None:
    assert [Rating(4 * count, count).telling for count in (0, 4, 5)] == [False, False, True]


def test_marks_up_to_two_are_low() -> None:
    assert [Review(BookingId(1), stars, None, NOW).low for stars in (1, 2, 3, 5)] == [True, True, False, False]


def test_only_a_visit_that_was_can_be_marked() -> None:
    booking = views.booking()
    end = booking.ordered.ends_at
    assert end is not None
    assert not may_be_rated(booking, end - timedelta(seconds=1))
    assert may_be_rated(booking, end)
    assert not may_be_rated(replace(booking, status=BookingStatus.CANCELLED), end)
    undated = replace(booking, ordered=replace(booking.ordered, starts_at=None, ends_at=None))
    assert not may_be_rated(undated, end)
