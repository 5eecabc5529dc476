"""The hosted payment page, without JavaScript."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import ClientResponse

from bot.sandbox.stripe.deliveries import Mode
from tests.sandbox.stripe.net import Net
from tests.sandbox.stripe.world import KEY, line, session_params

GOOD = {"email": "ada@example.com", "card": "4242 4242 4242 4242", "name": "Ada Byron"}


def make(net: Net, **changes: object) -> str:
    headers = {"Authorization": f"Bearer {KEY}"}
    reply = net.model.call("POST", "/v1/checkout/sessions", session_params(**changes), headers)
    assert reply.status == 200, reply.body
    return str(reply.body["id"])


async def look(net: Net, session: str, language: str = "en") -> str:
    headers = {"Accept-Language": language}
    async with net.http.get(f"{net.base}/stripe/pay/{session}", headers=headers) as response:
        return await response.text()


async def press(net: Net, session: str, form: dict[str, str]) -> tuple[ClientResponse, str]:
    url = f"{net.base}/stripe/pay/{session}"
    async with net.http.post(url, data=form, allow_redirects=False) as response:
        return response, await response.text()


async def test_the_page_shows_what_is_bought_and_that_no_money_is_real(net: Net) -> None:
    product = {"name": "Sunrise <b>walk</b>", "description": "Bring shoes", "images": ["http://127.0.0.1/a.png"]}
    page = await look(net, make(net, locale="en", line_items=[line({"product_data": product})]))
    for shown in ("Sandbox, no real money", "Bring shoes", "http://127.0.0.1/a.png", "€97.00", "Pay €97.00"):
        assert shown in page
    assert "Sunrise &lt;b&gt;walk&lt;/b&gt;" in page
    assert 'href="http://127.0.0.1/cancelled"' in page


async def test_the_page_speaks_the_sessions_language(net: Net) -> None:
    page = await look(net, make(net, locale="fr", submit_type="book"))
    assert '<html lang="fr">' in page
    assert "Réserver et payer 97,00\N{NO-BREAK SPACE}€" in page
    assert "Bac à sable" in page


async def test_without_a_language_the_browsers_is_taken(net: Net) -> None:
    assert "Payer 97,00" in await look(net, make(net), language="fr-CH, fr;q=0.9")
    assert "Pay €97.00" in await look(net, make(net, locale="auto"), language="nonsense")


async def test_paying_waits_for_the_webhook_and_leads_to_the_success_page(net: Net) -> None:
    session = make(net)
    response, _ = await press(net, session, GOOD)
    assert response.status == 303
    assert response.headers["Location"] == f"http://127.0.0.1/done?s={session}"
    assert [attempt.status for attempt in net.model.deliveries.log()] == [200]
    assert net.model.session(session)["payment_status"] == "paid"


@pytest.mark.parametrize("mode", [Mode.DROPPED, Mode.HELD, Mode.DELAYED])
async def test_paying_does_not_wait_for_a_webhook_that_is_not_coming(net: Net, mode: Mode) -> None:
    net.model.deliveries.mode = mode
    async with asyncio.timeout(5):
        response, _ = await press(net, make(net), GOOD)
    assert response.status == 303


async def test_a_test_card_is_filled_in_by_one_tap_and_keeps_what_was_typed(net: Net) -> None:
    session = make(net)
    response, page = await press(net, session, {**GOOD, "card": "", "fill": "4000000000000002"})
    assert response.status == 200
    assert 'value="4000000000000002" aria-describedby' in page
    assert 'value="Ada Byron"' in page
    assert net.model.session(session)["status"] == "open"


async def test_a_declined_card_is_said_on_the_page_and_can_be_replaced(net: Net) -> None:
    session = make(net, locale="fr")
    _, page = await press(net, session, {**GOOD, "card": "4000000000000002"})
    assert "Votre carte a été refusée" in page
    response, _ = await press(net, session, GOOD)
    assert response.status == 303


async def test_lacking_fields_are_asked_for_before_anything_is_tried(net: Net) -> None:
    session = make(net, locale="en")
    assert "Enter an e-mail address." in (await press(net, session, {**GOOD, "email": "ada"}))[1]
    assert "Enter a card number" in (await press(net, session, {**GOOD, "card": " "}))[1]
    assert net.model.events() == ()


@pytest.mark.parametrize(("answer", "paid"), [("complete", True), ("fail", False)])
async def test_the_bank_asks_on_a_second_page(net: Net, answer: str, *, paid: bool) -> None:
    session = make(net, locale="en")
    response, _ = await press(net, session, {**GOOD, "card": "4000002500003155"})
    assert response.headers["Location"] == f"/stripe/pay/{session}"
    assert "Your bank asks" in await look(net, session)
    response, page = await press(net, session, {"step": answer})
    assert (response.status == 303) is paid
    assert ("did not confirm" in page) is not paid
    assert bool(net.model.ledger()) is paid


async def test_what_was_typed_is_still_there_after_the_bank_said_no(net: Net) -> None:
    session = make(net, locale="en")
    await press(net, session, {**GOOD, "card": "4000002500003155"})
    _, page = await press(net, session, {"step": "fail"})
    assert 'value="ada@example.com"' in page
    assert 'value="Ada Byron"' in page
    assert net.model.session(session)["customer_details"] is None


async def test_name_and_phone_are_collected_when_the_session_asks(net: Net) -> None:
    session = make(
        net, name_collection={"individual": {"enabled": "true"}}, phone_number_collection={"enabled": "true"}
    )
    page = await look(net, session)
    assert "Full name" in page
    assert 'name="phone"' in page
    await press(net, session, {**GOOD, "phone": "+33611111111"})
    details = net.model.session(session)["customer_details"]
    assert isinstance(details, dict)
    assert (details["name"], details["phone"]) == ("Ada Byron", "+33611111111")


async def test_a_session_that_is_over_says_so(net: Net) -> None:
    paid, expired = make(net, locale="en"), make(net, locale="en")
    net.model.pay(paid, "success")
    net.clock.advance(timedelta(days=1))
    assert "This payment is complete" in await look(net, paid)
    assert "This page has expired" in await look(net, expired)
    response, _ = await press(net, expired, GOOD)
    assert response.headers["Location"] == f"/stripe/pay/{expired}"
    assert len(net.model.ledger()) == 1


async def test_a_delayed_payment_says_that_it_takes_time(net: Net) -> None:
    session = make(net, locale="en")
    net.model.pay(session, "sepa_debit_ok")
    assert "can take a few days" in await look(net, session)


async def test_excluded_methods_are_not_offered(net: Net) -> None:
    assert "sepa_debit_ok" in await look(net, make(net))
    assert "sepa_debit_ok" not in await look(net, make(net, excluded_payment_method_types=["sepa_debit"]))


async def test_a_free_order_asks_for_no_card(net: Net) -> None:
    session = make(net, locale="en", line_items=[line({"unit_amount": "0"})])
    page = await look(net, session)
    assert "Complete the order" in page
    assert 'name="card"' not in page
    response, _ = await press(net, session, {"email": "ada@example.com", "name": "Ada"})
    assert response.status == 303


async def test_an_unknown_link_is_a_friendly_404(net: Net) -> None:
    async with net.http.get(f"{net.base}/stripe/pay/cs_test_nothing") as response:
        assert response.status == 404
        assert "There is no such payment page" in await response.text()


async def test_amounts_without_decimals_are_shown_without(net: Net) -> None:
    price = {"currency": "jpy", "unit_amount": "5000"}
    assert "¥10,000" in await look(net, make(net, locale="en", line_items=[line(price)]))


async def test_a_key_less_client_sees_the_page_but_not_the_api(net: Net) -> None:
    session = make(net)
    async with aiohttp.ClientSession() as stranger:
        async with stranger.get(f"{net.base}/stripe/pay/{session}") as page:
            assert page.status == 200
        async with stranger.get(f"{net.base}/stripe/v1/checkout/sessions/{session}") as api:
            assert api.status == 401
