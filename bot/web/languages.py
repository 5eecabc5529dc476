"""Chooses the language of a page from what the browser asks for."""

from collections.abc import Iterator, Sequence

LONGEST = 1000


def preferred(accept_language: str, offered: Sequence[str]) -> str:
    """The offered language that the header ranks highest; the first offered one if it names none of them."""
    ranked = sorted(_asked(accept_language[:LONGEST]), key=lambda asked: -asked[1])
    for language, weight in ranked:
        if weight > 0 and language in offered:
            return language
    return offered[0]


def _asked(header: str) -> Iterator[tuple[str, float]]:
    for part in header.split(","):
        tag, _, parameters = part.partition(";")
        yield tag.strip().lower().split("-")[0], _weight(parameters)


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
