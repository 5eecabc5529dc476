"""The table of faults: a row without a test that has passed is never called passed."""

import re
from pathlib import Path

from tests.crash.points import POINTS
from tests.faults import Row, Seen, rows, table

TESTS = Path(__file__).parent
THEIRS = re.compile(r"mark\.fault\((\d+)\)")


def marked() -> set[int]:
    """The numbers in the tests' own text, and those of the points at which the shop is killed."""
    files = (path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py"))
    killed = {row for point in POINTS for row in point.rows}
    return {int(number) for text in files for number in THEIRS.findall(text)} | killed


def test_every_row_has_a_test_and_every_number_that_a_test_names_is_a_row() -> None:
    listed = rows()
    assert list(listed) == list(range(1, len(listed) + 1))
    assert marked() == listed.keys()


def test_a_row_is_passed_only_when_a_test_of_it_has_passed_and_none_failed() -> None:
    listed = {number: Row(f"fault {number}") for number in range(1, 6)} | {6: Row("fault 6", "no rentals yet")}
    seen = Seen()
    seen.add([1, 2, 5], "passed")
    seen.add([2], "failed")
    seen.add([3, 5], "skipped")
    lines, wrong = table(listed, seen)
    assert [line.rpartition(" | ")[2] for line in lines] == [
        "passed",
        "FAILED: 1",
        "SKIPPED",
        "NO TEST",
        "passed, 1 skipped",
        "open: no rentals yet",
    ]
    assert wrong == [2, 3, 4]


def test_a_row_that_is_open_in_part_says_so_although_the_rest_passes() -> None:
    seen = Seen()
    seen.add([30], "passed")
    (line,), wrong = table({30: Row("the last seat", "nights: not sold yet")}, seen)
    assert line == "30 | the last seat | 1 | passed; open: nights: not sold yet"
    assert wrong == []
