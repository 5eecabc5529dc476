"""The shop as a process that is killed, stopped, started twice, while the world goes on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.journeys.processes import Pair, separate_world

ALICE = 1001
BOOKED = "It is yours"
UNSENT = "SELECT count(*) FROM outbox WHERE kind = 'booked' AND state <> 'sent'"
SENT = "SELECT count(*) FROM outbox WHERE kind = 'booked' AND state = 'sent'"


@pytest_asyncio.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with separate_world(tmp_path) as joined:
        await joined.start()
        yield joined


async def paid_while_telegram_hangs(pair: Pair, kind: str) -> None:
    """The payment is stored, and the booking message hangs in its call to Telegram."""
    session = await pair.to_link(ALICE)
    fault = {"service": "telegram", "kind": kind, "operation": "sendPhoto", "times": None}
    await pair.ask("POST", "faults", fault)
    await pair.pay(session)
    await pair.until("SELECT state FROM orders", [("paid",)])
    await pair.until_fired(f"telegram:{kind}")


async def killed_and_restarted(pair: Pair) -> None:
    """SIGKILL between payment and message; the database shows that it was between them."""
    assert pair.run is not None
    await pair.run.kill()
    assert pair.query("SELECT role, amount FROM payment") == [("booked", 1200)]
    assert pair.query(UNSENT) == [(1,)]
    await pair.ask("DELETE", "faults")
    await pair.start()
    await pair.until(SENT, [(1,)])


@pytest.mark.fault(7)
async def test_killed_between_payment_and_message_the_message_arrives_exactly_once(pair: Pair) -> None:
    await paid_while_telegram_hangs(pair, "timeout_before")
    assert await pair.count(ALICE, BOOKED) == 0
    await killed_and_restarted(pair)
    assert await pair.count(ALICE, BOOKED) == 1


@pytest.mark.fault(7)
async def test_killed_between_acceptance_and_our_mark_there_is_one_duplicate_of_the_same_booking(pair: Pair) -> None:
    await paid_while_telegram_hangs(pair, "timeout_after")
    assert await pair.count(ALICE, BOOKED) == 1
    await killed_and_restarted(pair)
    ((code,),) = pair.query("SELECT code FROM booking")
    told = [message["text"] for message in await pair.messages(ALICE) if BOOKED in message["text"]]
    assert len(told) == 2
    assert all(code in text for text in told)


@pytest.mark.fault(5)
async def test_paid_while_the_shop_is_dead_the_booking_arrives_after_its_start(pair: Pair) -> None:
    session = await pair.to_link(ALICE)
    assert pair.run is not None
    await pair.run.kill()
    await pair.pay(session)
    await pair.start()
    await pair.sees(ALICE, BOOKED)
    await pair.until(SENT, [(1,)])
    assert await pair.count(ALICE, BOOKED) == 1


@pytest.mark.fault(2)
async def test_killed_while_stripe_is_asked_the_same_session_is_offered_after_the_start(pair: Pair) -> None:
    fault = {"service": "stripe", "kind": "timeout_after", "operation": "/v1/checkout/sessions", "seconds": 30}
    await pair.ask("POST", "faults", fault)
    await pair.says(ALICE, "/start r_lantern")
    for label in ("Choose how many", "Continue", "Hold and pay"):
        await pair.presses(ALICE, label)
    await pair.until_fired("stripe:timeout_after")
    assert pair.run is not None
    await pair.run.kill()
    assert pair.query("SELECT state FROM orders") == [("held",)]
    await pair.start()
    await pair.until("SELECT state FROM orders", [("awaiting_payment",)])
    assert len((await pair.ask("GET", "sessions"))["sessions"]) == 1


@pytest.mark.fault(10)
async def test_told_to_stop_the_shop_ends_well_within_ten_seconds(pair: Pair) -> None:
    await pair.to_link(ALICE)
    for number in range(20):
        await pair.says(ALICE, f"hello {number}")
    assert pair.run is not None
    assert await pair.run.stop() == 0
    assert "Traceback" not in pair.run.errors


@pytest.mark.fault(35)
async def test_a_second_run_on_the_same_database_is_refused(pair: Pair) -> None:
    second = await pair.another({"GUICHET_WEB__PORT": "0", "GUICHET_WEB__ADMIN_PORT": "0"})
    assert await second.end() == 69
    assert "another process works on this database already" in second.errors
    assert "Traceback" not in second.errors
    await pair.says(ALICE, "/start")
    await pair.sees(ALICE, "Walks and boats.")


@pytest.mark.fault(47)
async def test_of_two_pollers_the_newcomer_stops_and_the_old_one_goes_on(pair: Pair, tmp_path: Path) -> None:
    apart = {
        "GUICHET_WEB__PORT": "0",
        "GUICHET_WEB__ADMIN_PORT": "0",
        "GUICHET_STORAGE__URL": f"sqlite+aiosqlite:///{tmp_path}/other.db",
    }
    await pair.ask("POST", "clock", {"advance_seconds": 60})
    newcomer = await pair.another(apart)
    assert await newcomer.end() == 69
    assert "another program polls this bot" in newcomer.errors
    assert "Traceback" not in newcomer.errors
    assert pair.run is not None
    assert not pair.run.ended
    await pair.says(ALICE, "/start")
    await pair.sees(ALICE, "Walks and boats.")
