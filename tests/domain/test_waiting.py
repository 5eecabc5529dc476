"""Who waits is served in the order of joining, and never in the night or after sales have ended."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.errors import Gone, NotFull, NothingChosen, Refusal, TooLate, TooMany
from bot.domain.ids import CustomerId, InventoryId, WaitingId
from bot.domain.reminders import FROM, UNTIL
from bot.domain.waiting import SHORTEST, Counts, Entry, admit, grants, offered_until
from tests.clock import NOW
from tests.domain.test_selection import ADULT, CHILD, FAMILY, OFFER, OTHER

PARIS = "Europe/Paris"
TWO_HOURS = timedelta(hours=2)
FULL = replace(OFFER, left=0)


def line(*parties: Counts) -> list[Entry]:
    return [
        Entry(WaitingId(number), CustomerId(number), InventoryId(1), counts, "en", PARIS)
        for number, counts in enumerate(parties, start=1)
    ]


def served(left: int, *parties: Counts) -> list[int]:
    return [grant.entry.id for grant in grants(line(*parties), replace(OFFER, left=left), NOW)]


@pytest.mark.parametrize(
    ("left", "who"),
    [(0, []), (1, [2]), (2, [1]), (3, [1, 2]), (4, [1, 2]), (5, [1, 2]), (7, [1, 2, 3])],
)
def test_the_first_who_fits_is_served_and_then_the_next(left: int, who: list[int]) -> None:
    assert served(left, {ADULT: 2}, {CHILD: 1}, {FAMILY: 1}) == who


def test_what_cannot_be_bought_any_more_holds_nobody_up() -> None:
    assert served(2, {OTHER: 1}, {ADULT: 2}) == [2]
    assert not grants(line({ADULT: 1}), replace(OFFER, open=False), NOW)


@given(some.integers(0, 12), some.lists(some.dictionaries(some.sampled_from((ADULT, FAMILY)), some.integers(1, 3))))
def test_never_more_is_given_than_is_free_and_nobody_who_would_still_fit_goes_without(
    left: int, parties: list[Counts]
) -> None:
    found = grants(line(*parties), replace(OFFER, left=left), NOW)
    rest = left - sum(grant.quote.units for grant in found)
    assert rest >= 0
    others = [entry for entry in line(*parties) if entry not in [grant.entry for grant in found]]
    assert not grants(others, replace(OFFER, left=rest), NOW)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-23 09:00", "2026-11-23 11:00"),
        ("2026-11-23 19:00", "2026-11-23 21:00"),
        ("2026-11-23 19:01", "2026-11-24 10:00"),
        ("2026-11-23 23:00", "2026-11-24 10:00"),
        ("2026-11-24 03:00", "2026-11-24 10:00"),
        ("2026-11-24 06:30", "2026-11-24 08:30"),
        ("2026-11-25 09:00", "2026-11-25 10:30"),
        ("2026-11-25 10:15", "2026-11-25 10:30"),
        ("2026-11-25 10:16", None),
    ],
)
def test_an_offer_ends_by_day_and_before_sales_do(now: str, until: str | None) -> None:
    closes = local("2026-11-25 10:30")
    assert offered_until(local(now), closes, TWO_HOURS, PARIS) == (until and local(until))


@given(some.datetimes(datetime(2026, 3, 1), datetime(2026, 12, 1)), some.integers(15, 1380))  # noqa: DTZ001 - as hypothesis wants it
def test_an_offer_is_never_too_short_and_never_ends_in_the_night(now: datetime, minutes: int) -> None:
    moment = now.replace(tzinfo=UTC)
    until = offered_until(moment, moment + timedelta(days=30), timedelta(minutes=minutes), PARIS)
    assert until is not None
    assert SHORTEST <= until - moment <= timedelta(hours=23)
    if until - moment < timedelta(hours=23):
        assert FROM <= until.astimezone(ZoneInfo(PARIS)).time() <= UNTIL


@pytest.mark.parametrize(
    ("counts", "refusal"),
    [
        ({}, NothingChosen),
        ({OTHER: 1}, Gone),
        ({ADULT: 9}, TooMany),
        ({FAMILY: 2}, TooMany),
    ],
)
def test_what_there_never_will_be_room_for_is_not_waited_for(counts: Counts, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        admit(FULL, counts, 7, NOW)


def test_nobody_waits_for_what_there_is_or_for_what_is_over() -> None:
    assert admit(FULL, {ADULT: 2}, 12, NOW).total.minor == 7800
    assert admit(replace(FULL, left=1), {ADULT: 2}, 12, NOW).units == 2
    with pytest.raises(NotFull):
        admit(replace(FULL, left=2), {ADULT: 2}, 12, NOW)
    with pytest.raises(TooLate):
        admit(FULL, {ADULT: 2}, 12, NOW + timedelta(minutes=46))


def local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(PARIS)).astimezone(UTC)
