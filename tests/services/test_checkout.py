"""A session is made once per attempt, whatever Stripe does meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.attempts import LOOK_AGAIN
from bot.domain.errors import Gone
from bot.domain.ids import OrderId
from bot.domain.orders import AttemptState, State
from bot.domain.selection import Selection
from bot.payments.failures import OutcomeUnknown, ServerFailed
from bot.sandbox.faults import Fault, Kind, Service
from bot.sandbox.stripe.journal import Call
from bot.services import checkout
from bot.services.checkout_parameters import CheckoutParameters, CheckoutSettings
from bot.services.links import Links
from bot.services.ordering import Ordering
from storage import attempts, schema
from tests.builders import FareSeed, add_category, add_event, add_slot, at
from tests.world import RULES, World

CREATE = "/v1/checkout/sessions"


def creations(world: World) -> list[Call]:
    return [call for call in world.stripe.journal.calls() if (call.method, call.path) == ("POST", CREATE)]


async def attempt_states(world: World, order: OrderId) -> list[AttemptState]:
    return [attempt.state for attempt in (await world.case(order)).attempts]


async def state(world: World, order: OrderId) -> State:
    return (await world.case(order)).order.state


@pytest.mark.fault(22)
@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.TIMEOUT_BEFORE, 0),
        (Kind.TIMEOUT_AFTER, 0),
        (Kind.RESET_BEFORE, 0),
        (Kind.RESET_AFTER, 0),
        (Kind.TRUNCATED, 0),
        (Kind.ERROR, 409),
        (Kind.ERROR, 429),
    ],
)
async def test_an_unknown_outcome_is_asked_about_with_the_same_key_and_bytes(
    world: World, kind: Kind, status: int
) -> None:
    world.fault(kind, CREATE, status=status)
    order = await world.place()
    await world.work()
    assert await state(world, order) is State.HELD
    await world.advance(seconds=1)
    await world.work()
    first, second = creations(world)
    assert (first.raw, first.idempotency_key) == (second.raw, second.idempotency_key)
    assert await state(world, order) is State.AWAITING_PAYMENT
    assert len(world.stripe.sessions()) == 1


@pytest.mark.fault(22)
async def test_tries_are_spaced_while_stripe_is_away(world: World) -> None:
    world.fault(Kind.ERROR, CREATE, status=429, times=None)
    await world.place()
    for _ in range(20):
        await world.ask()
        await world.advance(seconds=3)
    assert 4 <= len(creations(world)) <= 7


@pytest.mark.fault(22)
async def test_a_stored_5xx_is_left_behind_with_a_new_key(world: World) -> None:
    order = await world.lost()
    assert await attempt_states(world, order) == [AttemptState.LOST, AttemptState.OPEN]
    keys = [call.idempotency_key for call in creations(world)]
    assert len(keys) == 4
    assert len(set(keys[:3])) == 1
    assert keys[3] not in keys[:3]
    assert await state(world, order) is State.AWAITING_PAYMENT
    assert (await world.told())[-1] == "card:link2"


async def test_the_card_knows_of_a_page_that_was_lost_sight_of(world: World) -> None:
    order = await world.lost()
    assert (await world.ordering.card(order)).unsure


async def test_what_was_once_lost_sight_of_stays_unsure_for_our_clock_may_be_wrong(world: World) -> None:
    order = await world.lost()
    await world.live_through(50, step=10)
    assert (await world.ordering.card(order)).unsure


@pytest.mark.fault(22)
async def test_new_keys_follow_each_other_ever_more_slowly(world: World) -> None:
    order, keys = await world.place(), 0
    for _ in range(14 * 6):
        states = await attempt_states(world, order)
        if len(states) > keys:
            keys = len(states)
            world.fault(Kind.ERROR, CREATE)
        await world.ask()
        await world.advance(seconds=10)
    assert 6 < keys < 20


@pytest.mark.fault(22)
async def test_a_lost_attempt_of_which_nothing_surfaces_is_let_go_after_its_time(world: World) -> None:
    order = await world.lost()
    await world.live_through(50, step=10)
    assert await attempt_states(world, order) == [AttemptState.EXPIRED, AttemptState.EXPIRED]
    assert await state(world, order) is State.EXPIRED


@pytest.mark.fault(22)
async def test_a_lost_session_that_surfaces_is_expired(world: World) -> None:
    order = await world.lost()
    surfaced = await world.surface(order)
    await world.advance(minutes=5)
    await world.work()
    assert world.stripe.session(surfaced)["status"] == "expired"
    assert await attempt_states(world, order) == [AttemptState.EXPIRED, AttemptState.OPEN]
    assert await state(world, order) is State.AWAITING_PAYMENT


@pytest.mark.fault(20)
async def test_a_lost_session_that_surfaces_paid_is_the_booking(world: World) -> None:
    order = await world.lost()
    world.stripe.pay(await world.surface(order), "success")
    await world.hear()
    assert await attempt_states(world, order) == [AttemptState.COMPLETE, AttemptState.EXPIRED]
    assert await state(world, order) is State.PAID
    await world.check_money()


@pytest.mark.fault(20)
async def test_a_lost_session_that_surfaces_paid_without_a_word_is_the_booking(world: World) -> None:
    order = await world.lost()
    world.drop_webhooks()
    world.stripe.pay(await world.surface(order), "success")
    await world.advance(minutes=5)
    await world.work()
    assert await state(world, order) is State.PAID


@pytest.mark.fault(20)
async def test_what_was_paid_on_a_page_that_was_given_up_for_lost_is_booked_late(world: World) -> None:
    order = await world.lost()
    world.clock.advance(timedelta(hours=1))  # ours alone
    await world.work()
    assert await state(world, order) is State.EXPIRED
    world.stripe.pay(await world.surface(order), "success")
    await world.hear()
    assert await state(world, order) is State.PAID
    await world.check_money()


@pytest.mark.fault(20)
async def test_two_paid_sessions_of_one_order_are_one_booking_and_one_refund(world: World) -> None:
    order = await world.lost()
    world.stripe.pay(await world.surface(order), "success")
    await world.pay(order)
    await world.hear()
    await world.advance(minutes=5)
    await world.hear()
    case = await world.case(order)
    assert (case.order.state, len(case.bookings), case.order.refunded.minor) == (State.PAID, 1, 0)
    assert sorted(row.refunded for row in world.stripe.ledger()) == [0, 7800]
    assert any(told.startswith("refunded_surplus") for told in await world.told())
    await world.check_money()


@pytest.mark.fault(2)
async def test_after_two_minutes_away_the_same_session_is_asked_for(world: World) -> None:
    world.fault(Kind.TIMEOUT_AFTER, CREATE)
    order = await world.place()
    await world.ask()
    await world.advance(minutes=2)
    await world.checkout.resume()
    await world.work()
    assert await attempt_states(world, order) == [AttemptState.OPEN]
    assert len(world.stripe.sessions()) == 1


@pytest.mark.fault(2)
async def test_after_a_pause_that_makes_the_expiry_too_near_another_attempt_follows(world: World) -> None:
    order = await world.place()
    await world.advance(minutes=5)
    await world.work()
    assert await attempt_states(world, order) == [AttemptState.REFUSED, AttemptState.OPEN]
    assert await state(world, order) is State.AWAITING_PAYMENT
    assert await world.concerns() == []


@pytest.mark.parametrize("behind", [timedelta(minutes=3), timedelta(hours=11)])
async def test_clocks_that_differ_by_hours_cost_one_refusal(world: World, behind: timedelta) -> None:
    world.stripe_clock.advance(behind)
    order = await world.place()
    await world.work()
    assert await attempt_states(world, order) == [AttemptState.REFUSED, AttemptState.OPEN]
    assert len(creations(world)) == 2


async def test_clocks_that_differ_by_more_are_for_a_human_after_two_refusals(world: World) -> None:
    world.stripe_clock.advance(timedelta(hours=13))
    order = await world.place()
    await world.work()
    assert await attempt_states(world, order) == [AttemptState.REFUSED, AttemptState.REFUSED]
    assert (await state(world, order), await world.concerns()) == (State.FAILED, ["refused_checkout"])
    assert len(creations(world)) == 2


@pytest.mark.fault(2)
async def test_after_two_hours_away_the_seats_are_released(world: World) -> None:
    order = await world.place()
    await world.advance(hours=2)
    await world.checkout.resume()
    await world.work()
    assert await state(world, order) is State.EXPIRED
    assert await world.taken(world.shop.slots[0]) == 0


async def test_a_hold_that_runs_out_while_stripe_refuses_is_released(world: World) -> None:
    """The worker may come to the attempt before the deadline is noticed."""
    order = await world.place()
    await world.advance(minutes=16)
    await world.ask()
    assert await attempt_states(world, order) == [AttemptState.REFUSED]
    assert await state(world, order) is State.EXPIRED


@pytest.mark.fault(3)
async def test_after_a_day_a_session_is_looked_up_before_its_key_is_used_again(world: World) -> None:
    world.fault(Kind.TIMEOUT_AFTER, CREATE)
    order = await world.place()
    await world.ask()
    await world.advance(hours=25)
    await world.hear()
    assert len(creations(world)) == 1
    case = await world.case(order)
    assert (case.order.state, case.current.state) == (State.EXPIRED, AttemptState.EXPIRED)
    assert case.current.session_id is not None


async def test_an_amount_too_small_for_stripe_is_a_normal_answer(world: World) -> None:
    walk = await add_event(
        world.database, await add_category(world.database, "cheap"), "stroll", [FareSeed("adult", 10)]
    )
    slot = await add_slot(world.database, walk.id, at(2))
    order = await world.ordering.place(
        world.shop.customer_id,
        Selection(slot, {walk.fares["adult"]: 1}),
        nonce="small",
        confirmed_total=10,
        language="en",
    )
    await world.work()
    assert (await state(world, order), await world.taken(slot)) == (State.FAILED, 0)
    assert (await world.ordering.card(order)).too_small
    assert await world.concerns() == []


async def test_what_stripe_refuses_for_another_reason_is_for_a_human(world: World) -> None:
    world.fault(Kind.ERROR, CREATE, status=400)
    order = await world.place()
    await world.work()
    assert await state(world, order) is State.FAILED
    assert await world.concerns() == ["refused_checkout"]
    assert not (await world.ordering.card(order)).too_small


@pytest.mark.parametrize("status", [400, 404])
async def test_a_refused_look_undoes_nothing(world: World, status: int) -> None:
    """A session that Stripe does not show us, say under another account's key, may still be paid."""
    order = await world.placed_with_link()
    world.fault(Kind.ERROR, f"{CREATE}/", status=status)
    await world.advance(minutes=5)
    await world.work()
    assert await state(world, order) is State.AWAITING_PAYMENT
    await world.pay(order)
    await world.advance(minutes=1)
    await world.work()
    assert await state(world, order) is State.PAID


