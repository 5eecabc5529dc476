"""Reads the fares of a resource: exact prices, and the words in which guests are counted."""

import re
from decimal import Decimal

from bot.domain.catalogue_entries import FareEntry
from bot.domain.file_tables import ShopRules, Table

_PRICE = re.compile(r"\d+(\.\d+)?", re.ASCII)
MOST_MINOR_UNITS = 99_999_999
MOST_FARES = 30
"""Each has three buttons, and a message has room for a hundred of them."""


def read_fares(table: Table, shop: ShopRules, capacity: int) -> tuple[FareEntry, ...]:
    taken: set[str] = set()
    rows = table.tables("fare", least=1)
    if len(rows) > MOST_FARES:
        table.wrong("fare", f"at most {MOST_FARES} fares, because all of them stand under one message")
    return tuple(_fare(fare, shop, capacity, taken) for fare in rows)


def _fare(table: Table, shop: ShopRules, capacity: int, taken: set[str]) -> FareEntry:
    entry = FareEntry(
        slug=table.slug(taken),
        name=table.texts("name", shop.languages, longest=40),
        counted=_counted(table.table("counted"), shop),
        price=read_price(table, shop),
        seats=table.integer("seats", default=1, most=capacity),
    )
    table.finish()
    return entry


def _counted(table: Table, shop: ShopRules) -> dict[str, tuple[str, str]]:
    expected = 'singular and plural, such as ["adult", "adults"]'
    counted: dict[str, tuple[str, str]] = {}
    for language in table.languages(shop.languages):
        words = table.strings(language, expected)
        if words and (len(words) != 2 or not all(0 < len(word) <= 40 for word in words)):
            table.wrong(language, expected)
        counted[language] = (words[0], words[-1]) if words else ("", "")
    return counted


def read_price(table: Table, shop: ShopRules) -> int:
    """Minor units. A string, because a number with a point is not exact."""
    example = f"{Decimal(39):.{shop.decimals}f}"
    expected = f'a string such as "{example}", more than zero, in {shop.currency} ({shop.decimals} decimals)'
    written = table.string("price", expected, _PRICE, longest=12)
    minor = Decimal(written or 1).scaleb(shop.decimals)
    if minor != int(minor) or not 0 < minor <= MOST_MINOR_UNITS:
        table.wrong("price", expected)
    return int(minor)
