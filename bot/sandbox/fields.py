"""Reads the fields of a JSON body or a query: a wrong one is refused with a sentence that names it."""

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

Choice = TypeVar("Choice", bound=StrEnum)


class WrongFieldError(ValueError):
    """What was sent cannot be used; the message is a sentence for the sender."""


class Fields:
    """The fields of one request. `done` refuses those that nobody asked for."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = dict(values)
        self._known: set[str] = set()

    def has(self, name: str) -> bool:
        self._known.add(name)
        return self._values.get(name) is not None

    def is_null(self, name: str) -> bool:
        """Whether null was written out, which can mean something else than leaving the field out."""
        self._known.add(name)
        return name in self._values and self._values[name] is None

    def text(self, name: str, default: str | None = None, *, longest: int = 4096) -> str:
        value = self._take(name, default)
        if not isinstance(value, str) or (default is None and not value):
            raise WrongFieldError(f"The field {name} must be a text that is not empty.")
        if len(value) > longest:
            raise WrongFieldError(f"The field {name} is longer than {longest} characters.")
        return value

    def whole(self, name: str, default: int | None = None, *, least: int, most: int = 2**52) -> int:
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise WrongFieldError(f"The field {name} must be a whole number from {least} to {most}.")
        return value

    def number(self, name: str, default: float | None = None, *, least: float, most: float) -> float:
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise WrongFieldError(f"The field {name} must be a number from {least:g} to {most:g}.")
        return float(value)

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise WrongFieldError(f"The field {name} must be true or false.")
        return value

    def choice(self, name: str, choices: type[Choice], default: Choice | None = None) -> Choice:
        value = self._take(name, default)
        try:
            return choices(str(value))
        except ValueError as error:
            raise WrongFieldError(f"The field {name} must be one of: {', '.join(choices)}.") from error

    def done(self) -> None:
        if unknown := sorted(set(self._values) - self._known):
            raise WrongFieldError(f"There is no field {unknown[0]} here.")

    def _take(self, name: str, default: object) -> object:
        self._known.add(name)
        value = self._values.get(name)
        if value is None and default is None:
            raise WrongFieldError(f"The field {name} is missing.")
        return default if value is None else value


def query_number(query: Mapping[str, str], name: str, *, most: float = 2.0**52) -> float:
    """A number of the query, 0 where it is missing."""
    try:
        number = float(query.get(name, "0"))
    except ValueError:
        number = math.nan
    if not 0 <= number <= most:
        raise WrongFieldError(f"The field {name} must be a number from 0 to {most:g}.")
    return number
