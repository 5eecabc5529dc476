"""A sample of `make crash`: the shop is killed at a point of every kind, and in the end nothing is lost or doubled."""

from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
import pytest_asyncio

from tests.crash.cases import Case, named, sample
from tests.crash.commands import stock
from tests.crash.process import context
from tests.crash.running import play

PLANTED = [
    ("message.booked.before", "message_marked_before_sent", "never heard of it"),
    ("commit.inbox.before", "acknowledged_before_commit", "is acknowledged and not stored"),
]


@pytest.fixture(scope="module")
def source() -> ForkServerContext:
    return context()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stocked(source: ForkServerContext, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return await stock(source, tmp_path_factory.mktemp("stocked"))


def _marked(case: Case) -> object:
    rows = (10,) if case.politely else case.point.rows
    return pytest.param(case, marks=[pytest.mark.fault(row) for row in rows], id=case.point.name)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("case", [_marked(case) for case in sample()])
async def test_killed_there_nothing_is_lost_and_nothing_doubled(
    case: Case, source: ForkServerContext, stocked: Path
) -> None:
    outcome = await play(source, stocked, case)
    assert outcome.broken == []
    assert outcome.fired


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("point", "bug", "found"), PLANTED)
async def test_a_shop_that_does_it_in_the_wrong_order_is_found_out(
    point: str, bug: str, found: str, source: ForkServerContext, stocked: Path
) -> None:
    outcome = await play(source, stocked, Case(1, named(point), brief=True, bug=bug))
    assert any(found in broken for broken in outcome.broken), outcome
