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
DEEPEST = 4


def expand(account: Account, shown: JsonObject, path: str) -> None:
    """Expand one path in place, such as `data.payment_intent.latest_charge`."""
    if path.count(".") >= DEEPEST:
        raise Refusal(f"You cannot expand more than {DEEPEST} levels of a property. Property: {path}", param="expand")
    _expand(account, shown, path.split("."), path)


def _expand(account: Account, shown: JsonObject, names: list[str], path: str) -> None:
    name, rest = names[0], names[1:]
    if shown["object"] == "list" and name == "data":
        for item in _objects(shown):
            _expand(account, item, rest, path)
        return
    if name not in EXPANDABLE.get(str(shown["object"]), ()):
        raise Refusal(f"This property cannot be expanded ({path}).", param="expand[0]")
    target = _target(account, shown, name)
    if target is None:
        return
    if rest:
        _expand(account, target, rest, path)
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
