"""What the import contracts cannot say."""

import ast
import sys
from pathlib import Path

import pytest

DOMAIN = sorted(Path("bot/domain").glob("*.py"))


def imported(source: str) -> set[str]:
    """The top-level packages that a module imports."""
    nodes = list(ast.walk(ast.parse(source)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    relative = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plain | relative}


def strangers(source: str) -> set[str]:
    own = {"bot"} if "from bot.domain" in source else set()
    return imported(source) - set(sys.stdlib_module_names) - own


@pytest.mark.parametrize("module", DOMAIN, ids=lambda path: path.stem)
def test_the_domain_imports_the_standard_library_only(module: Path) -> None:
    assert strangers(module.read_text(encoding="utf-8")) == set()


def test_a_stranger_in_the_domain_would_be_found() -> None:
    assert strangers("import sqlalchemy.orm\nfrom babel import Locale\nimport json") == {"sqlalchemy", "babel"}
