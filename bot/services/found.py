"""What was looked for and is not there is gone."""

from typing import TypeVar

from bot.domain.errors import Gone

Found = TypeVar("Found")


def present(found: Found | None) -> Found:
    """What was found; raises Gone if nothing was."""
    if found is None:
        raise Gone
    return found
