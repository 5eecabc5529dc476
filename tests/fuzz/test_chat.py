"""Whatever a stranger sends in the chat, no handler fails, nothing of another customer's is shown or changed."""

import pytest

from bot.domain.bookings import BookingView
from bot.domain.ids import BookingId, CustomerId
from bot.services.bookings import Bookings
from storage import bookings
from storage.database import Database
from tests.clock import FakeClock
from tests.fuzz.chat import open_chat

pytestmark = [pytest.mark.fault(32), pytest.mark.fault(43), pytest.mark.fault(44)]
SAMPLE = range(1, 301)


async def test_no_tap_text_or_name_does_harm(database: Database, clock: FakeClock) -> None:
    async with open_chat(database, clock) as chat:
        assert await chat.play(SAMPLE) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_booking_that_is_shown_to_anybody_is_found(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def show(service: Bookings, _: CustomerId, booking_id: BookingId) -> BookingView:
        async with service._database.read() as connection:
            found = await bookings.by_id(connection, booking_id)
        assert found is not None
        return found

    monkeypatch.setattr(Bookings, "show", show)
    async with open_chat(database, clock) as chat:
        found: list[str] = []
        for first in SAMPLE[::20]:
            found += await chat.play(range(first, first + 20))
            if any("is shown after" in line for line in found):
                return
        raise AssertionError(found)
