"""Stripe's form encoding: `a[b][0][c]=d` becomes nested values."""

import re
from urllib.parse import parse_qsl

Tree = dict[str, "Tree | str"]
KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def decode(raw: str) -> dict[str, object]:
    """The nested parameters of a form body or a query."""
    root: Tree = {}
    for key, value in parse_qsl(raw, keep_blank_values=True):
        _put(root, _path(key), value)
    return {name: _shaped(item) for name, item in root.items()}


def _path(key: str) -> list[str]:
    found = KEY.fullmatch(key)
    return [found[1], *re.findall(r"\[([^\[\]]*)\]", found[2])] if found else [key]


def _put(root: Tree, path: list[str], value: str) -> None:
    branch = root
    for name in path[:-1]:
        inner = branch.setdefault(name or str(len(branch)), {})
        if isinstance(inner, str):
            inner = branch[name] = {}
        branch = inner
    branch[path[-1] or str(len(branch))] = value


def _shaped(item: Tree | str) -> object:
    if isinstance(item, str):
        return item
    shaped = {name: _shaped(inner) for name, inner in item.items()}
    numbered = [str(number) for number in range(len(shaped))]
    return [shaped[name] for name in numbered] if sorted(shaped) == sorted(numbered) else shaped
