"""Rules of the operator's port."""

import pytest

from bot.services.backlog import Backlog
from bot.web.limits import Limits
from bot.web.server import Address
from tests.web.served import Served, event_body, web_server


async def test_ready_means_that_nothing_is_missing(served: Served) -> None:
    assert await served.get(f"{served.admin_url}/readyz") == (200, "ready\n")


async def test_what_is_missing_is_named(served: Served) -> None:
    served.behind.missing = ["telegram", "workers"]
    assert await served.get(f"{served.admin_url}/readyz") == (503, "not ready: telegram\nnot ready: workers\n")


async def test_the_metrics_show_what_waits_and_what_came(served: Served) -> None:
    served.behind.backlog = Backlog(events_to_settle=5, messages_due=6, orders_unpaid=7, attention_open=8)
    await served.send_event(event_body())
    await served.send_event(event_body(), "t=1,v1=00")
    await served.send_update(b"{}", "wrong")
    _, shown = await served.get(f"{served.admin_url}/metrics")
    assert 'guichet_stripe_webhooks_total{outcome="stored"} 1.0' in shown
    assert 'guichet_stripe_webhooks_total{outcome="refused"} 1.0' in shown
    assert 'guichet_telegram_webhooks_total{outcome="refused"} 1.0' in shown
    assert "guichet_events_to_settle 5.0" in shown
    assert "guichet_messages_due 6.0" in shown
    assert "guichet_orders_unpaid 7.0" in shown
    assert "guichet_attention_open 8.0" in shown


async def test_the_two_ports_do_not_answer_for_each_other(served: Served) -> None:
    assert (await served.get("/metrics"))[0] == 404
    assert (await served.get(f"{served.admin_url}/checkout/done/x"))[0] == 404


@pytest.mark.fault(40)
async def test_the_operators_port_refuses_foreign_hosts(served: Served) -> None:
    assert (await served.get(f"{served.admin_url}/metrics", Host="tickets.example.com"))[0] == 421


async def test_if_one_port_is_taken_the_other_is_given_up_too(served: Served, limits: Limits) -> None:
    other = web_server(served.behind, served.clock, limits, Address("127.0.0.1", served.server.public.port))
    with pytest.raises(OSError, match="in use"):
        await other.start()
    with pytest.raises(IndexError):
        _ = other.admin.port
