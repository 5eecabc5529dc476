"""What was sent and cannot be marked, since the disk is full or the server read-only, is not sent for ever."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.errors import DatabaseBusy
from bot.domain.ids import ChatId
from bot.domain.outbox import Channel, Lane, Later, OutboxMessage, Undeliverable
from bot.services.delivery import Deliverer
from storage import outbox, schema
from storage.database import Database, Result, Work
from storage.outbox import NewMessage
from tests.world import World

ADA, BEN = ChatId(1001), ChatId(1002)


class Disk(Database):
    """While it is `full` it can be read and not written to."""

    full = False

    async def run(self, work: Work[Result]) -> Result:
        if self.full:
            raise DatabaseBusy("database or disk is full")
        return await super().run(work)


@pytest.fixture
def disk(world: World) -> Disk:
    disk = Disk(world.database.engine)
    world.deliverer = Deliverer(disk, world.clock, world.messenger, world.outcomes, world.bells)
    return disk


async def put(world: World, key: str, chat: ChatId = ADA, channel: Channel = Channel.TELEGRAM) -> None:
    now = world.clock.now()
    row = NewMessage(key, chat, "booked", {"key": key}, Lane.CUSTOMER, now, channel)
    await world.database.run(lambda connection: outbox.add(connection, [row], now))


def tried(world: World) -> list[object]:
    return [message.data["key"] for message in world.messenger.tried]


async def states(world: World) -> list[object]:
    return [row._mapping["state"] for row in await world.rows(schema.outbox)]


async def rung(world: World) -> bool:
    """Whether who delivers to Telegram was woken."""
    try:
        async with asyncio.timeout(0.02):
            await world.bells.outbox.wait(world.clock, None)
    except TimeoutError:
        return False
    return True


async def fail(world: World, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(DatabaseBusy):
            await world.deliverer.deliver()
        await world.advance(seconds=2)


@pytest.mark.fault(35)
async def test_what_was_sent_while_nothing_could_be_written_is_not_sent_again(world: World, disk: Disk) -> None:
    disk.full = True
    await put(world, "money")
    await fail(world, times=5)
    disk.full = False
    await world.deliverer.deliver()
    assert tried(world) == ["money"]
    assert await states(world) == ["sent"]


@pytest.mark.fault(35)
async def test_nothing_is_sent_before_what_was_sent_is_marked(world: World, disk: Disk) -> None:
    disk.full = True
    await put(world, "first")
    await fail(world)
    await put(world, "second")
    await put(world, "elsewhere", BEN)
    await fail(world, times=3)
    assert tried(world) == ["first"]
    disk.full = False
    await world.deliverer.deliver()
    assert sorted(map(str, tried(world))) == ["elsewhere", "first", "second"]
    assert await states(world) == ["sent"] * 3


@pytest.mark.fault(35)
async def test_a_message_that_is_to_wait_waits_also_where_that_could_not_be_written(world: World, disk: Disk) -> None:
    disk.full = True
    await put(world, "later")
    world.messenger.answers = [Later(30)]
    await fail(world, times=3)
    disk.full = False
    assert await world.deliverer.deliver() == world.clock.now() + timedelta(seconds=30 - 6)
    assert tried(world) == ["later"]


@pytest.mark.fault(35)
async def test_a_human_hears_of_a_dead_message_once_it_can_be_written(world: World, disk: Disk) -> None:
    disk.full = True
    await put(world, "dead")
    world.messenger.answers = [Undeliverable("can't parse entities")]
    await fail(world, times=3)
    disk.full = False
    await world.deliverer.deliver()
    assert await world.concerns() == ["dead_message"]
    assert world.messenger.kinds == ["attention"]


async def test_a_dead_letter_that_is_written_later_wakes_who_tells_staff(world: World, disk: Disk) -> None:
    mailer = Deliverer(disk, world.clock, world.postman, world.outcomes, world.bells, Channel.MAIL)
    disk.full = True
    await put(world, "dead", channel=Channel.MAIL)
    world.postman.answers = [Undeliverable("no such address")]
    with pytest.raises(DatabaseBusy):
        await mailer.deliver()
    assert not await rung(world)
    disk.full = False
    await mailer.deliver()
    assert await rung(world)


async def test_a_message_under_way_is_not_sent_again_when_another_cannot_be_marked(world: World, disk: Disk) -> None:
    begun, arrived = asyncio.Event(), asyncio.Event()

    class Slow:
        async def send(self, message: OutboxMessage) -> None:
            await world.messenger.send(message)
            if message.chat_id == BEN:
                begun.set()
                await arrived.wait()

    world.deliverer = Deliverer(disk, world.clock, Slow(), world.outcomes, world.bells)
    disk.full = True
    await put(world, "quick")
    await put(world, "slow", BEN)
    first = asyncio.create_task(world.deliverer.deliver())
    await begun.wait()
    _, pending = await asyncio.wait([first], timeout=0.05)
    arrived.set()
    with pytest.raises(DatabaseBusy):
        await first
    disk.full = False
    await world.deliverer.deliver()
    assert (bool(pending), sorted(map(str, tried(world)))) == (True, ["quick", "slow"])
    assert await states(world) == ["sent", "sent"]


async def test_what_can_never_be_written_holds_up_its_chat_alone(world: World) -> None:
    await put(world, "odd")
    await put(world, "behind it")
    world.messenger.answers = [Undeliverable("half a character: \ud83d")]
    with pytest.raises(UnicodeEncodeError):
        await world.deliverer.deliver()
    await put(world, "elsewhere", BEN)
    for _ in range(3):
        await world.advance(seconds=2)
        await world.deliverer.deliver()
        assert not await rung(world), "it would be tried again at once, for ever"
    assert tried(world) == ["odd", "elsewhere"]