@pytest.mark.fault(18)
async def test_a_payment_of_which_no_webhook_came_is_found_within_minutes(world: World) -> None:
    world.drop_webhooks()
    order = await world.placed_with_link()
    await world.pay(order)
    await world.advance(seconds=LOOK_AGAIN.total_seconds())
    await world.work()
    assert await state(world, order) is State.PAID


async def test_money_found_by_asking_counts_on_the_day_on_which_it_was_found(world: World) -> None:
    """Not on the day on which the session was made, days before the bank paid."""
    world.drop_webhooks()
    slot = await add_slot(world.database, world.shop.event.id, at(10))
    order = await world.placed_with_link(slot)
    await world.pay(order, "sepa_debit_ok")
    await world.live_through(24 * 60 * 4, step=24 * 60)
    (payment,) = (await world.case(order)).payments
    assert payment.captured_at - world.clock.now() > timedelta(days=-2)


async def test_i_have_paid_asks_for_just_that_order(world: World) -> None:
    world.drop_webhooks()
    order = await world.placed_with_link()
    assert await world.checkout.look_now(order) is State.AWAITING_PAYMENT
    await world.pay(order)
    assert await world.checkout.look_now(order) is State.PAID


async def test_who_asks_before_there_is_a_session_hears_how_it_stands(world: World) -> None:
    assert await world.checkout.look_now(await world.place()) is State.HELD
    with pytest.raises(Gone):
        await world.checkout.look_now(OrderId(4711))


