"""Rules of the webhook and the real inbox together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import pytest_asyncio
from sqlalchemy import select, text

from bot.services.bells import Bells
from bot.services.inbox import Inbox
from storage import schema
from storage.database import Connection, Database
from tests.clock import FakeClock
from tests.web.served import Served, event_body

GUILTY = "evt_guilty"
SQLITE_GUARD = f"""
CREATE TRIGGER guard BEFORE INSERT ON inbox WHEN NEW.event_id = '{GUILTY}'
BEGIN SELECT RAISE(ABORT, 'guilty'); END
"""
POSTGRES_GUARD = f"ALTER TABLE inbox ADD CHECK (event_id <> '{GUILTY}')"


@pytest_asyncio.fixture
async def inbox(served: Served, database: Database, clock: FakeClock) -> AsyncIterator[Inbox]:
    """The real inbox behind the server; its writer is started by the tests."""
    made = Inbox(database, clock, Bells())
    served.behind.store = made.store
    yield made


@pytest.mark.fault(6)
async def test_a_second_delivery_changes_nothing_and_is_acknowledged(
    served: Served, database: Database, inbox: Inbox
) -> None:
    writing = asyncio.create_task(inbox.run())
    first, second = [await served.send_event(event_body()) for _ in range(2)]
    assert (first[0], second[0]) == (200, 200)
    assert await database.run(_ids) == ["evt_1"]
    await _end(writing)


@pytest.mark.fault(49)
async def test_one_bad_row_is_refused_alone(served: Served, database: Database, inbox: Inbox) -> None:
    guard = SQLITE_GUARD if database.engine.dialect.name == "sqlite" else POSTGRES_GUARD
    await database.run(lambda connection: connection.execute(text(guard)))
    sending = [asyncio.create_task(served.send_event(event_body(name))) for name in ("evt_1", GUILTY, "evt_2")]
    await _queued(inbox, len(sending))
    await inbox.flush()
    assert [(await sent)[0] for sent in sending] == [200, 503, 200]
    assert sorted(await database.run(_ids)) == ["evt_1", "evt_2"]


@pytest.mark.fault(49)
async def test_a_caller_that_hangs_up_takes_nothing_out_of_the_batch(
    served: Served, database: Database, inbox: Inbox
) -> None:
    leaving = asyncio.create_task(served.send_event(event_body("evt_left")))
    staying = asyncio.create_task(served.send_event(event_body("evt_stayed")))
    await _queued(inbox, 2)
    await _end(leaving)
    await inbox.flush()
    assert (await staying)[0] == 200
    assert sorted(await database.run(_ids)) == ["evt_left", "evt_stayed"]


@pytest.mark.fault(35)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_on_a_full_disk_nothing_is_acknowledged_until_there_is_room(
    served: Served, database: Database, inbox: Inbox
) -> None:
    writing = asyncio.create_task(inbox.run())
    large = event_body(padding="x" * 100_000)
    await database.run(lambda connection: connection.execute(text("PRAGMA max_page_count = 1")))
    assert (await served.send_event(large))[0] == 503
    await database.run(lambda connection: connection.execute(text("PRAGMA max_page_count = 1000000")))
    assert (await served.send_event(large))[0] == 200
    assert await database.run(_ids) == ["evt_1"]
    await _end(writing)


async def _queued(inbox: Inbox, events: int) -> None:
    async with asyncio.timeout(10):
        while len(inbox._queue) < events:  # noqa: ASYNC110 - the inbox tells nobody what is queued
            await asyncio.sleep(0.01)


async def _ids(connection: Connection) -> list[str]:
    return list(await connection.scalars(select(schema.inbox.c.event_id)))


async def _end(task: asyncio.Task[tuple[int, str]] | asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
