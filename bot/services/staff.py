"""Knows who works here, and writes down what they did and what was refused to them."""

from collections.abc import Iterable, Mapping

from bot.domain.ids import TelegramId
from bot.domain.staff import StaffAction, StaffList, StaffRole, allowed
from bot.domain.time import Clock
from storage import audit
from storage.database import Database


class Staff:
    def __init__(
        self, database: Database, clock: Clock, *, owners: Iterable[int], managers: Iterable[int], door: Iterable[int]
    ) -> None:
        self._database = database
        self._clock = clock
        self._list = StaffList(_ids(owners), _ids(managers), _ids(door))

    @property
    def everyone(self) -> frozenset[TelegramId]:
        return self._list.everyone

    def role_of(self, telegram_id: TelegramId) -> StaffRole | None:
        return self._list.role_of(telegram_id)

    def may(self, role: StaffRole | None, action: StaffAction) -> bool:
        return role is not None and action in allowed(role)

    async def note(self, actor: TelegramId | None, action: str, data: Mapping[str, object]) -> None:
        """Write a line into the audit log."""
        at = self._clock.now()
        await self._database.run(lambda connection: audit.append(connection, at, actor, action, data))


def _ids(numbers: Iterable[int]) -> frozenset[TelegramId]:
    return frozenset(map(TelegramId, numbers))
