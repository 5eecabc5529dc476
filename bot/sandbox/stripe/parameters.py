"""A small language to describe parameters, and the check that names whatever does not fit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from bot.sandbox.stripe import errors
from bot.sandbox.stripe.errors import Refusal
from bot.sandbox.stripe.results import Json


class Kind(Protocol):
    """Turns what was sent into a typed value, or refuses in Stripe's words, naming `param`."""

    def check(self, value: object, param: str) -> Json: ...


@dataclass(frozen=True)
class Text:
    longest: int = 5000
    among: Sequence[str] = ()
    also: Callable[[str, str], str] | None = None

    def check(self, value: object, param: str) -> str:
        if not isinstance(value, str):
            raise Refusal(f"Invalid string: {value}", param=param, code="parameter_invalid_string")
        if not value:
            raise errors.empty(param)
        if len(value) > self.longest:
            raise Refusal(
                f"Invalid string: {value[:10]}…{value[-10:]}; must be at most {self.longest} characters",
                param=param,
            )
        if self.among and value not in self.among:
            raise Refusal(f"Invalid {param}: must be one of {', '.join(self.among)}", param=param)
        return self.also(value, param) if self.also else value


@dataclass(frozen=True)
class Whole:
    least: int | None = None
    most: int | None = None

    def check(self, value: object, param: str) -> int:
        number = _whole(value)
        if number is None:
            raise Refusal(f"Invalid integer: {value}", code="parameter_invalid_integer", param=param)
        if self.least is not None and number < self.least:
            raise Refusal(
                f"This value must be greater than or equal to {self.least}.",
                code="parameter_invalid_integer",
                param=param,
            )
        if self.most is not None and number > self.most:
            raise Refusal(
                f"This value must be less than or equal to {self.most}.",
                code="parameter_invalid_integer",
                param=param,
            )
        return number


@dataclass(frozen=True)
class Flag:
    def check(self, value: object, param: str) -> bool:
        if isinstance(value, bool):
            return value
        if value not in {"true", "false"}:
            raise Refusal(f"Invalid boolean: {value}", param=param, code="parameter_invalid_boolean")
        return value == "true"


@dataclass(frozen=True)
class Many:
    of: Kind
    least: int = 0
    most: int = 100

    def check(self, value: object, param: str) -> list[Json]:
        items = _items(value)
        if items is None:
            raise Refusal("Invalid array", param=param, code="parameter_invalid_array")
        if not self.least <= len(items) <= self.most:
            raise Refusal(
                f"Invalid array: must have between {self.least} and {self.most} elements, not {len(items)}",
                param=param,
            )
        return [self.of.check(item, f"{param}[{number}]") for number, item in enumerate(items)]


@dataclass(frozen=True)
class Record:
    fields: Mapping[str, Kind]
    required: Sequence[str] = ()

    def check(self, value: object, param: str) -> dict[str, Json]:
        if not isinstance(value, Mapping):
            raise Refusal("Invalid object", param=param, code="parameter_invalid_object")
        name = f"{param}[{{}}]".format if param else str
        for key in value:
            if key not in self.fields:
                raise errors.unknown_parameter(name(key))
        for key in self.required:
            if key not in value:
                raise errors.missing(name(key))
        return {key: self.fields[key].check(item, name(key)) for key, item in value.items()}


@dataclass(frozen=True)
class Metadata:
    """At most 50 keys of 40 characters with values of 500."""

    def check(self, value: object, param: str) -> dict[str, Json]:
        pairs = value if isinstance(value, Mapping) else dict(enumerate(_items(value) or ()))
        if not isinstance(value, Mapping | list):
            raise Refusal("Invalid object", param=param, code="parameter_invalid_object")
        if len(pairs) > 50:
            raise Refusal("You can only specify up to 50 metadata keys.", param=param)
        return {str(key): _metadata_value(str(key), item, param) for key, item in pairs.items()}


@dataclass(frozen=True)
class NotPlayed:
    """Exists at Stripe; the sandbox says so rather than to pretend."""

    def check(self, value: object, param: str) -> Json:
        del value
        raise errors.not_played(param)


@dataclass(frozen=True)
class OneOf:
    """A value that is either a record or something else, as `created`."""

    record: Record
    other: Kind

    def check(self, value: object, param: str) -> Json:
        return (self.record if isinstance(value, Mapping) else self.other).check(value, param)


@dataclass(frozen=True)
class Played:
    """Text of which Stripe knows more values than the sandbox plays."""

    known: Sequence[str]
    played: Sequence[str] = field(default=())

    def check(self, value: object, param: str) -> str:
        text = Text(among=self.known).check(value, param)
        if text not in self.played:
            raise errors.not_played(f"{param}={text}")
        return text


def web_address(value: str, param: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in value:
        raise Refusal("Not a valid URL", code="url_invalid", param=param)
    return value


def mail_address(value: str, param: str) -> str:
    name, _, host = value.partition("@")
    if not name or "." not in host or " " in value or "@" in host:
        raise Refusal(f"Invalid email address: {value}", code="email_invalid", param=param)
    return value


def _whole(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and value.isascii():
        return int(value)
    return None


def _items(value: object) -> list[object] | None:
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, Mapping) and all(str(key).isdecimal() for key in value):
        return [value[key] for key in sorted(value, key=lambda key: int(str(key)))]
    return None


def _metadata_value(key: str, value: object, param: str) -> str:
    if len(key) > 40:
        raise Refusal(
            f"Metadata keys can have up to 40 characters, but you passed in a key that is {len(key)} characters."
            f" Invalid key: {key}",
            param=param,
        )
    if not isinstance(value, str):
        raise Refusal(f"Invalid string: {value}", param=f"{param}[{key}]", code="parameter_invalid_string")
    if len(value) > 500:
        raise Refusal(
            "Metadata values can have up to 500 characters, but you passed in a value that is "
            f"{len(value)} characters. Invalid value: {value[:20]}…",
            param=f"{param}[{key}]",
        )
    return value
