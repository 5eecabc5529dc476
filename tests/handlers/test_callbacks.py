"""What a button carries survives the way there and back; everything else is out of date."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import OutOfDate
from bot.domain.ids import NONCE_LENGTH, FareId
from handlers import callbacks
from handlers.callbacks import MOST_BYTES, MOST_COUNT, VERSION, Action, DoesNotFit, base36, pack, packed_counts, parse
from handlers.staff_callbacks import PATTERN, StaffTap

IDS = st.integers(min_value=0, max_value=36**6)
COUNTS = st.dictionaries(
    IDS.filter(bool).map(FareId), st.integers(min_value=1, max_value=MOST_COUNT), min_size=0, max_size=6
)


@given(st.sampled_from(Action), st.lists(IDS, max_size=4))
def test_what_is_packed_is_read_back(action: Action, fields: list[int]) -> None:
    call = parse(pack(action, *fields))
    assert (call.action, call.numbers(len(fields))) == (action, tuple(fields))


@given(COUNTS)
def test_a_party_is_read_back(counts: dict[FareId, int]) -> None:
    assert callbacks.counts(packed_counts(counts)) == counts


@given(st.dates())
def test_a_day_is_read_back(day: date) -> None:
    assert callbacks.day(base36(day.toordinal())) == day


@given(COUNTS, IDS, IDS)
def test_no_button_is_longer_than_telegram_allows(counts: dict[FareId, int], inventory: int, total: int) -> None:
    try:
        data = pack(Action.PLACE, inventory, packed_counts(counts), total, "n" * NONCE_LENGTH)
    except DoesNotFit:
        return
    assert len(data.encode()) <= MOST_BYTES


@pytest.mark.fault(43)
@given(st.text(max_size=80) | st.text(alphabet="1:.-acghkpz0 ", max_size=64).map(lambda tail: f"1:{tail}"))
def test_hostile_data_is_out_of_date_or_read_as_what_it_says(data: str) -> None:
    try:
        call = parse(data)
        inventory, total = callbacks.number(call.word(0)), callbacks.number(call.word(2))
        counts, nonce = callbacks.counts(call.word(1)), callbacks.nonce(call.word(3))
    except OutOfDate:
        return
    assert pack(call.action, inventory, packed_counts(counts), total, nonce) == ":".join(data.split(":")[:6])


@pytest.mark.parametrize(
    "field", ["", "-1", "+1", "01", " 1", "1 ", "1_0", "A", "é", "\N{ARABIC-INDIC DIGIT ONE}", "z" * 13, "1.0", "0x1"]
)
def test_only_plain_numbers_are_numbers(field: str) -> None:
    with pytest.raises(OutOfDate):
        callbacks.number(field)


@pytest.mark.fault(32)
@pytest.mark.parametrize(
    "field", ["1", "1.", ".1", "1.0", "1.1-", "-1.1", "1.1-1.2", "1.-1", "1.1.1", "1.7ps", "1.1--2.1"]
)
def test_odd_parties_are_out_of_date(field: str) -> None:
    with pytest.raises(OutOfDate):
        callbacks.counts(field)


@pytest.mark.parametrize("field", ["0", "zzzzz"])
def test_days_outside_of_the_calendar_are_out_of_date(field: str) -> None:
    with pytest.raises(OutOfDate):
        callbacks.day(field)


def test_a_missing_or_a_further_field_is_out_of_date() -> None:
    for fields in ((), (1, 2)):
        with pytest.raises(OutOfDate):
            parse(pack(Action.CARD, *fields)).number()


def test_letters_of_actions_are_never_shared() -> None:
    assert len({action.value for action in Action}) == len(Action)


def test_no_button_of_customers_is_taken_for_one_of_staff() -> None:
    """Found by the simulation: a button of the letter that staff's begin with was answered by nobody."""
    assert not [action for action in Action if re.match(PATTERN, pack(action, 1))]
    assert all(re.match(PATTERN, f"{VERSION}:{tap}:1") for tap in StaffTap)
