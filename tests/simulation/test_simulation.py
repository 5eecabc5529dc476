"""A sample of the simulation for every run of the tests; `make simulate` plays as many seeds as one likes."""

import gc
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation.bugs import BUGS, UNGUARDED
from tests.simulation.play import play
from tests.simulation.running import missing, prepared
from tests.simulation.weather import KINDS
from tests.simulation.workshop import Workshop

SEEDS, CHUNK = 300, 10
SAMPLE = ("message_sent_twice", "released_before_expired", "claims_kept_on_release")
PATIENCE = 30


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    yield prepared()
    gc.unfreeze()


@pytest.fixture
def seen(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Path:
    """Where the processes of one run of the tests leave for each other which faults happened."""
    folder = tmp_path_factory.getbasetemp().parent / f"simulation-{testrun_uid}"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.mark.fault(11)
@pytest.mark.fault(12)
@pytest.mark.fault(13)
@pytest.mark.fault(14)
@pytest.mark.fault(17)
@pytest.mark.fault(18)
@pytest.mark.fault(19)
@pytest.mark.fault(20)
@pytest.mark.fault(22)
@pytest.mark.fault(23)
@pytest.mark.fault(24)
@pytest.mark.fault(25)
@pytest.mark.fault(26)
@pytest.mark.fault(27)
@pytest.mark.fault(28)
@pytest.mark.fault(34)
@pytest.mark.fault(35)
@pytest.mark.fault(36)
@pytest.mark.fault(48)
@pytest.mark.parametrize("first", range(1, SEEDS + 1, CHUNK))
def test_whatever_goes_wrong_every_promise_holds_in_the_end(workshop: Workshop, first: int, seen: Path) -> None:
    faults: Counter[str] = Counter()
    for seed in range(first, first + CHUNK):
        played = play(workshop, seed)
        assert not played.violations, "\n".join((*played.lines, f"replay: python -m tests.simulation --seed {seed}"))
        faults += played.faults
    (seen / f"{first}.new").write_text(json.dumps(faults))
    (seen / f"{first}.new").rename(seen / f"{first}.json")
    every = list(seen.glob("*.json"))
    if len(every) == SEEDS // CHUNK:  # whoever is last looks whether everything has happened
        assert missing(sum((Counter(json.loads(each.read_text())) for each in every), Counter[str]())) == []


@pytest.mark.parametrize("seed", [23, 43])
def test_a_seed_is_the_same_run_in_every_process(seed: int, workshop: Workshop) -> None:
    """Also where sets and dictionaries of texts have another order."""
    other = "4711" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    assert _hash_elsewhere(seed, other) == f"seed {seed} hash {play(workshop, seed).hash}"


def _hash_elsewhere(seed: int, hash_seed: str) -> str:
    command = [sys.executable, "-m", "tests.simulation", "--seed", str(seed)]
    environ = {**os.environ, "PYTHONHASHSEED": hash_seed}
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603 - ourselves
    return next(line for line in ended.stdout.splitlines() if line.startswith(f"seed {seed} hash "))


def test_a_seed_is_the_same_run_after_others(workshop: Workshop) -> None:
    alone = play(workshop, 23).hash
    play(workshop, 24)
    assert play(workshop, 23).hash == alone


@pytest.mark.parametrize("bug", SAMPLE)
def test_a_planted_bug_is_found(bug: str, workshop: Workshop) -> None:
    assert bug not in UNGUARDED
    with BUGS[bug]():
        assert any(play(workshop, seed).violations for seed in range(1, PATIENCE + 1))


def test_there_are_enough_planted_bugs() -> None:
    assert len(BUGS) >= 20


def test_a_kind_of_fault_that_never_happened_is_named() -> None:
    faults = Counter({f"{service}.{kind}": 1 for service, kinds in KINDS.items() for kind in kinds})
    assert missing(faults) == []
    del faults["stripe.slow"]
    assert missing(faults) == ["stripe.slow"]
