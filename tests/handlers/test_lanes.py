"""Updates of one user are handled in order, and no user waits for another."""

import asyncio
import gc
from collections.abc import Coroutine
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs
from telegram import CallbackQuery, Chat, Message, Update, User
from telegram.ext import ApplicationBuilder, TypeHandler
from telegram.request import BaseRequest

from handlers.lanes import Lanes

TOKEN = "123456789:AAcanaryTokenCanaryTokenCanaryToken"


def tap(user: int, number: int = 1) -> Update:
    return Update(
        number,
        callback_query=CallbackQuery(str(number), User(user, "A", is_bot=False), "instance", data="1:look:5"),
    )


def posted_in_a_channel() -> Update:
    chat = Chat(-1001, Chat.CHANNEL)
    return Update(9, channel_post=Message(1, datetime(2026, 11, 23, tzinfo=UTC), chat))


class Shop:
    """Handlers that note what they did, and hold on while told to."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.open = asyncio.Event()
        self.running = 0
        self.most_running = 0

    async def early(self, update: Update) -> None:
        self.log.append(f"answered {update.update_id}")

    async def handle(self, number: int) -> None:
        self.running += 1
        self.most_running = max(self.running, self.most_running)
        await self.open.wait()
        self.running -= 1
        self.log.append(f"handled {number}")

    async def fail(self, number: int) -> None:
        raise LookupError(number)


@pytest.fixture
def shop() -> Shop:
    return Shop()


async def started(*updates: Coroutine[None, None, None]) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(update) for update in updates]
    for _ in range(20):
        await asyncio.sleep(0)
    return tasks


async def test_updates_of_one_user_are_handled_in_order(shop: Shop) -> None:
    lanes = Lanes(shop.early)
    tasks = await started(*(lanes.process_update(tap(1, n), shop.handle(n)) for n in range(5)))
    assert shop.running == 1
    shop.open.set()
    await asyncio.gather(*tasks)
    assert [line for line in shop.log if "handled" in line] == [f"handled {n}" for n in range(5)]


async def test_every_tap_is_answered_before_its_turn(shop: Shop) -> None:
    lanes = Lanes(shop.early)
    tasks = await started(*(lanes.process_update(tap(1, n), shop.handle(n)) for n in range(5)))
    assert shop.log == [f"answered {n}" for n in range(5)]
    shop.open.set()
    await asyncio.gather(*tasks)


async def test_a_slow_answer_does_not_let_a_later_tap_overtake(shop: Shop) -> None:
    first_answered = asyncio.Event()

    async def early(update: Update) -> None:
        if update.update_id == 1:
            await first_answered.wait()

    shop.open.set()
    lanes = Lanes(early)
    tasks = await started(*(lanes.process_update(tap(1, n), shop.handle(n)) for n in (1, 2)))
    assert shop.log == []
    first_answered.set()
    await asyncio.gather(*tasks)
    assert shop.log == ["handled 1", "handled 2"]


async def test_users_are_handled_side_by_side(shop: Shop) -> None:
    lanes = Lanes(shop.early)
    tasks = await started(*(lanes.process_update(tap(user, user), shop.handle(user)) for user in (1, 2, 3)))
    assert (shop.running, lanes.users) == (3, 3)
    shop.open.set()
    await asyncio.gather(*tasks)


async def test_ten_slow_taps_of_one_user_keep_nobody_else_waiting(shop: Shop) -> None:
    lanes = Lanes(shop.early, slots=2)
    slow = await started(*(lanes.process_update(tap(1, n), shop.handle(n)) for n in range(10)))
    other = Shop()
    other.open.set()
    await lanes.process_update(tap(2, 99), other.handle(99))
    assert other.log == ["handled 99"]
    assert not any(task.done() for task in slow)
    shop.open.set()
    await asyncio.gather(*slow)


async def test_no_more_than_the_slots_are_handled_at_once(shop: Shop) -> None:
    lanes = Lanes(shop.early, slots=2)
    nameless = [lanes.process_update(posted_in_a_channel(), shop.handle(n)) for n in (8, 9)]
    tasks = await started(*nameless, *(lanes.process_update(tap(user), shop.handle(user)) for user in range(1, 8)))
    shop.open.set()
    await asyncio.gather(*tasks)
    assert shop.most_running == 2
    assert len([line for line in shop.log if "handled" in line]) == 9


async def test_a_user_who_taps_too_often_loses_the_taps_beyond_the_cap(shop: Shop) -> None:
    lanes = Lanes(shop.early, waiting=3)
    with capture_logs() as logs:
        tasks = await started(*(lanes.process_update(tap(1, n), shop.handle(n)) for n in range(6)))
    assert [(line["event"], line["user"], line["update"]) for line in logs] == [
        ("update.dropped", 1, 4),
        ("update.dropped", 1, 5),
    ]
    shop.open.set()
    await asyncio.gather(*tasks)
    assert [line for line in shop.log if "handled" in line] == [f"handled {n}" for n in range(4)]
    gc.collect()  # a handler that was never run would warn here


async def test_a_failed_answer_does_not_keep_the_tap_from_being_handled(shop: Shop) -> None:
    async def early(update: Update) -> None:
        raise LookupError(update.update_id)

    shop.open.set()
    with capture_logs() as logs:
        await Lanes(early).process_update(tap(1), shop.handle(1))
    assert [line["event"] for line in logs] == ["update.early_failed"]
    assert shop.log == ["handled 1"]


async def test_a_failing_handler_makes_room_for_the_next(shop: Shop) -> None:
    lanes = Lanes(shop.early)
    shop.open.set()
    tasks = await started(
        lanes.process_update(tap(1, 1), shop.fail(1)), lanes.process_update(tap(1, 2), shop.handle(2))
    )
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(results[0], LookupError)
    assert shop.log[-1] == "handled 2"


async def test_a_cancelled_update_leaves_its_lane(shop: Shop) -> None:
    lanes = Lanes(shop.early)
    tasks = await started(*(lanes.process_update(tap(1, n), shop.handle(n)) for n in range(3)))
    tasks[1].cancel()
    tasks[0].cancel()
    shop.open.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert [line for line in shop.log if "handled" in line] == ["handled 2"]
    assert lanes.users == 0
    gc.collect()


async def test_lanes_vanish_when_nobody_is_in_them(shop: Shop) -> None:
    lanes = Lanes(shop.early)
    shop.open.set()
    for user in range(1, 200):
        await lanes.process_update(tap(user), shop.handle(user))
    assert lanes.users == 0


async def test_what_is_no_update_is_handled_without_a_lane(shop: Shop) -> None:
    shop.open.set()
    await Lanes(shop.early).process_update("a text", shop.handle(1))
    assert shop.log == ["handled 1"]


class Offline(BaseRequest):
    """Knows the bot's own name and reaches nobody."""

    @property
    def read_timeout(self) -> float:
        return 1

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, *args: object, **kwargs: object) -> tuple[int, bytes]:
        return 200, b'{"ok":true,"result":{"id":123456789,"is_bot":true,"first_name":"G","username":"g_bot"}}'


async def test_the_library_hands_its_updates_to_the_lanes(shop: Shop) -> None:
    builder = ApplicationBuilder().token(TOKEN).updater(None).request(Offline()).get_updates_request(Offline())
    application = builder.concurrent_updates(Lanes(shop.early)).build()

    async def handle(update: Update, context: object) -> None:
        await shop.handle(update.update_id)

    application.add_handler(TypeHandler(Update, handle))
    shop.open.set()
    async with application:
        await application.start()
        for number in range(3):
            application.update_queue.put_nowait(tap(1, number))
        await application.update_queue.join()
        await application.stop()
    assert sorted(line for line in shop.log if "answered" in line) == [f"answered {n}" for n in range(3)]
    assert [line for line in shop.log if "handled" in line] == [f"handled {n}" for n in range(3)]
