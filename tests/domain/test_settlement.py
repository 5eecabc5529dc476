"""The life of an order, transition by transition, as the design draws it."""

from dataclasses import replace

import pytest

from bot.domain.effects import Alert, Concern, Outcome
from bot.domain.facts import SessionFact, SessionStatus
from bot.domain.ids import AttemptId, RefundId
from bot.domain.money import Money
from bot.domain.orders import (
    UNPAID,
    AttemptState,
    BookingStatus,
    Case,
    Closing,
    Reason,
    RefundState,
    Role,
    State,
)
from bot.domain.refunds import settle_refund
from bot.domain.unpaid import (
    begin_closing,
    checkout_lost,
    checkout_refused,
    checkout_unmade,
    close,
    end_if_resolved,
    end_unpaid,
    link_ready,
)
from tests.clock import NOW
from tests.domain.life import (
    EXPIRED,
    FAILED_AT_BANK,
    PAID,
    SEAT,
    SEATS,
    TOTAL,
    UNPAID_YET,
    held,
    notices,
    paid,
    refund,
    roles,
    session,
    settled,
    statuses,
    stored,
)

NEW, OPEN, COMPLETE = AttemptState.NEW, AttemptState.OPEN, AttemptState.COMPLETE
LOST, GONE, REFUSED, FAILED = AttemptState.LOST, AttemptState.EXPIRED, AttemptState.REFUSED, AttemptState.FAILED
FIRST = AttemptId(1)


def concerns(outcome: Outcome) -> list[Concern]:
    return [effect.concern for effect in outcome.effects if isinstance(effect, Alert)]


# A link


def test_a_ready_link_lets_a_held_order_wait_for_payment() -> None:
    outcome = link_ready(held(State.HELD, [NEW]), FIRST)
    assert outcome.case.order.state is State.AWAITING_PAYMENT
    assert notices(outcome.effects) == ["card"]


@pytest.mark.parametrize("state", [state for state in State if state is not State.HELD])
def test_a_link_changes_nothing_for_an_order_that_does_not_wait_for_one(state: State) -> None:
    assert link_ready(held(state, [OPEN]), FIRST) == Outcome(held(state, [OPEN]))


def test_a_link_of_an_old_attempt_is_not_shown() -> None:
    case = held(State.HELD, [LOST, NEW])
    assert link_ready(case, FIRST) == Outcome(case)


# Paid


@pytest.mark.parametrize("state", sorted(UNPAID))
def test_every_unpaid_order_is_booked_when_it_is_paid(state: State) -> None:
    outcome = settled(held(state), PAID)
    case = outcome.case
    assert (case.order.state, case.order.closing, case.order.contact_name) == (State.PAID, None, "Ada Lovelace")
    assert (dict(case.claims), roles(case), statuses(case)) == ({SEAT: SEATS}, [Role.BOOKED], [BookingStatus.CONFIRMED])
    assert notices(outcome.effects) == ["card", "booked", "staff_sale"]


@pytest.mark.fault(48)
def test_paid_wins_over_closing() -> None:
    closing = begin_closing(held(), Closing.CUSTOMER).case
    assert settled(closing, PAID).case.order.state is State.PAID


@pytest.mark.fault(11)
def test_the_same_payment_twice_books_once() -> None:
    assert settled(paid(), PAID) == Outcome(paid())


@pytest.mark.fault(14)
@pytest.mark.parametrize("state", [State.EXPIRED, State.CANCELLED, State.FAILED])
def test_a_late_payment_is_booked_while_there_is_room(state: State) -> None:
    outcome = settled(held(state, [GONE]), PAID, free=SEATS)
    assert (outcome.case.order.state, dict(outcome.case.claims)) == (State.PAID, {SEAT: SEATS})
    assert outcome.case.order.ended_at is None
    assert notices(outcome.effects) == ["card", "booked_late", "staff_sale"]


@pytest.mark.fault(14)
@pytest.mark.parametrize("state", [State.EXPIRED, State.CANCELLED, State.FAILED])
def test_a_late_payment_without_room_goes_back_in_full(state: State) -> None:
    outcome = settled(held(state, [GONE]), PAID, free=SEATS - 1)
    case = outcome.case
    assert (case.order.state, dict(case.claims), case.bookings, roles(case)) == (State.REFUNDED, {}, (), [Role.LATE])
    assert [(each.reason, each.amount, each.state) for each in case.refunds] == [(Reason.LATE, TOTAL, RefundState.NEW)]


