"""What is done in Stripe's dashboard and at banks changes the order, and reaches those whom it concerns."""

import pytest

from storage import schema
from tests.database import SORTS
from tests.journeys.shop import Shop
from tests.journeys.walks import Walks

pytestmark = pytest.mark.fault(19)


async def sold(shop: Shop, card: str = "success") -> str:
    """One booking, announced; its payment's id."""
    await Walks(shop.alice).to_link()
    await shop.alice.pays(card)
    await shop.alice.sees("You are booked")
    await shop.team.sees("Sold, €39.00")
    (row,) = shop.stripe.ledger()
    return row.payment_intent


async def concerns(shop: Shop) -> list[str]:
    return [str(row["kind"]) for row in await shop.rows(schema.attention)]


async def test_a_sale_is_announced_to_the_team(shop: Shop) -> None:
    await sold(shop)
    told = await shop.team.sees("Sold, €39.00")
    (order,) = await shop.rows(schema.orders)
    assert f"Alice Martin, order {order['code']}" in told.text or f"Alice, order {order['code']}" in told.text


@pytest.mark.parametrize("sort", SORTS)
async def test_a_refund_in_full_cancels_the_booking_and_frees_the_seats(shop: Shop) -> None:
    payment = await sold(shop)
    await shop.sandbox.post(f"payments/{payment}/refund", {})
    await shop.alice.sees("Refunded, €39.00")
    await shop.team.sees("Refunded, €39.00")
    assert (await shop.order())["state"] == "refunded"
    assert await shop.taken() == 0
    assert [row["status"] for row in await shop.rows(schema.booking)] == ["cancelled"]
    await shop.alice.says("/bookings")
    assert "You have not booked anything yet." in shop.alice.screen().text or shop.alice.labels()


@pytest.mark.parametrize("sort", SORTS)
async def test_a_refund_in_part_leaves_the_booking_and_asks_staff_to_look(shop: Shop) -> None:
    payment = await sold(shop)
    await shop.sandbox.post(f"payments/{payment}/refund", {"amount": 900})
    told = await shop.alice.sees("Refunded in part, €9.00")
    assert "Your booking stands." in told.text
    await shop.team.sees("A refund was made in Stripe")
    assert (await shop.order())["state"] == "paid"
    assert await shop.taken() == 1
    assert await concerns(shop) == ["dashboard_refund"]


async def test_two_refunds_in_part_that_are_all_of_it_count_as_one_in_full(shop: Shop) -> None:
    payment = await sold(shop)
    await shop.sandbox.post(f"payments/{payment}/refund", {"amount": 900})
    await shop.alice.sees("Refunded in part, €9.00")
    await shop.sandbox.post(f"payments/{payment}/refund", {})
    await shop.becomes("refunded")
    assert await shop.taken() == 0


async def test_a_refund_that_fails_reaches_the_attention_list(shop: Shop) -> None:
    payment = await sold(shop)
    refund = await shop.sandbox.post(f"payments/{payment}/refund", {"amount": 900})
    await shop.alice.sees("Refunded in part, €9.00")
    await shop.sandbox.post(f"refunds/{refund['id']}/fail")
    item = await shop.team.sees("A refund did not arrive")
    assert "€9.00" in item.text
    assert "failed_refund" in await concerns(shop)


async def test_a_dispute_reaches_the_attention_list_at_its_start_and_at_its_end(shop: Shop) -> None:
    payment = await sold(shop)
    dispute = await shop.sandbox.post(f"payments/{payment}/dispute", {})
    await shop.team.sees("A customer disputes a payment")
    assert (await shop.order())["state"] == "paid"
    await shop.sandbox.post(f"disputes/{dispute['id']}/close", {"won": False})
    await shop.eventually(
        lambda: shop.team.count("A customer disputes a payment") == 2 or None, lambda: "the dispute's end"
    )
    assert await concerns(shop) == ["dispute", "dispute"]


async def test_a_refund_told_before_the_payment_ends_the_same(shop: Shop) -> None:
    await shop.webhooks("held")
    await Walks(shop.alice).to_link()
    await shop.alice.pays()
    (row,) = shop.stripe.ledger()
    await shop.sandbox.post(f"payments/{row.payment_intent}/refund", {})
    for event in shop.stripe.events():  # newest first
        await shop.sandbox.post("webhooks/release", {"event": event["id"]})
        await shop.eventually(lambda: not shop.stripe.deliveries.waiting(str(event["id"])) or None, lambda: "an answer")  # noqa: B023 - looked at within this round
    await shop.becomes("refunded")
    await shop.alice.sees("Refunded, €39.00")
    assert await shop.taken() == 0


@pytest.mark.fault(15)
async def test_a_payment_with_our_mark_for_no_order_of_ours_is_for_staff_to_look_at(shop: Shop) -> None:
    await Walks(shop.alice).to_booking()
    mark = shop.application.core.shop_mark
    strange = await shop.sandbox.checkout()
    metadata = {"metadata[guichet_shop]": mark, "metadata[guichet_order]": "ABCD-EF", "metadata[guichet_attempt]": "1"}
    form = {
        "mode": "payment",
        "success_url": "http://127.0.0.1:9/done",
        "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][unit_amount]": "5000",
        "line_items[0][price_data][product_data][name]": "Something",
        "line_items[0][quantity]": "1",
        **metadata,
    }
    headers = {"Authorization": f"Bearer {shop.world.secrets.stripe_key}"}
    url = f"{shop.sandbox.served.url}/stripe/v1/checkout/sessions"
    async with shop.sandbox.session.post(url, data=form, headers=headers) as response:
        ours = str((await response.json())["id"])
    for session in (strange, ours):
        await shop.sandbox.post(f"sessions/{session}/pay", {"card": "success", "email": "x@example.org", "name": "X"})
    await shop.team.sees("A payment that belongs to no order")
    assert await concerns(shop) == ["unmatched_payment"]
    assert len(await shop.rows(schema.booking)) == 1
