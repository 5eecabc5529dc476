"""A PostgreSQL server that goes away and comes back costs a few refusals, and never an event that was acknowledged."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import pytest_asyncio
from sqlalchemy import func, make_url, select, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import DatabaseBusy
from storage import inbox, schema
from storage.database import TRIES, Database, engine
from storage.inbox import NewEvent
from tests.clock import NOW

pytestmark = [pytest.mark.fault(37), pytest.mark.parametrize("database_url", ["postgres"], indirect=True)]

EVENTS = 200
SERIALIZATION = "DO $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '40001'; END $$"


class Line:
    """The way to the server, which can be cut: nobody gets through, and whoever was through is cut off."""

    def __init__(self, address: URL) -> None:
        self._address = address
        self._open = True
        self._writers: set[StreamWriter] = set()
        self.cut_off = 0

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        if not self._open:
            writer.transport.abort()
            return
        there, back = await self._server()
        both = {writer, back}
        self._writers |= both
        await asyncio.gather(_copied(reader, back), _copied(there, writer))
        self._writers -= both

    def cut(self) -> None:
        self._open = False
        self.cut_off += len(self._writers)
        for writer in self._writers:
            writer.transport.abort()

    def mend(self) -> None:
        self._open = True

    async def _server(self) -> tuple[StreamReader, StreamWriter]:
        host, port = self._address.query.get("host") or self._address.host, self._address.port or 5432
        if str(host).startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(str(host), port)


async def _copied(reader: StreamReader, writer: StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def served(line: Line) -> AsyncIterator[int]:
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        line.cut()


@pytest.fixture
def line(database_url: str) -> Line:
    return Line(make_url(database_url))


@pytest_asyncio.fixture
async def far(line: Line, database_url: str) -> AsyncIterator[Database]:
    """The database over that line."""
    async with served(line) as port:
        url = make_url(database_url).difference_update_query(["host"]).set(host="127.0.0.1", port=port)
        opened = Database(engine(url.render_as_string(hide_password=False)))
        yield opened
        line.mend()
        await opened.close()


async def stored(database: Database, number: int) -> bool:
    """Whether an event was acknowledged; refused it may be, in one way only."""
    event = NewEvent(f"evt_{number}", "test", b"{}", NOW)
    try:
        await database.run(lambda connection: inbox.add(connection, [event]))
    except DatabaseBusy:
        return False
    return True


async def test_what_was_acknowledged_around_a_restart_is_stored_and_the_rest_can_be_sent_again(
    far: Database, line: Line
) -> None:
    sending = [asyncio.create_task(stored(far, number)) for number in range(EVENTS)]
    for number in (0, EVENTS // 2):
        await sending[number]
        line.cut()
        await asyncio.sleep(0.05)
        line.mend()
    acknowledged = await asyncio.gather(*sending)
    assert line.cut_off > 2
    again = [await stored(far, number) for number, fine in enumerate(acknowledged) if not fine]
    assert all(again)
    async with far.read() as connection:
        found = await connection.execute(select(func.count()).select_from(schema.inbox))
    assert found.scalar_one() == EVENTS


async def test_while_the_server_is_away_everybody_hears_that_the_database_is_busy(far: Database, line: Line) -> None:
    assert await stored(far, 1)
    line.cut()
    for number in range(2, 5):
        assert not await stored(far, number)
        with pytest.raises(DatabaseBusy):
            async with far.read() as connection:
                await connection.execute(text("SELECT 1"))
    line.mend()
    assert await stored(far, 2)


async def test_what_cannot_be_serialised_is_repeated_whole_and_given_up_in_the_end(database: Database) -> None:
    tries: list[int] = []

    async def work(connection: AsyncConnection, failures: int) -> None:
        tries.append(1)
        await inbox.add(connection, [NewEvent(f"evt_{failures}", "test", b"{}", NOW)])
        if len(tries) <= failures:
            await connection.execute(text(SERIALIZATION))

    await database.run(lambda connection: work(connection, 2))
    assert len(tries) == 3
    tries.clear()
    with pytest.raises(DatabaseBusy):
        await database.run(lambda connection: work(connection, 99))
    assert len(tries) == TRIES
    async with database.read() as connection:
        assert list(await connection.scalars(select(schema.inbox.c.event_id))) == ["evt_2"]
