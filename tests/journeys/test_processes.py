"""The shop as a process that is killed, stopped, started twice, while the world goes on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.journeys.processes import Pair, separate_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOOKED = "It is yours"
STATE = "SELECT state FROM orders ORDER BY id DESC LIMIT 1"
PAYMENT = "SELECT role, amount FROM payment ORDER BY id DESC LIMIT 1"
CODE = "SELECT code FROM booking ORDER BY id DESC LIMIT 1"
MESSAGE = "SELECT state = 'sent' FROM outbox WHERE kind = 'booked' ORDER BY id DESC LIMIT 1"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lasting(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    async with separate_world(tmp_path_factory.mktemp("pair")) as joined:
        yield joined


@pytest_asyncio.fixture(loop_scope="module")
async def pair(lasting: Pair) -> Pair:
    """The one world of this module, with the shop running."""
    await lasting.start()
    return lasting


async def paid_while_telegram_hangs(pair: Pair, ada: int, kind: str) -> None:
    """The payment is stored, and the booking message hangs in its call to Telegram."""
    session = await pair.to_link(ada)
    fault = {"service": "telegram", "kind": kind, "operation": "sendPhoto", "times": None}
    await pair.ask("POST", "faults", fault)
    await pair.pay(session)
    await pair.until(STATE, [("paid",)])
    await pair.until_fired(f"telegram:{kind}")


async def killed_and_restarted(pair: Pair) -> None:
    """SIGKILL between payment and message; the database shows that it was between them."""
    await pair.run.kill()
    assert pair.query(PAYMENT) == [("booked", 1200)]
    assert pair.query(MESSAGE) == [(0,)]
    await pair.ask("DELETE", "faults")
    await pair.start()
    await pair.until(MESSAGE, [(1,)])


@pytest.mark.fault(7)
async def test_killed_between_payment_and_message_the_message_arrives_exactly_once(pair: Pair) -> None:
    ada = await pair.newcomer()
    await paid_while_telegram_hangs(pair, ada, "timeout_before")
    assert await pair.count(ada, BOOKED) == 0
    await killed_and_restarted(pair)
    assert await pair.count(ada, BOOKED) == 1


@pytest.mark.fault(7)
async def test_killed_between_acceptance_and_our_mark_there_is_one_duplicate_of_the_same_booking(pair: Pair) -> None:
    ada = await pair.newcomer()
    await paid_while_telegram_hangs(pair, ada, "timeout_after")
    assert await pair.count(ada, BOOKED) == 1
    await killed_and_restarted(pair)
    ((code,),) = pair.query(CODE)
    told = [message["text"] for message in await pair.messages(ada) if BOOKED in message["text"]]
    assert len(told) == 2
    assert all(code in text for text in told)


@pytest.mark.fault(5)
async def test_paid_while_the_shop_is_dead_the_booking_arrives_after_its_start(pair: Pair) -> None:
    ada = await pair.newcomer()
    session = await pair.to_link(ada)
    await pair.run.kill()
    await pair.pay(session)
    await pair.start()
    await pair.sees(ada, BOOKED)
    await pair.until(MESSAGE, [(1,)])
    assert await pair.count(ada, BOOKED) == 1


@pytest.mark.fault(2)
async def test_killed_while_stripe_is_asked_the_same_session_is_offered_after_the_start(pair: Pair) -> None:
    ada = await pair.newcomer()
    fault = {"service": "stripe", "kind": "timeout_after", "operation": "/v1/checkout/sessions", "seconds": 30}
    await pair.ask("POST", "faults", fault)
    await pair.says(ada, "/start r_lantern")
    for label in ("Choose how many", "Continue", "Hold and pay"):
        await pair.presses(ada, label)
    await pair.until_fired("stripe:timeout_after")
    await pair.run.kill()
    assert pair.query(STATE) == [("held",)]
    await pair.start()
    await pair.until(STATE, [("awaiting_payment",)])
    ((code,),) = pair.query("SELECT code FROM orders ORDER BY id DESC LIMIT 1")
    made = (await pair.ask("GET", "sessions"))["sessions"]
    assert [each["client_reference_id"] for each in made].count(f"{code}-1") == 1
    assert not [each for each in made if each["client_reference_id"] == f"{code}-2"]


@pytest.mark.fault(10)
async def test_told_to_stop_the_shop_ends_well_within_ten_seconds(pair: Pair) -> None:
    ada = await pair.newcomer()
    await pair.to_link(ada)
    for number in range(20):
        await pair.says(ada, f"hello {number}")
    assert await pair.run.stop() == 0
    assert "Traceback" not in pair.run.errors


@pytest.mark.fault(35)
async def test_a_second_run_on_the_same_database_is_refused(pair: Pair) -> None:
    ada = await pair.newcomer()
    second = await pair.another({"GUICHET_WEB__PORT": "0", "GUICHET_WEB__ADMIN_PORT": "0"})
    assert await second.end() == 69
    assert "another process works on this database already" in second.errors
    assert "Traceback" not in second.errors
    await pair.says(ada, "/start")
    await pair.sees(ada, "Walks and boats.")


@pytest.mark.fault(47)
async def test_of_two_pollers_the_newcomer_stops_and_the_old_one_goes_on(pair: Pair, tmp_path: Path) -> None:
    ada = await pair.newcomer()
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
    assert not pair.run.ended
    assert "telegram.two_pollers" in pair.run.errors
    await pair.until("SELECT count(*) FROM attention WHERE kind = 'two_pollers'", [(1,)])
    await pair.until("SELECT state FROM outbox WHERE kind = 'attention' ORDER BY id DESC LIMIT 1", [("sent",)])
    await pair.says(ada, "/start")
    await pair.sees(ada, "Walks and boats.")
