"""What the documentation says is what the code does: states, events, names, commands, links."""

import asyncio
import re
import sys
import tomllib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from itertools import product
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from bot import cli
from bot.domain.effects import Concern
from bot.domain.orders import RELEASED, State
from bot.metrics import Metrics
from bot.payments.events import HANDLED
from bot.services.backlog import Backlog
from storage.schema import metadata
from tests.order_states import Step, steps

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
OPERATING = ROOT / "docs" / "operating.md"
DECISIONS = ROOT / "docs" / "adr"
PAGES = [
    *sorted(page for page in ROOT.glob("*.md") if not page.name.startswith("AGENTS")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "bot").rglob("*.md")),
]
FOLDERS = ("bot/", "handlers/", "storage/", "tests/", "docs/")
"""A name in backticks that begins with one of these is a path from the root."""

GROUPS = {"released": RELEASED}
PATIENCE = 60.0  # seconds


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def section(page: Path, heading: str) -> str:
    """From a heading to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", text(page), re.DOTALL | re.MULTILINE)
    assert found is not None, f"{name(page)} has no section {heading}"
    return found[1]


def block(source: str, language: str = "") -> str:
    """The first fenced block of a language."""
    found = re.search(rf"^```{language}\n(.*?)^```", source, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def first_column(source: str) -> list[str]:
    """What stands in backticks at the beginning of each row of a table."""
    return re.findall(r"^\| `([^`]+)`", source, re.MULTILINE)


def drawn_steps() -> Iterator[Step]:
    """The arrows of the README's diagram; an arrow from a group is one from each of its members."""
    for source, target in re.findall(r"^ +(\w+) --> (\w+)", block(text(README), "mermaid"), re.MULTILINE):
        yield from product(GROUPS.get(source) or {State(source)}, {State(target)})


def test_the_diagram_of_an_orders_states_is_what_the_code_can_do() -> None:
    drawn = sorted(drawn_steps())
    assert drawn == sorted(steps())
    assert "[*] --> held" in block(text(README), "mermaid")


def test_the_diagrams_groups_hold_what_their_names_say() -> None:
    diagram = block(text(README), "mermaid")
    groups = re.findall(r"^ +state (\w+) \{\n(.*?)^ +\}", diagram, re.DOTALL | re.MULTILINE)
    assert {group: {State(member) for member in members.split()} for group, members in groups} == GROUPS


def test_the_readme_lists_the_events_that_are_handled() -> None:
    listed = block(text(README).split("a test compares this list")[1])
    assert listed.split() == list(HANDLED)


async def test_the_readmes_script_buys_a_ticket(tmp_path: Path) -> None:
    script = tmp_path / "buy.py"
    async with demo() as address:
        script.write_text(block(text(README), "python").replace("http://127.0.0.1:8800", address), encoding="utf-8")
        async with python(str(script)) as buyer:
            said, _ = await asyncio.wait_for(buyer.communicate(), PATIENCE)
    assert buyer.returncode == 0
    assert re.search(r"^Code \w{4}-\w{2}$", said.decode(), re.MULTILINE)


@asynccontextmanager
async def demo() -> AsyncIterator[str]:
    """The demo as `make demo` opens it, on any free port; its address."""
    async with python("bot.py", "sandbox", "--port", "0") as process:
        assert process.stdout is not None
        while b"open at" not in (line := await asyncio.wait_for(process.stdout.readline(), PATIENCE)):
            assert line, "the demo has ended"
        yield line.split()[-1].decode()


@asynccontextmanager
async def python(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_target_of_make_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z]+)\b", text(page), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_that_is_named_exists(page: Path) -> None:
    commands = {command.callback.__name__ for command in cli.cli.registered_commands if command.callback}
    known = commands | {group.name for group in cli.cli.registered_groups}
    named = set(re.findall(r"python bot\.py ([a-z]+)", text(page)))
    assert named <= known


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), f"{target} is not there"
        assert not anchor or anchor in anchors(linked), f"{target}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = [word for word in re.findall(r"`([\w./-]+)`", text(page)) if word.startswith(FOLDERS)]
    assert [path for path in named if not (ROOT / path).exists()] == []


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_layers_are_those_that_are_enforced() -> None:
    contracts = tomllib.loads(text(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert block(section(ARCHITECTURE, "Who may import whom")).splitlines() == layers


def test_every_table_has_its_paragraph() -> None:
    described = re.findall(r"^- `(\w+)`:", section(ARCHITECTURE, "Tables"), re.MULTILINE)
    assert sorted(described) == sorted(metadata.tables)


def test_the_numbers_that_are_shown_are_those_that_are_described() -> None:
    shown = Metrics(CollectorRegistry()).show(Backlog(0, 0, 0, 0)).decode()
    families = re.findall(r"^# TYPE (\w+)", shown, re.MULTILINE)
    assert sorted(first_column(section(OPERATING, "What to watch"))) == sorted(families)
    assert len(families) == len(asdict(Backlog(0, 0, 0, 0))) + 2


def test_there_is_advice_for_every_item_of_the_attention_list() -> None:
    assert sorted(first_column(section(OPERATING, "The attention list"))) == sorted(Concern)


def test_the_exit_codes_are_described() -> None:
    described = re.findall(r"^\| (\d+) \|", section(OPERATING, "Exit codes"), re.MULTILINE)
    assert {str(code) for code in (cli.CONFIG_MISTAKE, cli.UNAVAILABLE, cli.DATA_MISTAKE)} <= set(described)


def test_decisions_are_numbered_dated_and_listed() -> None:
    decisions = sorted(page for page in DECISIONS.glob("*.md") if page.name != "README.md")
    assert [page.name[:4] for page in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    assert [page.name for page in decisions if not re.search(r"^\d{4}-\d{2}$", text(page), re.MULTILINE)] == []
    assert re.findall(r"\]\((\d{4}[^)]+)\)", text(DECISIONS / "README.md")) == [page.name for page in decisions]
