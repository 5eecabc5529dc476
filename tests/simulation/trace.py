"""What happened in a run, line by line, and what went wrong on purpose in it."""

import asyncio
import hashlib
from collections import Counter


class Trace:
    """`faults` counts by kind what went wrong; `hash` is the same whenever the same happened."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.faults: Counter[str] = Counter()
        self.violations: list[str] = []

    def note(self, line: str) -> None:
        self.lines.append(f"{asyncio.get_running_loop().time():.3f} {line}")

    def fault(self, kind: str, about: str = "") -> None:
        self.faults[kind] += 1
        self.note(f"FAULT {kind} {about}".rstrip())

    def violate(self, rule: str) -> None:
        """A promise was broken."""
        self.violations.append(rule)
        self.note(f"BROKEN {rule}")

    @property
    def hash(self) -> str:
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()