@pytest.mark.fault(20)
@pytest.mark.parametrize("state", [State.PAID, State.REFUNDED])
def test_a_second_payment_of_an_order_goes_back(state: State) -> None:
    first = paid()
    case = replace(first, order=replace(first.order, state=state), attempts=held(state, [COMPLETE, OPEN]).attempts)
    outcome = settled(case, session(paid=True, number=2))
    assert (outcome.case.order, outcome.case.bookings) == (case.order, case.bookings)
    assert roles(outcome.case) == [Role.BOOKED, Role.SURPLUS]
    assert [(each.reason, each.payment_intent) for each in outcome.case.refunds] == [(Reason.SURPLUS, "pi_2")]


def test_money_that_stripe_gives_no_handle_on_is_for_a_human() -> None:
    outcome = settled(held(State.EXPIRED, [GONE]), session(paid=True, payment_intent=None))
    assert (outcome.case.refunds, concerns(outcome)) == ((), [Concern.UNMATCHED_PAYMENT])


def test_nothing_that_was_paid_is_nothing_to_give_back() -> None:
    case, nothing = held(State.EXPIRED, [GONE]), Money(0, "EUR")
    free = replace(case, order=replace(case.order, total=nothing))
    outcome = settled(free, session(paid=True, total=nothing, payment_intent=None))
    assert (outcome.case.refunds, concerns(outcome), outcome.case.order.state) == ((), [], State.EXPIRED)


@pytest.mark.fault(15)
@pytest.mark.parametrize(
    "fact",
    [
        session(paid=True, total=Money(7799, "EUR")),
        session(paid=True, total=Money(7800, "USD")),
        session(paid=True, total=None),
        session(paid=True, mode="subscription"),
    ],
)
def test_wrong_money_books_nothing_and_frees_the_seats(fact: SessionFact) -> None:
    outcome = settled(held(), fact)
    case = outcome.case
    assert (case.order.state, dict(case.claims), case.bookings) == (State.FAILED, {}, ())
    assert concerns(outcome) == [Concern.AMOUNT_MISMATCH]
    assert roles(case) == ([] if fact.total is None else [Role.MISMATCH])


@pytest.mark.fault(15)
def test_wrong_money_frees_the_seats_only_once_the_other_page_is_over() -> None:
    wrong = settled(held(attempts=[OPEN, OPEN]), session(paid=True, total=Money(7799, "EUR"))).case
    assert (wrong.order.state, dict(wrong.claims)) == (State.CLOSING, {SEAT: SEATS})
    over = settled(wrong, session(number=2, status=SessionStatus.EXPIRED)).case
    assert (over.order.state, dict(over.claims), over.bookings) == (State.FAILED, {}, ())


@pytest.mark.fault(15)
def test_after_wrong_money_the_right_money_on_the_other_page_books() -> None:
    wrong = settled(held(attempts=[OPEN, OPEN]), session(paid=True, total=Money(7799, "EUR"))).case
    right = settled(wrong, session(paid=True, number=2)).case
    assert (right.order.state, roles(right)) == (State.PAID, [Role.MISMATCH, Role.BOOKED])


def test_wrong_money_for_an_order_that_is_over_is_only_kept_for_a_human() -> None:
    outcome = settled(paid(), session(paid=True, number=2, total=Money(1, "EUR")))
    assert (outcome.case.order.state, concerns(outcome)) == (State.PAID, [Concern.AMOUNT_MISMATCH])


@pytest.mark.fault(15)
def test_a_live_payment_in_test_mode_changes_nothing_but_the_attention_list() -> None:
    outcome = settled(held(), session(paid=True, livemode=True))
    assert (outcome.case, concerns(outcome)) == (held(), [Concern.WRONG_MODE])


def test_money_counts_from_when_it_was_found_where_stripe_does_not_say() -> None:
    asked = replace(PAID, at=None)
    assert settled(held(), asked).case.payments[0].captured_at == NOW


# Delayed payment methods


@pytest.mark.fault(13)
@pytest.mark.parametrize("state", [State.HELD, State.AWAITING_PAYMENT, State.CLOSING])
def test_a_payment_under_way_keeps_the_seats_and_is_told(state: State) -> None:
    outcome = settled(held(state, closing=Closing.DEADLINE if state is State.CLOSING else None), UNPAID_YET)
    assert (outcome.case.order.state, outcome.case.order.closing) == (State.PROCESSING, None)
    assert (dict(outcome.case.claims), notices(outcome.effects)) == ({SEAT: SEATS}, ["card", "processing"])


@pytest.mark.fault(13)
def test_a_payment_that_fails_at_the_bank_frees_the_seats_and_is_told() -> None:
    outcome = settled(settled(held(), UNPAID_YET).case, FAILED_AT_BANK)
    assert (outcome.case.order.state, dict(outcome.case.claims)) == (State.FAILED, {})
    assert notices(outcome.effects) == ["card", "bank_failed"]


@pytest.mark.fault(12)
def test_a_bank_failure_is_final_when_its_beginning_is_heard_later() -> None:
    failed = settled(held(), FAILED_AT_BANK).case
    assert settled(failed, UNPAID_YET) == Outcome(failed)


