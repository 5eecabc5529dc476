"""Prints the table of faults: which tests cover each row, and how they ended. A plugin for `pytest -p tests.faults`.

A row fails that has a failing test, or no test at all and no reason why it is still open.
"""

import tomllib
from collections import Counter
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROWS = Path(__file__).with_name("faults.toml")
MARK = "fault"
PASSED = " | passed"


@dataclass(frozen=True)
class Row:
    """`open`: a part that cannot be covered yet, and why."""

    fault: str
    open: str = ""


@dataclass
class Seen:
    """How many tests of each row ended how."""

    ended: dict[int, Counter[str]] = field(default_factory=dict)

    def add(self, numbers: list[int], how: str) -> None:
        for number in numbers:
            self.ended.setdefault(number, Counter())[how] += 1

    def result(self, number: int, row: Row) -> tuple[str, bool]:
        """What stands in the last column, and whether the row is as it must be."""
        ended = self.ended.get(number, Counter())
        if ended["failed"]:
            return f"FAILED: {ended['failed']}", False
        if not ended["passed"]:
            return (f"open: {row.open}", True) if row.open else ("NO TEST" if not ended else "SKIPPED", False)
        skipped = f", {ended['skipped']} skipped" if ended["skipped"] else ""
        return f"passed{skipped}" + (f"; open: {row.open}" if row.open else ""), True


def rows() -> dict[int, Row]:
    return {int(number): Row(**row) for number, row in tomllib.loads(ROWS.read_text(encoding="utf-8")).items()}


def table(listed: Mapping[int, Row], seen: Seen) -> tuple[list[str], list[int]]:
    """The lines, and the numbers of the rows that are not as they must be."""
    lines, wrong = [], []
    for number, row in listed.items():
        result, fine = seen.result(number, row)
        lines.append(f"{number:>2} | {row.fault} | {seen.ended.get(number, Counter()).total()} | {result}")
        wrong += [] if fine else [number]
    return lines, wrong


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The rows travel with the report, from whichever process the test ran in."""
    report = yield
    report.user_properties += [(MARK, int(mark.args[0])) for mark in item.iter_markers(MARK)]
    return report


class Table:
    """Collects the reports where they come together, and ends with the table."""

    def __init__(self) -> None:
        self._seen = Seen()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            numbers = {int(str(number)) for name, number in report.user_properties if name == MARK}
            self._seen.add(sorted(numbers), report.outcome)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        _, wrong = table(rows(), self._seen)
        if wrong and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        lines, wrong = table(rows(), self._seen)
        terminalreporter.section("faults")
        for line in ["row | fault | tests | result", *lines]:
            terminalreporter.write_line(line)
        terminalreporter.write_line(f"{sum(PASSED in line for line in lines)} of {len(lines)} rows passed")
        if wrong:
            terminalreporter.write_line(f"look at {', '.join(map(str, wrong))}")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Table())
