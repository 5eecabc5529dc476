"""Rules of asking for known flaws of dependencies: what was not looked up is never called clean."""

import json
from collections.abc import Mapping

from tests.audit import CLEAN, NOT_AUDITED, VULNERABLE, Report, audit, read

FINE = {"name": "aiohttp", "version": "3.14.5", "vulns": []}
FLAWED = {"name": "rich", "version": "15.0.0", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["15.0.1"]}]}
SKIPPED = {"name": "yarl", "skip_reason": "Dependency not found on PyPI and could not be audited: yarl (1.25.1)"}


def report(*dependencies: Mapping[str, object]) -> Report:
    return read(json.dumps({"dependencies": dependencies, "fixes": []}), "")


def outcome(answers: Mapping[str, Report], locks: tuple[str, ...] = ("requirements.lock",)) -> tuple[int, str]:
    said: list[str] = []
    code = audit(locks, lambda _, service: answers[service], said.append)
    return code, "\n".join(said)


def test_dependencies_without_known_flaws_are_clean() -> None:
    code, said = outcome({"pypi": report(FINE)})
    assert code == CLEAN
    assert "its 1 dependencies" in said


def test_a_known_flaw_is_named_with_the_version_that_mends_it() -> None:
    code, said = outcome({"pypi": report(FINE, FLAWED, SKIPPED)})
    assert code == VULNERABLE
    assert "rich 15.0.0: PYSEC-2026-1, mended in 15.0.1" in said


def test_a_service_that_tells_nothing_about_a_dependency_is_not_believed() -> None:
    code, said = outcome({"pypi": report(FINE, SKIPPED), "osv": report(FINE, FINE)})
    assert (code, "(osv)" in said) == (CLEAN, True)
    code, said = outcome({"pypi": report(FINE, SKIPPED), "osv": report(SKIPPED)})
    assert code == NOT_AUDITED
    assert "NOT AUDITED" in said


def test_where_no_service_answers_nothing_is_called_audited() -> None:
    gone = read("", "Traceback\n  somewhere\nConnectionError: no such host\n")
    code, said = outcome({"pypi": gone, "osv": report()})
    assert code == NOT_AUDITED
    assert "NOT AUDITED" in said
    assert "pypi: ConnectionError: no such host" in said


def test_a_flaw_in_one_lock_file_outweighs_silence_about_the_other() -> None:
    answers = {"a.lock": report(FLAWED), "b.lock": Report(failure="gone"), "c.lock": report(FINE)}
    assert audit(tuple(answers), lambda lock, _: answers[lock], lambda _: None) == VULNERABLE
    assert audit(("b.lock", "c.lock"), lambda lock, _: answers[lock], lambda _: None) == NOT_AUDITED
