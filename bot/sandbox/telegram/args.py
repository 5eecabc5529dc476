"""Typed access to the checked parameters of one call."""

from collections.abc import Mapping

from bot.sandbox.telegram.wire import Json, JsonObject, Upload


class Args:
    """Values that `schema.decode` has checked; a value of another type here is a mistake of the sandbox."""

    def __init__(self, values: JsonObject, uploads: Mapping[str, Upload]) -> None:
        self.values = values
        self.uploads = uploads

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name, default)
        if not isinstance(value, str):
            raise TypeError(name)
        return value

    def integer(self, name: str, default: int = 0) -> int:
        value = self.values.get(name, default)
        if not isinstance(value, int):
            raise TypeError(name)
        return value

    def number(self, name: str) -> float:
        value = self.values.get(name)
        if not isinstance(value, int | float):
            raise TypeError(name)
        return float(value)

    def flag(self, name: str) -> bool:
        return self.values.get(name, False) is True

    def value(self, name: str) -> Json:
        return self.values.get(name)

    def inner(self, name: str) -> "Args | None":
        """The fields of a nested object, if it was given."""
        value = self.values.get(name)
        return Args(value, self.uploads) if isinstance(value, dict) else None

    def items(self, name: str) -> list[Json]:
        value = self.values.get(name, [])
        if not isinstance(value, list):
            raise TypeError(name)
        return value

    def objects(self, name: str) -> list[JsonObject]:
        return [item for item in self.items(name) if isinstance(item, dict)]
