"""The table of rules names tests that exist, and leaves no limit out."""

import ast
import re
from pathlib import Path

from tests.sandbox.telegram.cases import CASES

HERE = Path(__file__).parent
RULES = Path(__file__).parents[3] / "bot" / "sandbox" / "telegram" / "RULES.md"
ROW = re.compile(r"^\|.*\| `(test_\w+\.py)::(test_\w+)(?:\[(.+)\])?` \|$")


def rows() -> list[tuple[str, str, str]]:
    lines = [line for line in RULES.read_text().splitlines() if line.startswith("| ")]
    found = [ROW.match(line) for line in lines if not line.startswith(("| rule |", "| --- |"))]
    assert all(found), "a row without a test"
    return [(row[1], row[2], row[3] or "") for row in found if row]


def test_every_test_of_the_table_exists() -> None:
    for file, name, case in rows():
        tree = ast.parse((HERE / file).read_text())
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert name in functions, f"{file}::{name}"
        assert not case or case in CASES, case


def test_every_limit_stands_in_the_table() -> None:
    assert {case for _, _, case in rows() if case} == set(CASES)


def test_every_rule_has_a_source() -> None:
    for line in RULES.read_text().splitlines():
        if "`test_" in line and line.startswith("| "):
            rule, source = (cell.strip() for cell in line.split(" | ")[:2])
            assert rule.strip("| ")
            assert source
