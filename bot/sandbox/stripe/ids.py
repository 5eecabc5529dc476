"""Ids that look like Stripe's and come in the same order from the same seed."""

import random
from string import ascii_letters, digits

ALPHABET = ascii_letters + digits
ACCOUNT = "1SandboxGuichetX"


class Ids:
    """A source of ids. Worlds that share a database with an earlier one need another seed."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(f"ids {seed}")  # noqa: S311 - names, not secrets

    def session(self) -> str:
        """66 characters, as Stripe's in test mode."""
        return "cs_test_a1" + self._letters(56)

    def new(self, prefix: str, generation: int = 1) -> str:
        """An id such as `re_3` and 23 characters."""
        return f"{prefix}_{generation}{self._letters(23)}"

    def short(self, prefix: str) -> str:
        """An id such as `req_` and 14 characters."""
        return f"{prefix}_{self._letters(14)}"

    def _letters(self, length: int) -> str:
        return "".join(self._chance.choices(ALPHABET, k=length))
