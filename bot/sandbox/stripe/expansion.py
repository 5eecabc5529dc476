"""`expand[]`: ids in an answer are replaced by the objects that they name."""

from bot.sandbox.stripe import render
from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.errors import Refusal
from bot.sandbox.stripe.render_session import line_items
from bot.sandbox.stripe.results import JsonObject

EXPANDABLE = {
    "checkout.session": {"payment_intent", "line_items"},
    "payment_intent": {"latest_charge"},
    "charge": {"payment_intent"},
    "refund": {"charge", "payment_intent"},
    "dispute": {"charge", "payment_intent"},
}
KINDS = {"latest_charge": "charge", "charge": "charge", "payment_intent": "payment_intent"}
DEEPEST = 4


def check(path: str, kind: str, number: int = 0) -> None:
    """Refuse a path that an object of this kind (`list of …` for its pages) does not have."""
    names = path.split(".")
    if len(names) > DEEPEST:
        raise Refusal(f"You cannot expand more than {DEEPEST} levels of a property. Property: {path}", param="expand")
    for name in names:
        if kind.startswith("list of ") and name == "data":
            kind = kind.removeprefix("list of ")
        elif name in EXPANDABLE.get(kind, ()):
            kind = KINDS.get(name, "")
        else:
            raise Refusal(f"This property cannot be expanded ({path}).", param=f"expand[{number}]")


def expand(account: Account, shown: JsonObject, path: str) -> None:
    """Expand one path, checked before, in place: such as `data.payment_intent.latest_charge`."""
    _expand(account, shown, path.split("."))


def _expand(account: Account, shown: JsonObject, names: list[str]) -> None:
    if not names:
        return
    name, rest = names[0], names[1:]
    if name == "data":
        for item in _objects(shown):
            _expand(account, item, rest)
        return
    target = _target(account, shown, name)
    if target is None:
        return
    _expand(account, target, rest)
    shown[name] = target


def _objects(shown: JsonObject) -> list[JsonObject]:
    data = shown["data"]
    return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []


def _target(account: Account, shown: JsonObject, name: str) -> JsonObject | None:
    present = shown.get(name)
    if isinstance(present, dict):
        return present
    if name == "line_items":
        return line_items(account.session(str(shown["id"])))
    if not isinstance(present, str):
        return None
    if name == "payment_intent":
        return render.payment_intent(account.intent(present))
    return render.charge(account.charge(present))
