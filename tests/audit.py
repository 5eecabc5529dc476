"""Asks an advisory service about every locked dependency: `python -m tests.audit requirements.lock …`.

Exit code 0: every one was looked up and nothing is known against it; 1: something is; 69: some could not be looked up.
The program that asks ends with 0 as well when it has learned nothing, so its report is read, not its exit code.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CLEAN, VULNERABLE, NOT_AUDITED = 0, 1, 69
SERVICES = ("pypi", "osv")
PATIENCE = "15"  # seconds for each answer


@dataclass(frozen=True)
class Report:
    """What one service knows. `unknown`: dependencies that it told nothing about; `failure`: there was no answer."""

    looked_up: int = 0
    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    failure: str = ""

    @property
    def complete(self) -> bool:
        return not self.failure and not self.unknown and self.looked_up > 0


Ask = Callable[[str, str], Report]
"""About the dependencies of a lock file, at a service."""


def read(output: str, errors: str) -> Report:
    """The report of pip-audit in JSON."""
    try:
        listed = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        said = errors.strip().splitlines() or ["no answer"]
        return Report(failure=said[-1][:200])
    known = [
        f"{each['name']} {each['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no version'}"
        for each in listed
        for flaw in each.get("vulns", [])
    ]
    unknown = [each["name"] for each in listed if "skip_reason" in each]
    return Report(len(listed) - len(unknown), tuple(known), tuple(unknown))


def pip_audit(lock: str, service: str) -> Report:
    words = ["pip_audit", "--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    command = [sys.executable, "-m", *words, "--timeout", PATIENCE, "--vulnerability-service", service, "-r", lock]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    return read(done.stdout, done.stderr)


def audit(locks: Sequence[str], ask: Ask, say: Callable[[str], object] = print) -> int:
    """Ask about each lock file, one service after the other until one knows all of it; the exit code."""
    codes = {_audit(lock, ask, say) for lock in locks}
    return VULNERABLE if VULNERABLE in codes else max(codes, default=NOT_AUDITED)


def _audit(lock: str, ask: Ask, say: Callable[[str], object]) -> int:
    missed: list[str] = []
    for service in SERVICES:
        report = ask(lock, service)
        for line in report.known:
            say(f"{lock}: {line}")
        if report.known:
            return VULNERABLE
        if report.complete:
            say(f"{lock}: nothing is known against its {report.looked_up} dependencies ({service})")
            return CLEAN
        missed.append(f"{service}: {report.failure or f'knows nothing of {len(report.unknown)} dependencies'}")
    say(f"{lock}: NOT AUDITED, because no advisory service could be asked. Try again where one can be reached.")
    for line in missed:
        say(f"    {line}")
    return NOT_AUDITED


if __name__ == "__main__":
    sys.exit(audit(sys.argv[1:], pip_audit))
