"""Every bound in the description of the Bot API is walked through and violated."""

from collections.abc import Iterator

import pytest

from bot.sandbox.telegram.methods import METHODS
from bot.sandbox.telegram.schema import Bool, Float, Int, ListOf, Object, Spec, Str, Variants, check
from bot.sandbox.telegram.wire import BadRequest, Json


def leaves(spec: Spec, path: str) -> Iterator[tuple[str, Spec]]:
    yield path, spec
    match spec:
        case Object():
            for name, entry in spec.fields.items():
                yield from leaves(entry.spec, f"{path}.{name}")
        case Variants():
            for name, shape in spec.shapes.items():
                yield from leaves(shape, f"{path}<{name}>")
        case ListOf():
            yield from leaves(spec.item, f"{path}[]")
        case _:
            pass


def violations(spec: Spec) -> list[Json]:
    """Values that break one bound each, and one of a wrong type."""
    match spec:
        case Str():
            return _texts(spec)
        case Int() | Float():
            return ["x", True, spec.low - 1, spec.high + 1]
        case Bool():
            return [1, False] if spec.only_true else [1]
        case ListOf():
            return [{}] if spec.high is None else [{}, [0] * (spec.high + 1)]
        case Object() | Variants():
            return [[], {"no such field": 1}]
        case _:
            return [1.5, ""]


def _texts(spec: Str) -> list[Json]:
    found: list[Json] = [5]
    if spec.low:
        found.append("x" * (spec.low - 1))
    if spec.high is not None:
        found.append("x" * (spec.high + 1))
    if spec.pattern:
        found.append("A B")
    if spec.choices:
        found.append("no such choice")
    return found


BOUNDS = {
    path: spec
    for method, description in METHODS.items()
    for name, entry in description.fields.items()
    for path, spec in leaves(entry.spec, f"{method}.{name}")
}


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_described_bound_refuses_what_lies_beyond(method: str) -> None:
    for path, spec in BOUNDS.items():
        if path.startswith(f"{method}."):
            for value in violations(spec):
                with pytest.raises(BadRequest):
                    check(spec, value, path)