def test_a_bank_failure_leaves_an_order_alone_that_can_still_be_paid_otherwise() -> None:
    outcome = settled(held(State.PROCESSING, [COMPLETE, OPEN]), FAILED_AT_BANK)
    assert (outcome.case.order.state, outcome.effects) == (State.PROCESSING, ())


def test_an_order_ends_as_failed_once_its_other_link_is_dead_too() -> None:
    """Without this the order stayed in `processing`, with its seats, for ever."""
    case = settled(held(State.PROCESSING, [COMPLETE, OPEN]), FAILED_AT_BANK).case
    outcome = settled(case, session(SessionStatus.EXPIRED, number=2))
    assert (outcome.case.order.state, dict(outcome.case.claims)) == (State.FAILED, {})
    assert notices(outcome.effects) == ["card", "bank_failed"]


def test_a_payment_under_way_at_an_old_link_counts_though_the_new_one_came_to_nothing() -> None:
    assert settled(held(State.HELD, [OPEN, LOST]), UNPAID_YET).case.order.state is State.PROCESSING


# Closing


@pytest.mark.parametrize("state", [State.HELD, State.AWAITING_PAYMENT])
def test_closing_keeps_the_seats_until_stripe_has_let_go(state: State) -> None:
    outcome = close(held(state), Closing.DEADLINE, NOW)
    assert (outcome.case.order.state, dict(outcome.case.claims)) == (State.CLOSING, {SEAT: SEATS})


@pytest.mark.parametrize("state", [state for state in State if state not in {State.HELD, State.AWAITING_PAYMENT}])
def test_only_an_order_that_can_still_be_given_up_is_closed(state: State) -> None:
    assert begin_closing(held(state), Closing.CUSTOMER) == Outcome(held(state))


@pytest.mark.parametrize("attempts", [[NEW], [OPEN], [COMPLETE], [LOST, NEW], [GONE, OPEN]])
def test_no_seat_is_freed_while_a_checkout_can_be_paid(attempts: list[AttemptState]) -> None:
    case = held(State.CLOSING, attempts, Closing.DEADLINE)
    assert end_if_resolved(case, NOW) == Outcome(case)


@pytest.mark.parametrize(
    ("why", "end"),
    [
        (Closing.DEADLINE, State.EXPIRED),
        (Closing.CUSTOMER, State.CANCELLED),
        (Closing.CHANGED, State.CANCELLED),
        (Closing.REFUSED, State.FAILED),
    ],
)
def test_a_closed_order_ends_as_its_reason_says(why: Closing, end: State) -> None:
    outcome = settled(close(held(), why, NOW).case, EXPIRED)
    assert (outcome.case.order.state, dict(outcome.case.claims)) == (end, {})
    assert outcome.case.order.ended_at == NOW


def test_an_order_without_a_live_checkout_ends_at_once() -> None:
    assert close(held(State.HELD, [LOST]), Closing.CUSTOMER, NOW).case.order.state is State.CANCELLED


def test_a_session_that_ran_out_by_itself_ends_its_order_as_expired() -> None:
    outcome = settled(held(), EXPIRED)
    assert outcome.case.order.state is State.EXPIRED
    assert notices(outcome.effects) == ["card", "released"]


def test_an_open_session_says_nothing_new() -> None:
    assert settled(held(), session(SessionStatus.OPEN)) == Outcome(held())


@pytest.mark.parametrize("state", [state for state in State if state not in UNPAID])
def test_an_order_that_is_over_is_not_ended_again(state: State) -> None:
    assert end_unpaid(held(state), NOW) == Outcome(held(state))


@pytest.mark.fault(12)
def test_expired_changes_nothing_for_a_paid_order() -> None:
    assert settled(paid(), EXPIRED) == Outcome(paid())


# What Stripe refused, or lost


def test_an_order_whose_checkout_stripe_refuses_fails_at_once() -> None:
    outcome = checkout_refused(held(State.HELD, [NEW]), FIRST, NOW)
    assert (outcome.case.order.state, dict(outcome.case.claims)) == (State.FAILED, {})


def test_a_refused_checkout_lets_a_closing_order_end() -> None:
    case = held(State.CLOSING, [NEW], Closing.CUSTOMER)
    assert checkout_refused(case, FIRST, NOW).case.order.state is State.CANCELLED


def test_a_checkout_that_was_asked_for_too_late_leaves_the_hold() -> None:
    outcome = checkout_unmade(held(State.HELD, [NEW]), FIRST, NOW)
    assert (outcome.case.order.state, outcome.case.current.state) == (State.HELD, REFUSED)


def test_a_lost_checkout_leaves_the_hold_for_another() -> None:
    outcome = checkout_lost(held(State.HELD, [NEW]), FIRST, NOW)
    assert (outcome.case.order.state, outcome.case.current.state) == (State.HELD, LOST)


