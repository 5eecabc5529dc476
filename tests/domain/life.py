"""Orders and facts for the tests of the domain, in a line each.

case = held(State.AWAITING_PAYMENT)                  # two seats of inventory 1 for 78.00 EUR, one attempt, `cs_1`
case = held(State.HELD, [NEW])                       # attempts by their states, numbered from 1, `cs_2` and so on
session(paid=True), session(SessionStatus.EXPIRED)   # what Stripe says of `cs_1`
refund("re_1", 7800, RefundState.PENDING)            # what Stripe says of a refund of `pi_1`
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.effects import Alert, Effect, Outcome, Tell
from bot.domain.facts import RefundFact, SessionFact, SessionStatus
from bot.domain.ids import (
    AttemptId,
    BookingId,
    CustomerId,
    FareId,
    InventoryId,
    OrderId,
    PaymentId,
    RefundId,
    ResourceId,
    SessionId,
)
from bot.domain.money import Money
from bot.domain.orders import (
    RELEASED,
    UNPAID,
    Attempt,
    AttemptState,
    Booking,
    BookingStatus,
    Case,
    Closing,
    Line,
    Order,
    Payment,
    RefundState,
    Role,
    State,
)
from bot.domain.refunds import settle_refund
from bot.domain.settlement import settle_session
from tests.clock import NOW

SEAT, SEATS = InventoryId(1), 2
TOTAL = Money(7800, "EUR")
LINE = Line(ResourceId(1), SEAT, FareId(1), SEATS, Money(3900, "EUR"), seats=1, dated=True)


def held(
    state: State = State.AWAITING_PAYMENT,
    attempts: Sequence[AttemptState] = (AttemptState.OPEN,),
    closing: Closing | None = None,
) -> Case:
    """An order in a state in which it has not been paid."""
    order = Order(
        id=OrderId(1),
        code="K7Q4-MZ",
        customer_id=CustomerId(1),
        state=state,
        closing=closing,
        total=TOTAL,
        refunded=Money(0, "EUR"),
        language="en",
        return_token="return",
        placed_at=NOW,
        hold_until=NOW + timedelta(minutes=15),
        ended_at=NOW if state in RELEASED else None,
    )
    claims = {SEAT: SEATS} if state in UNPAID else {}
    return Case(order, (LINE,), claims, tuple(attempt(number, each) for number, each in enumerate(attempts, start=1)))


def attempt(number: int, state: AttemptState) -> Attempt:
    made = state not in {AttemptState.NEW, AttemptState.LOST, AttemptState.REFUSED}
    session_id = SessionId(f"cs_{number}") if made else None
    return Attempt(AttemptId(number), number, state, session_id, NOW + timedelta(minutes=32))


def stored(case: Case) -> Case:
    """The same as it is read back: what was new has its id."""

    def numbered(rows: Sequence[object]) -> range:
        return range(1, len(rows) + 1)

    return Case(
        case.order,
        case.lines,
        case.claims,
        case.attempts,
        tuple(
            Payment(PaymentId(number), each.session_id, each.payment_intent, each.role, each.amount, each.captured_at)
            for number, each in zip(numbered(case.payments), case.payments, strict=True)
        ),
        tuple(
            type(each)(
                RefundId(number),
                each.payment_intent,
                each.reason,
                each.state,
                each.amount,
                each.stripe_id,
                each.created_at,
                each.inventory_id,
            )
            for number, each in zip(numbered(case.refunds), case.refunds, strict=True)
        ),
        tuple(
            Booking(BookingId(number), each.resource_id, each.inventory_id, each.status, each.paid, each.starts_at)
            for number, each in zip(numbered(case.bookings), case.bookings, strict=True)
        ),
    )


def session(
    status: SessionStatus = SessionStatus.COMPLETE,
    *,
    paid: bool = False,
    bank_failed: bool = False,
    number: int = 1,
    total: Money | None = TOTAL,
    mode: str = "payment",
    livemode: bool = False,
    payment_intent: str | None = "",
) -> SessionFact:
    intent = f"pi_{number}" if payment_intent == "" else payment_intent
    return SessionFact(
        session_id=SessionId(f"cs_{number}"),
        mark=None,
        mode=mode,
        livemode=livemode,
        status=status,
        paid=paid,
        bank_failed=bank_failed,
        total=total,
        payment_intent=None if status is SessionStatus.EXPIRED else intent,
        url=None,
        expires_at=NOW + timedelta(minutes=32),
        at=NOW,
        name="Ada Lovelace",
    )


def refund(stripe_id: str, minor: int, state: RefundState, intent: str = "pi_1") -> RefundFact:
    return RefundFact(stripe_id, intent, None, Money(minor, "EUR"), state, NOW)


PAID, UNPAID_YET = session(paid=True), session()
EXPIRED = session(SessionStatus.EXPIRED)
FAILED_AT_BANK = session(bank_failed=True)


def settled(case: Case, fact: SessionFact, free: int = 0) -> Outcome:
    return settle_session(case, fact, {SEAT: free}, live=False, now=NOW)


def paid() -> Case:
    """An order that is booked, as it is read back."""
    return stored(settled(held(), session(paid=True)).case)


@dataclass
class Life:
    """One order to which facts come in any order; those of a payment that is not known yet wait for it."""

    case: Case
    free: int = 10
    alerts: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    waiting: list[RefundFact] = field(default_factory=list)

    def hear(self, fact: SessionFact | RefundFact) -> None:
        if isinstance(fact, SessionFact):
            room = {SEAT: self.free - self.case.claims.get(SEAT, 0)}
            self._take(settle_session(self.case, fact, room, live=False, now=NOW))
            known, self.waiting = self.waiting, []
            for waited in known:
                self.hear(waited)
        elif self.case.payment_of(fact.payment_intent) is None:
            self.waiting.append(fact)
        else:
            self._take(settle_refund(self.case, fact))

    def _take(self, outcome: Outcome) -> None:
        self.case = stored(outcome.case)
        self.alerts |= {effect.key for effect in outcome.effects if isinstance(effect, Alert)}
        self.told += notices(outcome.effects)

    def end(self) -> object:
        """All that must not depend on the order in which the news came."""
        case = self.case
        return (
            case.order.state,
            case.order.closing,
            case.order.refunded,
            dict(case.claims),
            sorted((each.session_id, each.role, each.amount) for each in case.payments),
            sorted((str(each.stripe_id), each.state, each.amount.minor) for each in case.refunds),
            [each.status for each in case.bookings],
            self.alerts,
        )


def notices(effects: Sequence[Effect]) -> list[str]:
    return [effect.notice.value for effect in effects if isinstance(effect, Tell)]


def roles(case: Case) -> list[Role]:
    return [payment.role for payment in case.payments]


def statuses(case: Case) -> list[BookingStatus]:
    return [booking.status for booking in case.bookings]
