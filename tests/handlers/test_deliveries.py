"""Facts arrive in the recipient's language, from what is true at that moment, and failures are told apart."""

import pytest
from sqlalchemy import update

from bot.domain.ids import ChatId
from bot.domain.outbox import Blocked, Later, NoLongerTrue, OutboxMessage, Undeliverable, Unsure
from storage import schema
from tests.clock import NOW
from tests.handlers.counter import ADA, Counter
from tests.handlers.walks import to_the_link, to_the_ticket

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def durations_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def row(kind: str, **data: object) -> OutboxMessage:
    return OutboxMessage(1, ChatId(ADA), kind, {"order_id": 1} | data, 0, NOW)


async def test_a_card_that_was_deleted_is_sent_anew_and_remembered(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    card = counter.screen(ADA)
    counter.telegram.delete_message(ADA, card.id)
    await counter.pay()
    _, again, ticket = counter.messages(ADA)
    assert again.text.startswith("Paid")
    assert ticket.text.startswith("You are booked")
    (order,) = await counter.orders()
    assert (await counter.world.ordering.card(order)).message_id == again.id


@pytest.mark.fault(7)
async def test_a_card_told_twice_stays_one_message(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    before = len(counter.messages(ADA))
    await counter.deliveries.send(row("card"))
    assert len(counter.messages(ADA)) == before


@pytest.mark.fault(14)
async def test_other_dates_are_offered_and_open_below(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    await counter.world.database.run(lambda c: c.execute(update(schema.orders).values(state="refunded")))
    await counter.deliveries.send(row("refunded_late", amount=3900, currency="EUR"))
    told = counter.screen(ADA)
    assert counter.labels(told) == ["Tue 24 Nov 2026", "Wed 25 Nov 2026"]
    await counter.press(ADA, "Wed 25 Nov 2026")
    assert counter.labels(counter.screen(ADA))[0] == "07:00 · last 2"
    assert told in counter.messages(ADA)


async def test_a_refund_in_part_names_the_amount(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    await counter.deliveries.send(row("refunded_part", amount=1000, currency="EUR"))
    assert counter.screen(ADA).text.startswith("Refunded in part, €10.00")


@pytest.mark.parametrize("kind", ["released", "processing", "bank_failed"])
async def test_what_is_no_longer_so_is_skipped(counter: Counter, kind: str) -> None:
    await to_the_ticket(counter, ADA)
    with pytest.raises(NoLongerTrue):
        await counter.deliveries.send(row(kind, amount=3900, currency="EUR"))


async def test_an_order_that_is_not_there_is_skipped(counter: Counter) -> None:
    with pytest.raises(NoLongerTrue):
        await counter.deliveries.send(row("card", order_id=99))


async def test_a_booking_that_does_not_stand_is_not_announced(counter: Counter) -> None:
    await to_the_link(counter, ADA)
    with pytest.raises(NoLongerTrue):
        await counter.deliveries.send(row("booked"))


@pytest.mark.parametrize("message", [row("surprise"), row("card", order_id="1"), row("refunded_part")])
async def test_a_row_that_makes_no_sense_is_undeliverable(counter: Counter, message: OutboxMessage) -> None:
    await to_the_ticket(counter, ADA)
    with pytest.raises(Undeliverable):
        await counter.deliveries.send(message)


@pytest.mark.fault(25)
async def test_whoever_has_blocked_us_is_told_apart(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    counter.telegram.block(ADA)
    with pytest.raises(Blocked):
        await counter.deliveries.send(row("booked"))


@pytest.mark.fault(26)
@pytest.mark.parametrize(
    ("status", "description", "expected"),
    [
        (403, "Forbidden: bot was blocked by the user", Blocked),
        (400, "Bad Request: chat not found", Blocked),
        (400, "Bad Request: can't parse entities", Undeliverable),
        (502, "Bad Gateway", Unsure),
        (401, "Unauthorized", Unsure),
    ],
)
async def test_each_way_to_fail_has_its_end(
    counter: Counter, status: int, description: str, expected: type[Exception]
) -> None:
    await to_the_ticket(counter, ADA)
    counter.wire.refused |= {method: [(status, description)] for method in ("sendPhoto", "sendMessage")}
    with pytest.raises(expected):
        await counter.deliveries.send(row("booked"))


@pytest.mark.fault(26)
async def test_telegrams_wish_to_wait_is_passed_on(counter: Counter) -> None:
    await to_the_ticket(counter, ADA)
    counter.wire.retry_after["sendPhoto"] = 17
    with pytest.raises(Later) as wait:
        await counter.deliveries.send(row("booked"))
    assert wait.value.seconds == 17
