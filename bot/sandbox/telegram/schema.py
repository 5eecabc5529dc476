"""A small language to describe what the Bot API takes, and the check that names the path of every mistake."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from bot.sandbox.telegram.wire import BadRequest, Json

MAX_INTEGER = 2**53 - 1


@dataclass(frozen=True)
class Int:
    low: int = -MAX_INTEGER
    high: int = MAX_INTEGER
    name = "Integer"


@dataclass(frozen=True)
class Float:
    low: float
    high: float
    name = "Float"


@dataclass(frozen=True)
class Bool:
    only_true: bool = False
    name = "Boolean"


@dataclass(frozen=True)
class Str:
    """`low` and `high` count UTF-16 units, or bytes with `in_bytes`. `error`: Telegram's word for a breach."""

    low: int = 0
    high: int | None = None
    pattern: str = ""
    choices: tuple[str, ...] = ()
    in_bytes: bool = False
    error: str = ""
    name = "String"


@dataclass(frozen=True)
class ChatRef:
    """A chat by its id; the sandbox has no public @usernames, they are simply not found."""

    name = "Integer or String"


@dataclass(frozen=True)
class InputFile:
    """An upload, a file id, or `attach://name`."""

    name = "InputFile or String"


@dataclass(frozen=True)
class ListOf:
    item: "Spec"
    high: int | None = None
    error: str = ""
    name = "Array"


@dataclass(frozen=True)
class Object:
    """`one_of`: exactly one of these fields must be present. `error`: Telegram's word where it is not."""

    fields: Mapping[str, "Field"]
    one_of: tuple[str, ...] = ()
    error: str = ""
    name = "Object"


@dataclass(frozen=True)
class Variants:
    """An object whose shape is told by a field (`type`), or, without `key`, by which field it has."""

    shapes: Mapping[str, Object]
    key: str = ""
    name = "Object"


Spec = Int | Float | Bool | Str | ChatRef | InputFile | ListOf | Object | Variants


@dataclass(frozen=True)
class Field:
    spec: Spec
    required: bool = False


@dataclass(frozen=True)
class Method:
    fields: Mapping[str, Field] = field(default_factory=dict)


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def decode(method: Method, params: Mapping[str, object]) -> dict[str, Json]:
    """The parameters as JSON values, checked; raises BadRequest that names the path of the first mistake."""
    for name in params:
        if name not in method.fields:
            raise BadRequest(f"unknown field {name}")
    decoded: dict[str, Json] = {}
    for name, entry in method.fields.items():
        if params.get(name) is None:
            if entry.required:
                raise BadRequest(f"{name} is required")
            continue
        value = from_wire(entry.spec, params[name], name)
        check(entry.spec, value, name)
        decoded[name] = value
    return decoded


def from_wire(spec: Spec, raw: object, path: str) -> Json:
    """A form carries strings: numbers, booleans and JSON are read out of them. A JSON body carries values."""
    if not isinstance(raw, str):
        return _json_value(raw, path)
    if isinstance(spec, ListOf | Object | Variants):
        return _parse(raw, path)
    if isinstance(spec, Bool):
        return {"true": True, "1": True, "false": False, "0": False}.get(raw.lower(), raw)
    if isinstance(spec, Int | ChatRef) and re.fullmatch(r"[+-]?[0-9]{1,19}", raw):
        return int(raw)
    if isinstance(spec, Float) and re.fullmatch(r"[+-]?[0-9]{1,19}(\.[0-9]{1,19})?", raw):
        return float(raw)
    return raw


def _parse(raw: str, path: str) -> Json:
    try:
        return _json_value(json.loads(raw, parse_constant=_refuse_constant), path)
    except (ValueError, RecursionError):
        raise BadRequest(f"can't parse {path} JSON object") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _json_value(raw: object, path: str, depth: int = 0) -> Json:
    if depth > 32:
        raise BadRequest(f"{path} is nested too deeply")
    match raw:
        case None | bool() | int() | float() | str():
            return raw
        case list():
            return [_json_value(item, path, depth + 1) for item in raw]
        case dict():
            return {str(name): _json_value(item, path, depth + 1) for name, item in raw.items()}
        case _:
            raise BadRequest(f"{path} is not a JSON value")


