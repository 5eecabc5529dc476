"""Typed reading of checked parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.stripe.results import Json


@dataclass(frozen=True)
class Fields:
    """What a caller sent, after the check; what was not sent reads as None or empty."""

    values: Mapping[str, Json] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def whole(self, name: str) -> int | None:
        value = self.values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, name: str) -> bool | None:
        value = self.values.get(name)
        return value if isinstance(value, bool) else None

    def sub(self, name: str) -> "Fields":
        value = self.values.get(name)
        return Fields(value) if isinstance(value, Mapping) else Fields()

    def subs(self, name: str) -> list["Fields"]:
        value = self.values.get(name)
        items = value if isinstance(value, list) else []
        return [Fields(item) for item in items if isinstance(item, Mapping)]

    def texts(self, name: str) -> list[str]:
        value = self.values.get(name)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []

    def metadata(self) -> dict[str, str]:
        value = self.values.get("metadata")
        pairs = value.items() if isinstance(value, Mapping) else ()
        return {key: item for key, item in pairs if isinstance(item, str)}
