"""Who works here, and what each may do."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import TelegramId


class StaffRole(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    DOOR = "door"


class StaffAction(StrEnum):
    TODAY = "today"
    SALES = "sales"
    ATTENTION = "attention"
    CATALOGUE = "catalogue"


_AT_THE_DOOR = frozenset({StaffAction.TODAY})
_MANAGING = _AT_THE_DOOR | {StaffAction.SALES, StaffAction.ATTENTION}


def allowed(role: StaffRole) -> frozenset[StaffAction]:
    """What this role may do."""
    match role:
        case StaffRole.OWNER:
            return frozenset(StaffAction)
        case StaffRole.MANAGER:
            return _MANAGING
        case StaffRole.DOOR:
            return _AT_THE_DOOR


@dataclass(frozen=True)
class StaffList:
    """The user ids of the settings; who stands in several lists has the highest role."""

    owners: frozenset[TelegramId]
    managers: frozenset[TelegramId]
    door: frozenset[TelegramId]

    def role_of(self, telegram_id: TelegramId) -> StaffRole | None:
        if telegram_id in self.owners:
            return StaffRole.OWNER
        if telegram_id in self.managers:
            return StaffRole.MANAGER
        return StaffRole.DOOR if telegram_id in self.door else None

    @property
    def everyone(self) -> frozenset[TelegramId]:
        return self.owners | self.managers | self.door
