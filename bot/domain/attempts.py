"""A checkout attempt: what is asked of Stripe, when to ask again, and when to give up on a key."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.domain.ids import AttemptId, OrderId, SessionId
from bot.domain.orders import UNPAID, Attempt, AttemptState, Case, Closing, State

SHORTEST, LONGEST = timedelta(minutes=30), timedelta(hours=24)
"""How long a Checkout Session may live (https://docs.stripe.com/api/checkout/sessions/create)."""
MARGIN = timedelta(minutes=2)
"""Clocks differ and calls take time: sessions live this much longer than Stripe demands."""
MIDWAY = timedelta(hours=12)
"""How long a session is asked to live once Stripe has refused a time: right by clocks that are half a day apart."""
KEY_REMEMBERED = timedelta(hours=23)
"""Stripe forgets idempotency keys after a day; older ones are looked up before they are used."""
SERVER_ERRORS = 3
"""So many 5xx under one key, and it is taken for a stored answer that will never change."""
LOOK_AGAIN = timedelta(minutes=5)
"""How often an open session is asked about, so that a lost webhook heals by itself."""
SLOW = timedelta(seconds=8)
"""After this long without a link the customer is told."""


class Task(Enum):
    """What the worker has to do about an attempt."""

    MAKE = "make"
    FIND = "find"
    EXPIRE = "expire"
    LOOK = "look"
    NOTHING = "nothing"


@dataclass(frozen=True)
class AttemptWork:
    """An attempt with what the worker needs to ask Stripe about it."""

    id: AttemptId
    order_id: OrderId
    order_state: State
    number: int
    current: bool
    state: AttemptState
    client_reference: str
    idempotency_key: str
    parameters: dict[str, object]
    session_id: SessionId | None
    created_at: datetime
    expires_at: datetime
    tries: int
    server_errors: int


def session_expiry(now: datetime, hold_until: datetime) -> datetime:
    """When a session that is made now expires at Stripe, in whole seconds."""
    wanted = max(hold_until, now + SHORTEST + MARGIN)
    return min(wanted, now + LONGEST - MARGIN).replace(microsecond=0)


def expiry_after_refusal(work: AttemptWork, hold_until: datetime, now: datetime) -> datetime | None:
    """When another session may expire once Stripe has refused this one's time; None: not even `MIDWAY` will do.

    Late calls are refused because time has passed; calls in time, because the clocks differ.
    """
    if now - work.created_at > MARGIN:
        return session_expiry(now, hold_until)
    if work.expires_at - work.created_at > MIDWAY - MARGIN:
        return None
    return (now + MIDWAY).replace(microsecond=0)


def task(work: AttemptWork, now: datetime) -> Task:
    """The next thing to do about an attempt."""
    match work.state:
        case AttemptState.NEW:
            looked_up_first = work.server_errors >= SERVER_ERRORS or now - work.created_at > KEY_REMEMBERED
            return Task.FIND if looked_up_first else Task.MAKE
        case AttemptState.LOST:
            return Task.FIND
        case AttemptState.OPEN:
            wanted = work.current and work.order_state in {State.HELD, State.AWAITING_PAYMENT}
            return Task.LOOK if wanted else Task.EXPIRE
        case AttemptState.COMPLETE:
            return Task.LOOK if work.order_state in UNPAID else Task.NOTHING
        case AttemptState.EXPIRED | AttemptState.FAILED | AttemptState.REFUSED:
            return Task.NOTHING


def backoff(tries: int) -> timedelta:
    """How long to wait after so many tries: half a second, doubling, at most a minute."""
    return timedelta(seconds=min(60.0, 0.5 * 2 ** min(tries, 10)))


def pause_before(number: int) -> timedelta:
    """How long to leave Stripe alone before the attempt of that number: a second key is tried at once."""
    return timedelta() if number <= 2 else backoff(number)


def next_look(work: AttemptWork, now: datetime) -> datetime | None:
    """When to ask about an attempt again, once Stripe has answered; None: never."""
    match task(work, now):
        case Task.EXPIRE | Task.MAKE:
            return now
        case Task.LOOK | Task.FIND:
            return now + LOOK_AGAIN
        case Task.NOTHING:
            return None


def is_lost(attempt: Attempt) -> bool:
    """Whether a session may have been made for this attempt that we have never seen.

    Clocks can be wrong, so the end of its time alone does not prove that there was none.
    """
    return attempt.session_id is None and attempt.state in {AttemptState.LOST, AttemptState.EXPIRED}


def must_ask_now(case: Case, attempt: Attempt) -> bool:
    """Whether the order's new state leaves this attempt in need of a call at once."""
    match attempt.state:
        case AttemptState.NEW:
            return case.order.state is State.CLOSING
        case AttemptState.OPEN:
            return case.order.state not in {State.HELD, State.AWAITING_PAYMENT} or attempt != case.current
        case _:
            return False


def is_done(case: Case, attempt: Attempt) -> bool:
    """Whether nothing more can come of this attempt."""
    match attempt.state:
        case AttemptState.EXPIRED | AttemptState.FAILED | AttemptState.REFUSED:
            return True
        case AttemptState.COMPLETE:
            return case.order.state not in UNPAID
        case _:
            return False


def may_ask_anew(work: AttemptWork, closing: Closing | None, hold_until: datetime, now: datetime) -> bool:
    """Whether another attempt may follow one that came to nothing."""
    return work.current and work.order_state is State.HELD and closing is None and now < hold_until
