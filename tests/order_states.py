"""Walks through everything that can become of an order, by the application's own decisions."""

from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import product

from bot.domain.cancelling import cancel, due
from bot.domain.effects import Outcome
from bot.domain.errors import CannotCancel
from bot.domain.facts import RefundFact, SessionFact, SessionStatus
from bot.domain.ids import (
    AttemptId,
    BookingId,
    CustomerId,
    FareId,
    InventoryId,
    OrderId,
    RefundId,
    ResourceId,
    SessionId,
)
from bot.domain.money import Money
from bot.domain.orders import (
    Attempt,
    AttemptState,
    Case,
    Closing,
    Line,
    Order,
    RefundState,
    State,
)
from bot.domain.refund_rules import RefundStep
from bot.domain.refunds import settle_refund
from bot.domain.settlement import settle_session
from bot.domain.unpaid import checkout_lost, checkout_refused, checkout_unmade, close, link_ready
from tests.clock import NOW

Step = tuple[State, State]

SLOT = InventoryId(7)
PRICE = Money(3900, "EUR")
MOST_ATTEMPTS = 2
RULES = (RefundStep(24, 100),)


def steps() -> set[Step]:
    """Every change of an order's state, from being placed until nothing new can come of it."""
    placed = _placed()
    seen, waiting, found = {_shape(placed)}, [placed], set[Step]()
    while waiting:
        case = waiting.pop()
        for after in map(_stored, _futures(case)):
            if after.order.state is not case.order.state:
                found.add((case.order.state, after.order.state))
            shape = _shape(after)
            if shape not in seen:
                seen.add(shape)
                waiting.append(after)
    return found


def _shape(case: Case) -> Hashable:
    """All of a case that differs between one way and another."""
    order = case.order
    attempts = tuple((attempt.state, attempt.session_id) for attempt in case.attempts)
    payments = tuple((payment.session_id, payment.payment_intent, payment.role) for payment in case.payments)
    refunds = tuple((refund.stripe_id, refund.state, refund.amount.minor) for refund in case.refunds)
    bookings = tuple(booking.status for booking in case.bookings)
    return order.state, order.closing, order.refunded.minor, bool(case.claims), attempts, payments, refunds, bookings


def _placed() -> Case:
    order = Order(
        id=OrderId(1),
        code="K7Q4-MX",
        customer_id=CustomerId(1),
        state=State.HELD,
        closing=None,
        total=PRICE,
        refunded=Money(0, "EUR"),
        language="en",
        return_token="token",
        placed_at=NOW,
        hold_until=NOW + timedelta(minutes=30),
    )
    line = Line(ResourceId(1), SLOT, FareId(1), quantity=1, unit=PRICE, seats=1, dated=True, rules=RULES)
    return Case(order, (line,), {SLOT: 1}, (_attempt(1),))


def _attempt(number: int) -> Attempt:
    return Attempt(AttemptId(number), number, AttemptState.NEW, None, NOW + timedelta(minutes=32))


def _futures(case: Case) -> Iterator[Case]:
    """What one transaction can make of a case: people's wishes, Stripe's answers, Stripe's news."""
    for why in (Closing.DEADLINE, Closing.CUSTOMER, Closing.CHANGED):
        yield close(case, why, NOW).case
    for attempt in case.attempts:
        if attempt.state is AttemptState.NEW:
            yield checkout_refused(case, attempt.id, NOW).case
            yield from _once_more(attempt, checkout_unmade(case, attempt.id, NOW))
            yield from _once_more(attempt, checkout_lost(case, attempt.id, NOW))
        if attempt.state in {AttemptState.NEW, AttemptState.LOST}:
            yield from _adopted(case, attempt)
        if attempt.session_id is not None:
            yield from _news(case, attempt.session_id)
    yield from _cancelled(case)
    yield from _refunds(case)


def _once_more(attempt: Attempt, outcome: Outcome) -> Iterator[Case]:
    """An attempt has come to nothing: while the hold lasts another one follows, afterwards the order is closed."""
    case = outcome.case
    is_wanted = case.order.state is State.HELD and case.current.id == attempt.id
    if is_wanted and len(case.attempts) < MOST_ATTEMPTS:
        yield replace(case, attempts=(*case.attempts, _attempt(attempt.number + 1)))
    yield close(case, Closing.DEADLINE, NOW).case


def _adopted(case: Case, attempt: Attempt) -> Iterator[Case]:
    """Stripe has a session for the attempt; it may be over already when it is found."""
    session = SessionId(f"cs_{attempt.number}")
    made = replace(attempt, session_id=session, state=AttemptState.OPEN)
    attempts = tuple(made if each.id == attempt.id else each for each in case.attempts)
    found = replace(case, attempts=attempts)
    yield link_ready(found, attempt.id).case
    yield from _news(found, session)


def _news(case: Case, session: SessionId) -> Iterator[Case]:
    for fact in _session_facts(session):
        for room in ({}, {SLOT: 1}):
            yield settle_session(case, fact, room, live=False, now=NOW).case


def _session_facts(session: SessionId) -> Iterator[SessionFact]:
    complete = SessionFact(
        session_id=session,
        mark=None,
        mode="payment",
        livemode=False,
        status=SessionStatus.COMPLETE,
        paid=True,
        bank_failed=False,
        total=PRICE,
        payment_intent=f"pi_{session}",
        url=None,
        expires_at=NOW + timedelta(minutes=32),
        at=NOW,
    )
    yield complete
    yield replace(complete, total=Money(1, "EUR"))
    yield replace(complete, payment_intent=None)
    yield replace(complete, livemode=True)
    yield replace(complete, paid=False)
    yield replace(complete, paid=False, bank_failed=True)
    yield replace(complete, paid=False, status=SessionStatus.OPEN)
    yield replace(complete, paid=False, status=SessionStatus.EXPIRED)


def _refunds(case: Case) -> Iterator[Case]:
    """Stripe's answers to the refunds that we asked for, and those that are made in its dashboard."""
    states = (RefundState.PENDING, RefundState.SUCCEEDED, RefundState.FAILED)
    for refund, state in product(case.refunds, states):
        name = refund.stripe_id or f"re_{refund.id}"
        yield settle_refund(case, RefundFact(name, refund.payment_intent, refund.id, refund.amount, state, NOW)).case
    for payment, minor, state in product(case.payments, (PRICE.minor, 1900), states):
        if payment.payment_intent is not None and not case.refunds:
            amount, name = Money(minor, "EUR"), f"re_{payment.payment_intent}_{minor}"
            yield settle_refund(case, RefundFact(name, payment.payment_intent, None, amount, state, NOW)).case


def _cancelled(case: Case) -> Iterator[Case]:
    """The customer cancels what was booked, where that is possible; what comes of other refunds is known without it."""
    for booking in case.bookings:
        if booking.id is not None and not case.refunds and len(case.attempts) == 1:
            with suppress(CannotCancel):
                yield cancel(case, booking.id, due(case, booking.id, NOW).amount.minor, NOW).case


def _stored(case: Case) -> Case:
    """The database gives ids to what is new."""
    refunds = tuple(replace(refund, id=refund.id or RefundId(n)) for n, refund in enumerate(case.refunds, start=1))
    bookings = tuple(replace(each, id=each.id or BookingId(n)) for n, each in enumerate(case.bookings, start=1))
    return replace(case, refunds=refunds, bookings=bookings)
