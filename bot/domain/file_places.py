"""Reads where a resource is to be found: its point on the map, and its address."""

from bot.domain.catalogue_entries import Spot
from bot.domain.file_tables import Table

_DIGITS = 6  # a tenth of a metre
_LONGEST = 120


def read_spot(table: Table) -> Spot | None:
    """Both coordinates or none; in degrees, north and east of zero are positive."""
    latitude = _degrees(table, "latitude", 90, "45.899247")
    longitude = _degrees(table, "longitude", 180, "6.129384")
    for key, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if table.has(other) and not table.has(key):
            table.wrong(key, f"a number beside {other}: a point on the map has both")
    if latitude is None or longitude is None:
        return None
    return Spot(latitude, longitude)


def read_address(table: Table) -> str:
    """One line, the same in every language."""
    if not table.has("address"):
        return ""
    found = table.string("address", f"one line of at most {_LONGEST} characters", longest=_LONGEST)
    if "\n" in found:
        table.wrong("address", f"one line of at most {_LONGEST} characters")
    return found.strip()


def _degrees(table: Table, key: str, most: int, example: str) -> float | None:
    expected = f"degrees from -{most} to {most}, such as {example}"
    found = table.optional_number(key, expected, least=-most, most=most)
    return None if found is None else round(found, _DIGITS)