async def test_who_asks_while_stripe_is_away_hears_that(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order = await world.placed_with_link()
    world.fault(Kind.ERROR, CREATE)
    with pytest.raises(ServerFailed):
        await world.checkout.look_now(order)
    monkeypatch.setattr(checkout, "LOOK_PATIENCE", 0.01)
    world.faults.plan(Fault(0, Service.STRIPE, Kind.TIMEOUT_AFTER, CREATE, seconds=1))
    with pytest.raises(OutcomeUnknown):
        await world.checkout.look_now(order)
    assert await state(world, order) is State.AWAITING_PAYMENT


async def test_the_worker_knows_when_to_come_back(world: World) -> None:
    assert await world.checkout.next_due(world.clock.now()) is None
    await world.placed_with_link()
    assert await world.checkout.next_due(world.clock.now()) == world.clock.now() + LOOK_AGAIN


async def test_what_falls_due_while_the_worker_looks_is_not_forgotten(world: World) -> None:
    await world.placed_with_link()
    looked = world.clock.now()
    await world.advance(minutes=6)
    assert await world.checkout.next_due(looked) == looked + LOOK_AGAIN


async def test_nothing_is_asked_about_a_session_that_is_over(world: World) -> None:
    order = await world.paid()
    attempt = (await world.case(order)).current
    await world.database.run(lambda connection: attempts.ask_now(connection, attempt.id, world.clock.now()))
    before = len(world.stripe.journal.calls())
    await world.work()
    assert len(world.stripe.journal.calls()) == before
    assert await world.checkout.next_due(world.clock.now()) is None


async def test_a_session_says_all_that_its_page_needs(world: World) -> None:
    order = await world.placed_with_link(adult=2, child=1)
    (asked,) = creations(world)
    case = await world.case(order)
    session = world.stripe.session(await world.session_id(order))
    assert asked.params["client_reference_id"] == f"{case.order.code}-1"
    assert asked.params["success_url"] == f"https://tickets.example/checkout/done/{case.order.return_token}"
    assert (session["amount_total"], session["currency"], session["mode"]) == (9700, "eur", "payment")
    assert asked.params["submit_type"] == "book"
    assert asked.params["phone_number_collection"] == {"enabled": "true"}
    assert session["metadata"] == asked.params["metadata"]
    assert session["metadata"] == {
        "guichet_shop": "guichet-test",
        "guichet_order": case.order.code,
        "guichet_attempt": "1",
    }


async def test_slow_methods_are_offered_only_while_there_is_time(world: World) -> None:
    await world.placed_with_link()
    far = await add_slot(world.database, world.shop.event.id, at(10))
    await world.placed_with_link(far)
    near, later = creations(world)
    assert "sepa_debit" in str(near.params["excluded_payment_method_types"])
    assert "excluded_payment_method_types" not in later.params


async def test_a_known_address_is_filled_in(world: World) -> None:
    await world.paid()
    await world.placed_with_link(adult=1)
    assert [call.params.get("customer_email") for call in creations(world)] == [None, "customer@example.com"]


async def test_a_resource_without_words_or_pictures_is_asked_for_without_them(world: World) -> None:
    class Silent:
        def product(self, line: object, language: str) -> tuple[str, str]:
            return "Ticket", ""

    settings = CheckoutSettings("guichet-test", "https://tickets.example/", collect_phone=False)
    parameters = CheckoutParameters(settings, Silent(), world.chance)
    links = Links(parameters)
    world.ordering = Ordering(world.database, world.clock, world.chance, RULES, links, world.outcomes, world.bells)
    await world.placed_with_link()
    (asked,) = creations(world)
    assert "phone_number_collection" not in asked.params
    assert "description" not in asked.raw
    assert str(asked.params["cancel_url"]).startswith("https://tickets.example/checkout/cancelled/")


async def test_a_picture_is_shown_on_the_page(world: World) -> None:
    async def illustrate(connection: AsyncConnection) -> None:
        picture = {"id": 5, "digest": "5", "content_type": "image/png", "content": b""}
        await connection.execute(insert(schema.media).values(picture))
        await connection.execute(update(schema.resource).values(photo_id=5))

    await world.database.run(illustrate)
    await world.placed_with_link()
    assert "https%3A%2F%2Ftickets.example%2Fmedia%2F5" in creations(world)[0].raw
