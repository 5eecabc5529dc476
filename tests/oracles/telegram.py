"""An independent model of the Bot API, aiogram's, made strict, to hold every call against that we make.

check(entry)                      # a call of the simulated Telegram's journal; raises Disagreement
check_call("sendMessage", {"chat_id": 1, "text": "Hello"})
aiogram is imported at the first check: it takes seconds. It knows fields and types; the sandbox knows the limits.
"""

import importlib
from collections.abc import Iterator, Mapping
from functools import cache

from pydantic import BaseModel, ValidationError

from bot.sandbox.telegram.journal import JournalEntry

OK = 200


class Disagreement(AssertionError):
    """A call that the model does not know in this form."""


def check(entry: JournalEntry) -> None:
    """A call of the journal; one that a planned fault has eaten was noted without what it said."""
    if entry.params or entry.status == OK:
        check_call(entry.method, entry.params)


def check_call(method: str, params: Mapping[str, object]) -> None:
    """A call's decoded parameters; raises Disagreement for what is missing, of a wrong type or unknown."""
    try:
        call = _model(method).model_validate(dict(params))
    except ValidationError as error:
        raise Disagreement(f"{method}: {error}") from error
    unknown = list(_unknown(call, method))
    if unknown:
        raise Disagreement(f"no such field: {', '.join(unknown)}")


@cache
def _model(method: str) -> type[BaseModel]:
    methods = importlib.import_module("aiogram.methods")
    found: object = getattr(methods, method[:1].upper() + method[1:], None)
    if not isinstance(found, type) or not issubclass(found, BaseModel):
        raise Disagreement(f"the Bot API has no method {method}")
    return found


def _unknown(value: object, path: str) -> Iterator[str]:
    """The paths of all fields that no class declares: aiogram's keep them instead of refusing them."""
    if isinstance(value, BaseModel):
        yield from (f"{path}.{name}" for name in value.model_extra or {})
        for name in type(value).model_fields:
            yield from _unknown(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _unknown(inner, f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _unknown(inner, f"{path}.{number}")
