"""What the inputs have found once: each keeps its own test."""

import orjson
import pytest

from bot.payments import events
from bot.payments.events import Event
from storage import schema
from storage.database import Database, Work
from tests.clock import FakeClock
from tests.world import World, open_world

SESSION = {"id": "cs_1", "status": "complete", "mode": "payment", "expires_at": 1, "metadata": {}}
ODD: tuple[object, ...] = ([], {}, ["paid"], {"paid": 1})


@pytest.mark.fault(21)
@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", ["payment_status", "payment_intent"])
def test_a_value_of_another_type_is_read_as_none_of_the_known_ones(name: str, odd: object) -> None:
    value = {"id": "pi_1", "status": odd} if name == "payment_intent" else odd
    subject = {**SESSION, name: value}
    event = {"type": "checkout.session.completed", "created": 1, "data": {"object": subject}}
    fact = events.parse(orjson.dumps(event))
    assert (getattr(fact, "paid", None), getattr(fact, "bank_failed", None)) == (False, False)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_one_event_that_cannot_be_settled_does_not_make_each_of_a_batch_wait_for_its_own_transaction(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(database, clock) as world:
        await _one_bad_event(world, monkeypatch)


async def _one_bad_event(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    refund = {"id": "re_1", "status": "succeeded", "amount": -5, "currency": "eur", "created": 1}
    await world.paid()
    intent = world.stripe.ledger()[0].payment_intent
    bad = {"type": "refund.created", "data": {"object": refund | {"payment_intent": intent}}}
    bodies = [orjson.dumps(bad if number == 40 else {"type": "a.b"}) for number in range(64)]
    await world.store([Event(f"evt_{number}", "odd", body) for number, body in enumerate(bodies)])
    run, transactions = Database.run, list[int]()

    async def counted(database: Database, work: Work[int]) -> int:
        transactions.append(1)
        return await run(database, work)

    monkeypatch.setattr(Database, "run", counted)
    assert await world.settlement.drain() == 64
    assert len(transactions) < 32
    assert [row._mapping["state"] for row in await world.rows(schema.inbox)].count("failed") == 1