def test_a_lost_checkout_lets_a_closing_order_end() -> None:
    case = held(State.CLOSING, [NEW], Closing.DEADLINE)
    assert checkout_lost(case, FIRST, NOW).case.order.state is State.EXPIRED


# Refunds


@pytest.mark.fault(19)
def test_a_full_refund_from_the_dashboard_undoes_the_booking() -> None:
    outcome = settle_refund(paid(), refund("re_1", 7800, RefundState.SUCCEEDED))
    case = outcome.case
    assert (case.order.state, case.order.refunded, dict(case.claims)) == (State.REFUNDED, TOTAL, {})
    assert (statuses(case), concerns(outcome)) == ([BookingStatus.CANCELLED], [Concern.DASHBOARD_REFUND])
    assert notices(outcome.effects) == ["card", "refunded", "staff_refund"]


@pytest.mark.fault(19)
def test_a_partial_refund_from_the_dashboard_leaves_the_booking() -> None:
    outcome = settle_refund(paid(), refund("re_1", 100, RefundState.PENDING))
    case = outcome.case
    assert (case.order.state, case.order.refunded.minor, dict(case.claims)) == (State.PAID, 100, {SEAT: SEATS})
    assert (statuses(case), concerns(outcome)) == ([BookingStatus.CONFIRMED], [Concern.DASHBOARD_REFUND])
    assert notices(outcome.effects) == ["refunded_part"]


def test_parts_that_add_up_undo_the_booking() -> None:
    first = stored(settle_refund(paid(), refund("re_1", 7000, RefundState.SUCCEEDED)).case)
    assert settle_refund(first, refund("re_2", 800, RefundState.SUCCEEDED)).case.order.state is State.REFUNDED


def test_a_refund_that_is_heard_of_again_changes_nothing() -> None:
    once = stored(settle_refund(paid(), refund("re_1", 7800, RefundState.SUCCEEDED)).case)
    for state in (RefundState.SUCCEEDED, RefundState.PENDING):
        assert settle_refund(once, refund("re_1", 7800, state)) == Outcome(once)


@pytest.mark.fault(19)
def test_a_failed_refund_is_for_a_human_and_counts_no_more() -> None:
    once = stored(settle_refund(paid(), refund("re_1", 100, RefundState.PENDING)).case)
    outcome = settle_refund(once, refund("re_1", 100, RefundState.FAILED))
    assert (outcome.case.order.refunded.minor, concerns(outcome)) == (0, [Concern.FAILED_REFUND])


def test_a_failure_that_overtakes_its_refund_does_both() -> None:
    outcome = settle_refund(paid(), refund("re_1", 7800, RefundState.FAILED))
    assert (outcome.case.order.state, outcome.case.order.refunded.minor) == (State.REFUNDED, 0)
    assert concerns(outcome) == [Concern.DASHBOARD_REFUND, Concern.FAILED_REFUND]


def ours(reason: Reason) -> Case:
    """An order with a refund of our own that Stripe has not answered yet."""
    late = settled(held(State.EXPIRED, [GONE]), PAID).case
    return stored(replace(late, refunds=(replace(late.refunds[0], reason=reason),)))


@pytest.mark.parametrize(("reason", "notice"), [(Reason.LATE, "refunded_late"), (Reason.SURPLUS, "refunded_surplus")])
def test_a_refund_of_ours_is_told_when_stripe_accepts_it(reason: Reason, notice: str) -> None:
    fact = replace(refund("re_1", 7800, RefundState.PENDING), ours=RefundId(1))
    outcome = settle_refund(ours(reason), fact)
    assert [each.stripe_id for each in outcome.case.refunds] == ["re_1"]
    assert notices(outcome.effects) == [notice, "staff_refund"]
    arrived = settle_refund(stored(outcome.case), replace(fact, state=RefundState.SUCCEEDED))
    assert (arrived.effects, arrived.case.refunds[0].state) == ((), RefundState.SUCCEEDED)


def test_a_refund_of_ours_that_stripe_refuses_is_for_a_human() -> None:
    fact = replace(refund("", 7800, RefundState.FAILED), ours=RefundId(1))
    outcome = settle_refund(ours(Reason.LATE), fact)
    assert (concerns(outcome), notices(outcome.effects)) == ([Concern.FAILED_REFUND], [])


def test_a_refund_of_wrong_money_is_only_told_to_staff() -> None:
    case = stored(settled(held(), session(paid=True, total=Money(1, "EUR"))).case)
    outcome = settle_refund(case, refund("re_1", 1, RefundState.SUCCEEDED))
    assert (outcome.case.order.state, notices(outcome.effects)) == (State.FAILED, ["staff_refund"])
    assert outcome.case.order.refunded.minor == 0
