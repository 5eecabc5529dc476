"""Rules of who may do what."""

import pytest
from sqlalchemy import select

from bot.domain.ids import TelegramId
from bot.domain.staff import StaffAction, StaffRole
from bot.services.staff import Staff
from storage import schema
from storage.database import Database
from tests.clock import NOW, FakeClock

OWNER, MANAGER, DOOR, NOBODY = map(TelegramId, (1, 2, 3, 4))
MAY = {
    OWNER: {StaffAction.TODAY, StaffAction.SALES, StaffAction.ATTENTION, StaffAction.CATALOGUE},
    MANAGER: {StaffAction.TODAY, StaffAction.SALES, StaffAction.ATTENTION},
    DOOR: {StaffAction.TODAY},
    NOBODY: set(),
}


@pytest.fixture
def staff(database: Database, clock: FakeClock) -> Staff:
    return Staff(database, clock, owners=[1], managers=[1, 2], door=[1, 2, 3])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", MAY)
def test_each_role_may_do_its_part_and_no_more(staff: Staff, who: TelegramId) -> None:
    role = staff.role_of(who)
    assert {action for action in StaffAction if staff.may(role, action)} == MAY[who]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_stands_in_several_lists_has_the_highest_role(staff: Staff) -> None:
    roles = [staff.role_of(who) for who in (OWNER, MANAGER, DOOR, NOBODY)]
    assert roles == [StaffRole.OWNER, StaffRole.MANAGER, StaffRole.DOOR, None]
    assert staff.everyone == {OWNER, MANAGER, DOOR}


async def test_what_staff_do_is_written_down(database: Database, staff: Staff) -> None:
    await staff.note(OWNER, "command.refused", {"origin": "forwarded"})
    async with database.read() as connection:
        (row,) = await connection.execute(select(schema.audit))
    assert (row.at, row.actor, row.action, row.data) == (NOW, OWNER, "command.refused", {"origin": "forwarded"})
