"""The table of rules and the tests that violate them name each other."""

import ast
import re
from pathlib import Path

from tests.sandbox.stripe.refused import CASES

RULES = Path("bot/sandbox/stripe/RULES.md")
ROW = re.compile(r"^\| (?!rule |---)(?P<rule>.+) \| (?P<source>.+) \| (?P<tests>.+) \|$", re.MULTILINE)


def named() -> set[str]:
    text = RULES.read_text(encoding="utf-8")
    return {name for row in ROW.finditer(text) for name in re.findall(r"`([^`]+)`", row["tests"])}


def existing() -> set[str]:
    functions: set[str] = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    return functions


def test_every_rule_has_a_source_and_a_test_that_exists() -> None:
    rows = list(ROW.finditer(RULES.read_text(encoding="utf-8")))
    assert len(rows) > 40
    assert all(
        row["source"].startswith("https://docs.stripe.com/") or row["source"] == "the sandbox's own" for row in rows
    )
    assert named() - existing() - CASES.keys() == set()


def test_every_case_that_is_refused_belongs_to_a_rule() -> None:
    assert CASES.keys() - named() == set()