def check(spec: Spec, value: Json, path: str) -> None:
    """Raise BadRequest where the value breaks its description."""
    match spec:
        case Str() | InputFile():
            _check_text(spec if isinstance(spec, Str) else Str(low=1), value, path)
        case Int() | Float():
            _check_number(spec, value, path)
        case Bool():
            _check_flag(spec, value, path)
        case ChatRef():
            _check_chat(value, path)
        case ListOf():
            _check_list(spec, value, path)
        case Object():
            _check_object(spec, value, path)
        case Variants():
            _check_object(_shape(spec, value, path), value, path)


def _wrong_type(path: str, expected: str) -> BadRequest:
    return BadRequest(f"field {path} must be of type {expected}")


def _check_text(spec: Str, value: Json, path: str) -> None:
    if not isinstance(value, str):
        raise _wrong_type(path, spec.name)
    try:
        size = len(value.encode()) if spec.in_bytes else utf16_length(value.encode().decode())
    except UnicodeEncodeError:
        raise BadRequest("strings must be encoded in UTF-8") from None
    unit = "bytes" if spec.in_bytes else "characters"
    if size < spec.low or (spec.high is not None and size > spec.high):
        raise BadRequest(spec.error or f"{path} must have {spec.low}-{spec.high or ''} {unit}, has {size}")
    if spec.pattern and not re.fullmatch(spec.pattern, value):
        raise BadRequest(spec.error or f"{path} must match {spec.pattern}")
    if spec.choices and value not in spec.choices:
        raise BadRequest(spec.error or f"{path} must be one of {', '.join(spec.choices)}")


def _check_number(spec: Int | Float, value: Json, path: str) -> None:
    allowed = int if isinstance(spec, Int) else (int, float)
    if isinstance(value, bool) or not isinstance(value, allowed) or not isfinite(value):
        raise _wrong_type(path, spec.name)
    if not spec.low <= value <= spec.high:
        raise BadRequest(f"{path} must be between {spec.low} and {spec.high}")


def _check_flag(spec: Bool, value: Json, path: str) -> None:
    if not isinstance(value, bool):
        raise _wrong_type(path, spec.name)
    if spec.only_true and not value:
        raise BadRequest(f"{path} must be True")


def _check_chat(value: Json, path: str) -> None:
    if isinstance(value, int):
        _check_number(Int(), value, path)
    else:
        _check_text(Str(low=1), value, path)


def _check_list(spec: ListOf, value: Json, path: str) -> None:
    if not isinstance(value, list):
        raise _wrong_type(path, spec.name)
    if spec.high is not None and len(value) > spec.high:
        raise BadRequest(spec.error or f"{path} must have at most {spec.high} items")
    for position, item in enumerate(value):
        check(spec.item, item, f"{path}[{position}]")


def _check_object(spec: Object, value: Json, path: str) -> None:
    if not isinstance(value, dict):
        raise _wrong_type(path, spec.name)
    for name in value:
        if name not in spec.fields:
            raise BadRequest(f"unknown field {path}.{name}")
    for name, entry in spec.fields.items():
        if name in value:
            check(entry.spec, value[name], f"{path}.{name}")
        elif entry.required:
            raise BadRequest(f"{path}.{name} is required")
    if spec.one_of:
        _check_choice(spec, value, path)


def _check_choice(spec: Object, value: dict[str, Json], path: str) -> None:
    chosen = [name for name in spec.one_of if name in value]
    if not chosen:
        raise BadRequest(spec.error or f"{path} needs one of {', '.join(spec.one_of)}")
    if len(chosen) > 1:
        raise BadRequest(f"{path} may have only one of {', '.join(chosen)}")


def _shape(spec: Variants, value: Json, path: str) -> Object:
    if not isinstance(value, dict):
        raise _wrong_type(path, spec.name)
    if not spec.key:
        for name, shape in spec.shapes.items():
            if name in value:
                return shape
        raise BadRequest(f"{path} needs one of {', '.join(spec.shapes)}")
    told = value.get(spec.key)
    if not isinstance(told, str) or told not in spec.shapes:
        raise BadRequest(f"{path}.{spec.key} must be one of {', '.join(spec.shapes)}")
    return spec.shapes[told]
