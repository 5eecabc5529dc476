"""The demo shop's file is the example that real shops copy: it must be right in every detail."""

import re
import struct
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.domain.catalogue_file import CatalogueFile, EntryKind, parse_catalogue, slots

DEMO = Path(__file__).parents[2] / "bot" / "sandbox" / "demo"
BREAKABLE = re.compile(r" [:;?!»%€]|« ")
START_OF_FRAME = frozenset({0xC0, 0xC1, 0xC2})


@pytest.fixture(scope="module")
def document() -> dict[str, object]:
    return tomllib.loads((DEMO / "catalogue.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def catalogue(document: dict[str, object]) -> CatalogueFile:
    return parse_catalogue(document, currency="EUR", decimals=2, time_zone="Europe/Paris", languages=("en", "fr"))


def french(value: object) -> Iterator[str]:
    """Every French text of the file, however deep."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from ([inner] if key == "fr" and isinstance(inner, str) else french(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from french(inner)


def jpeg_size(path: Path) -> tuple[int, int]:
    data = path.read_bytes()
    at = 2
    while data[at + 1] not in START_OF_FRAME:
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    height, width = struct.unpack(">HH", data[at + 5 : at + 9])
    return width, height


def test_the_demo_shop_has_three_categories_one_of_them_longer_than_a_page(catalogue: CatalogueFile) -> None:
    counts = [
        sum(resource.category == category.slug for resource in catalogue.resources) for category in catalogue.categories
    ]
    assert len(counts) == 3
    assert min(counts) >= 2
    assert max(counts) > 6


def test_the_demo_shop_shows_every_sort_of_fare(catalogue: CatalogueFile) -> None:
    fares = [resource.fares for resource in catalogue.resources]
    assert {len(each) for each in fares} == {1, 2, 3}
    assert any(fare.seats == 4 for each in fares for fare in each)
    assert all(500 <= fare.price <= 12000 for each in fares for fare in each)


def test_every_event_of_the_demo_shop_has_slots_for_years_and_some_are_small(catalogue: CatalogueFile) -> None:
    capacities: set[int] = set()
    for resource in catalogue.resources:
        if resource.kind is EntryKind.EVENT:
            assert slots(resource, date(2034, 5, 1), date(2034, 5, 7)), resource.slug
            capacities |= {slot.capacity for slot in slots(resource, date(2027, 5, 1), date(2027, 5, 7))}
    assert min(capacities) <= 2


def test_every_picture_is_there_light_and_no_wider_than_a_phone_needs(catalogue: CatalogueFile) -> None:
    named = {catalogue.shop.banner, *(resource.photo for resource in catalogue.resources)}
    assert {f"pictures/{path.name}" for path in (DEMO / "pictures").iterdir()} == named
    assert len(named) == len(catalogue.resources) + 1
    for name in named:
        assert jpeg_size(DEMO / name) == (1280, 853), name
        assert (DEMO / name).stat().st_size < 120_000, name


def test_french_texts_never_break_a_line_before_a_sign(document: dict[str, object]) -> None:
    texts = list(french(document))
    assert len(texts) > 50
    assert [text for text in texts if BREAKABLE.search(text)] == []
    assert [text for text in texts if re.search(r"\d [a-zà-ü]", text)] == []


def test_no_text_raises_its_voice(catalogue: CatalogueFile) -> None:
    texts = [text for resource in catalogue.resources for text in resource.description.values()]
    assert [text for text in texts if "!" in text] == []
