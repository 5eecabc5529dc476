"""What is asked of Stripe about a checkout, and when."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.attempts import (
    KEY_REMEMBERED,
    LOOK_AGAIN,
    SERVER_ERRORS,
    AttemptWork,
    Task,
    backoff,
    is_done,
    may_ask_anew,
    must_ask_now,
    next_look,
    session_expiry,
    task,
)
from bot.domain.ids import AttemptId, OrderId, SessionId
from bot.domain.orders import UNPAID, AttemptState, Closing, State
from tests.clock import NOW
from tests.domain.life import held

PAYABLE = {State.HELD, State.AWAITING_PAYMENT}
OVER = (AttemptState.EXPIRED, AttemptState.FAILED, AttemptState.REFUSED)


def work(state: AttemptState, order: State = State.HELD) -> AttemptWork:
    return AttemptWork(
        id=AttemptId(1),
        order_id=OrderId(1),
        order_state=order,
        number=1,
        current=True,
        state=state,
        client_reference="K7Q4-MZ-1",
        idempotency_key="key",
        parameters={},
        session_id=SessionId("cs_1"),
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=32),
        tries=0,
        server_errors=0,
    )


@given(
    hold=some.timedeltas(timedelta(minutes=-5), timedelta(days=3)),
    moment=some.timedeltas(timedelta(), timedelta(days=1)),
)
def test_a_session_lives_as_long_as_stripe_wants_and_at_least_as_long_as_the_hold(
    hold: timedelta, moment: timedelta
) -> None:
    now = NOW + moment
    expiry = session_expiry(now, now + hold)
    assert now + timedelta(minutes=31) < expiry < now + timedelta(hours=24)
    assert expiry.microsecond == 0
    if timedelta(minutes=32) < hold < timedelta(hours=23):
        assert timedelta() <= now + hold - expiry < timedelta(seconds=1)


def test_a_new_checkout_is_made() -> None:
    assert task(work(AttemptState.NEW), NOW) is Task.MAKE


@pytest.mark.fault(22)
def test_a_key_on_which_stripe_keeps_failing_is_not_used_again_before_a_look() -> None:
    assert task(replace(work(AttemptState.NEW), server_errors=SERVER_ERRORS), NOW) is Task.FIND
    assert task(replace(work(AttemptState.NEW), server_errors=SERVER_ERRORS - 1), NOW) is Task.MAKE


@pytest.mark.fault(3)
def test_a_key_that_stripe_may_have_forgotten_is_not_used_again_before_a_look() -> None:
    later = NOW + KEY_REMEMBERED
    assert task(work(AttemptState.NEW), later) is Task.MAKE
    assert task(work(AttemptState.NEW), later + timedelta(seconds=1)) is Task.FIND


@pytest.mark.parametrize("order", list(State))
def test_an_open_session_is_watched_while_its_order_waits_and_expired_otherwise(order: State) -> None:
    wanted = Task.LOOK if order in PAYABLE else Task.EXPIRE
    assert task(work(AttemptState.OPEN, order), NOW) is wanted
    assert task(replace(work(AttemptState.OPEN, order), current=False), NOW) is Task.EXPIRE


@pytest.mark.parametrize("order", list(State))
def test_a_complete_session_is_watched_until_its_order_is_settled(order: State) -> None:
    assert task(work(AttemptState.COMPLETE, order), NOW) is (Task.LOOK if order in UNPAID else Task.NOTHING)


def test_a_lost_checkout_is_looked_for() -> None:
    assert task(work(AttemptState.LOST), NOW) is Task.FIND


@pytest.mark.parametrize("state", OVER)
def test_nothing_is_asked_about_what_is_over(state: AttemptState) -> None:
    assert task(work(state), NOW) is Task.NOTHING
    assert next_look(work(state), NOW) is None


@pytest.mark.parametrize(
    ("state", "order", "when"),
    [
        (AttemptState.NEW, State.HELD, NOW),
        (AttemptState.OPEN, State.CLOSING, NOW),
        (AttemptState.OPEN, State.AWAITING_PAYMENT, NOW + LOOK_AGAIN),
        (AttemptState.COMPLETE, State.PROCESSING, NOW + LOOK_AGAIN),
        (AttemptState.LOST, State.HELD, NOW + LOOK_AGAIN),
        (AttemptState.COMPLETE, State.PAID, None),
    ],
)
def test_what_must_be_done_is_done_now_and_what_may_change_is_looked_at_later(
    state: AttemptState, order: State, when: datetime | None
) -> None:
    assert next_look(work(state, order), NOW) == when


def test_tries_are_spaced_ever_wider_but_at_most_a_minute() -> None:
    pauses = [backoff(tries).total_seconds() for tries in (0, 1, 2, 3, 6, 7, 8, 10**6)]
    assert pauses == [0.5, 1, 2, 4, 32, 60, 60, 60]


@pytest.mark.parametrize("order", list(State))
def test_a_session_that_should_not_be_open_is_seen_to_at_once(order: State) -> None:
    case = held(order, [AttemptState.OPEN])
    assert must_ask_now(case, case.current) is (order not in PAYABLE)


def test_a_session_of_an_old_attempt_is_seen_to_at_once() -> None:
    case = held(State.AWAITING_PAYMENT, [AttemptState.OPEN, AttemptState.OPEN])
    assert must_ask_now(case, case.attempts[0])
    assert not must_ask_now(case, case.attempts[1])


@pytest.mark.fault(48)
def test_a_closing_order_does_not_wait_for_the_next_try_to_make_its_session() -> None:
    closing, holding = held(State.CLOSING, [AttemptState.NEW]), held(State.HELD, [AttemptState.NEW])
    assert must_ask_now(closing, closing.current)
    assert not must_ask_now(holding, holding.current)


@pytest.mark.parametrize("state", OVER)
def test_what_is_over_needs_nothing_more(state: AttemptState) -> None:
    case = held(State.CLOSING, [state])
    assert is_done(case, case.current)
    assert not must_ask_now(case, case.current)


@pytest.mark.parametrize("order", list(State))
def test_a_complete_session_needs_nothing_more_once_its_order_is_settled(order: State) -> None:
    case = held(order, [AttemptState.COMPLETE])
    assert is_done(case, case.current) is (order not in UNPAID)


@pytest.mark.parametrize("state", [AttemptState.NEW, AttemptState.OPEN, AttemptState.LOST])
def test_what_can_still_surface_is_not_done(state: AttemptState) -> None:
    case = held(State.CANCELLED, [state])
    assert not is_done(case, case.current)


def test_another_attempt_follows_only_while_the_hold_lasts() -> None:
    until = NOW + timedelta(minutes=15)
    new = work(AttemptState.NEW)
    assert may_ask_anew(new, None, until, NOW)
    assert not may_ask_anew(new, None, until, until)
    assert not may_ask_anew(new, Closing.CUSTOMER, until, NOW)
    assert not may_ask_anew(replace(new, current=False), None, until, NOW)
    assert not may_ask_anew(replace(new, order_state=State.AWAITING_PAYMENT), None, until, NOW)
