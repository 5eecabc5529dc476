"""A catalogue file is taken whole, or every mistake in it is told."""

from copy import deepcopy
from datetime import date, time
from typing import TypeAlias

import pytest

from bot.domain.catalogue_document import document as written
from bot.domain.catalogue_entries import Spot
from bot.domain.catalogue_file import (
    CatalogueFile,
    CatalogueMistake,
    CatalogueMistakes,
    EntryKind,
    Weekday,
    parse_catalogue,
)
from bot.domain.refund_rules import RefundStep

Document: TypeAlias = dict[str, object]
Step: TypeAlias = str | int

BOTH = {"en": "Word", "fr": "Mot"}
FARE = {
    "slug": "adult",
    "name": BOTH,
    "counted": {"en": ["adult", "adults"], "fr": ["adulte", "adultes"]},
    "price": "39.00",
}
EVENT = {
    "slug": "sunrise",
    "category": "walks",
    "kind": "event",
    "photo": "pictures/sunrise.jpg",
    "name": BOTH,
    "description": BOTH,
    "place": BOTH,
    "duration_minutes": 180,
    "capacity": 12,
    "fare": [FARE],
    "schedule": [{"weekdays": ["sat", "sun"], "times": ["06:00"]}],
}
ITEM = {
    "slug": "map",
    "category": "walks",
    "kind": "item",
    "photo": "pictures/map.png",
    "name": BOTH,
    "description": BOTH,
    "place": BOTH,
    "stock": 40,
    "fare": [dict(FARE)],
}
CATEGORY = {"slug": "walks", "emoji": "🥾", "name": BOTH}
WHOLE = {
    "format": 1,
    "shop": {"banner": "pictures/banner.jpg", "name": BOTH, "welcome": BOTH},
    "category": [CATEGORY],
    "resource": [EVENT, ITEM],
}
DELETED = object()


def changed(*steps: Step, to: object) -> Document:
    """The whole document with one value put, or deleted, at the place that the steps lead to."""
    document: Document = deepcopy(WHOLE)
    place: object = document
    for step in steps[:-1]:
        place = place[step] if isinstance(place, list) and isinstance(step, int) else _table(place)[str(step)]
    table, key = _table(place), str(steps[-1])
    if to is DELETED:
        del table[key]
    else:
        table[key] = deepcopy(to)
    return document


def back(*steps: tuple[int, int], hours: str = "hours_before") -> list[dict[str, int]]:
    """Steps of what goes back on a cancellation."""
    return [{hours: each, "refund_percent": percent} for each, percent in steps]


def _table(place: object) -> Document:
    assert isinstance(place, dict)
    return place


def parse(
    document: Document, *, currency: str = "EUR", decimals: int = 2, languages: tuple[str, ...] = ("en", "fr")
) -> CatalogueFile:
    return parse_catalogue(
        document, currency=currency, decimals=decimals, time_zone="Europe/Paris", languages=languages
    )


def mistakes(document: Document, *, decimals: int = 2) -> tuple[CatalogueMistake, ...]:
    with pytest.raises(CatalogueMistakes) as caught:
        parse(document, decimals=decimals)
    return caught.value.mistakes


def the_mistake(document: Document, *, decimals: int = 2) -> str:
    found = mistakes(document, decimals=decimals)
    assert len(found) == 1, [str(each) for each in found]
    return str(found[0])


def test_a_file_without_mistakes_is_taken_in_its_order() -> None:
    catalogue = parse(deepcopy(WHOLE))
    event, item = catalogue.resources
    assert catalogue.currency == "EUR"
    assert [entry.slug for entry in catalogue.categories] == ["walks"]
    assert (event.kind, item.kind) == (EntryKind.EVENT, EntryKind.ITEM)
    assert event.schedule[0].weekdays == {Weekday.SAT, Weekday.SUN}
    assert event.schedule[0].times == (time(6),)
    assert event.fares[0].price == 3900
    assert event.fares[0].counted["fr"] == ("adulte", "adultes")


def test_what_is_left_out_has_a_documented_default() -> None:
    event, item = parse(deepcopy(WHOLE)).resources
    assert (event.time_zone, event.max_per_order, event.closes_minutes_before) == ("Europe/Paris", 10, 0)
    assert (event.horizon_days, event.closed, event.fares[0].seats) == (180, (), 1)
    assert (item.capacity, item.duration_minutes, item.schedule) == (40, 0, ())


def test_optional_shop_texts_are_empty_when_absent_and_complete_when_present() -> None:
    assert parse(deepcopy(WHOLE)).shop.terms == {}
    assert parse(changed("shop", "terms", to=BOTH)).shop.terms == BOTH
    assert the_mistake(changed("shop", "terms", to={"en": "Word"})).startswith("shop.terms.fr: a text of")


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    document = changed("resource", 0, "fare", 0, "price", to="free")
    _table(document["shop"])["banner"] = "/etc/banner.jpg"
    document["format"] = 2
    found = [mistake.path for mistake in mistakes(document)]
    assert found == ["format", "shop.banner", "resource[0].fare[0].price"]


def test_an_empty_file_names_what_is_missing() -> None:
    found = [mistake.path for mistake in mistakes({})]
    assert {"format", "shop.banner", "shop.name.en", "shop.welcome.fr", "category", "resource"} <= set(found)


def test_the_error_reads_as_one_line_per_mistake() -> None:
    document = changed("resource", 1, "stock", to=0)
    document["format"] = 2
    with pytest.raises(CatalogueMistakes, match=r"format: 1.*\nresource\[1\]\.stock: a whole number"):
        parse(document)


@pytest.mark.parametrize(
    ("steps", "value", "told"),
    [
        (("resorce",), 1, 'resorce: no such key here; did you mean "resource"?'),
        (("resource", 0, "fare", 0, "prise"), "1", 'prise: no such key here; did you mean "price"?'),
        (("resource", 0, "zzz"), 1, "resource[0].zzz: no such key here; known: kind, stock"),
        (("resource", 0, "name"), {"en": "Word"}, "resource[0].name.fr: a text of at most 60"),
        (("resource", 0, "name"), {**BOTH, "f r": "x"}, "name.f r: a language such as en, fr"),
        (("resource", 0, "name"), "Word", "resource[0].name: a table"),
        (("resource", 0, "name"), {**BOTH, "en": " "}, "resource[0].name.en: a text of at most 60"),
        (("resource", 0, "name"), {**BOTH, "en": "x" * 61}, "resource[0].name.en: a text of at most 60"),
        (("resource", 1, "slug"), "sunrise", 'resource[1].slug: a slug of its own; "sunrise" stands'),
        (("resource", 1, "slug"), "Map", "resource[1].slug: at most 40 of a-z"),
        (("resource", 1, "slug"), "m" * 41, "resource[1].slug: at most 40 of a-z"),
        (("category",), [CATEGORY, CATEGORY], "category[1].slug: a slug of its own"),
        (("resource", 0, "fare"), [FARE, FARE], "resource[0].fare[1].slug: a slug of its own"),
        (("resource", 0, "fare"), [], "resource[0].fare: at least one table, each under [[resource.fare]]"),
        (("resource", 0, "fare"), {"slug": "adult"}, "resource[0].fare: at least one table"),
        (("resource", 0, "fare"), ["adult"], "resource[0].fare[0]: a table"),
        (("resource", 0, "category"), "walk", 'category: a known value; did you mean "walks"?'),
        (("resource", 0, "category"), DELETED, "resource[0].category: a known value; known: walks"),
        (("resource", 0, "kind"), "evnt", 'resource[0].kind: a known value; did you mean "event"?'),
        (("resource", 0, "capacity"), 0, "resource[0].capacity: a whole number from 1"),
        (("resource", 0, "capacity"), -3, "resource[0].capacity: a whole number from 1"),
        (("resource", 0, "capacity"), True, "resource[0].capacity: a whole number from 1"),
        (("resource", 0, "capacity"), "12", "resource[0].capacity: a whole number from 1"),
        (("resource", 0, "duration_minutes"), DELETED, "duration_minutes: a whole number from 1"),
        (("resource", 0, "closes_minutes_before"), -1, "closes_minutes_before: a whole number from 0"),
        (("resource", 0, "horizon_days"), 9999, "horizon_days: a whole number from 1 to 730"),
        (("resource", 0, "max_per_order"), 0, "max_per_order: a whole number from 1"),
        (("resource", 0, "stock"), 4, "resource[0].stock: nothing: an event has a capacity"),
        (("resource", 1, "capacity"), 4, "resource[1].capacity: nothing: an item has stock"),
        (("resource", 1, "schedule"), [], "resource[1].schedule: nothing: an item has stock"),
        (("resource", 0, "photo"), "../secret.jpg", "resource[0].photo: the path of a .jpg or .png"),
        (("resource", 0, "photo"), "photo.svg", "resource[0].photo: the path of a .jpg or .png"),
        (("resource", 0, "time_zone"), "Europe/Pariss", 'did you mean "Europe/Paris"?'),
        (("resource", 0, "time_zone"), "Q", "time_zone: a known value; nothing known is near it"),
        (("resource", 0, "latitude"), 45.9, "resource[0].longitude: a number beside latitude"),
        (("resource", 1, "longitude"), 6, "resource[1].latitude: a number beside longitude"),
        (("resource", 0, "address"), "x" * 121, "resource[0].address: one line of at most 120"),
        (("resource", 0, "address"), "Here\nThere", "resource[0].address: one line of at most 120"),
        (("resource", 0, "fare", 0, "seats"), 13, "seats: a whole number from 1 to 12"),
        (("resource", 0, "fare", 0, "counted"), {"en": ["adult"], "fr": ["a", "b"]}, "counted.en: singular"),
        (("resource", 0, "fare", 0, "counted"), {"en": ["a", "b"]}, "counted.fr: singular and plural"),
        (("category", 0, "emoji"), "a walking boot", "category[0].emoji: one emoji"),
        (("resource", 0, "schedule"), [], "resource[0].schedule: at least one table"),
        (("resource", 0, "schedule", 0, "weekdays"), ["sta"], 'weekdays, not "sta"; did you mean "sat"?'),
        (("resource", 0, "schedule", 0, "weekdays"), [], "weekdays: weekdays such as"),
        (("resource", 0, "schedule", 0, "weekdays"), DELETED, "weekdays: either weekdays"),
        (("resource", 0, "schedule", 0, "dates"), ["2026-12-24"], "weekdays: either weekdays"),
        (("resource", 0, "schedule", 0, "times"), ["6:00"], 'times: local times such as "06:00", not "6:00"'),
        (("resource", 0, "schedule", 0, "times"), ["24:00"], 'not "24:00"'),
        (("resource", 0, "schedule", 0, "times"), ["06:00", "06:00"], "times: each time once"),
        (("resource", 0, "schedule", 0, "times"), "06:00", "times: local times such as"),
        (("resource", 0, "schedule", 0, "capacity"), 0, "schedule[0].capacity: a whole number from 1"),
        (("resource", 0, "schedule", 0, "from"), "tomorrow", "from: a date such as"),
        (("resource", 0, "closed"), [{"from": date(2026, 12, 25)}], "closed[0].until: a date such as"),
        (("resource", 0, "cancellation"), "free", "resource[0].cancellation: tables, each under"),
        (("resource", 0, "cancellation"), [{"hours_before": 24}], "refund_percent: a whole number from 1 to"),
        (("resource", 0, "cancellation"), [{"hours_before": -1, "refund_percent": 5}], "hours_before: a whole number"),
        (("resource", 0, "cancellation"), back((2, 50), (24, 40)), "[1].hours_before: fewer hours than the 2 above"),
        (("resource", 0, "cancellation"), back((24, 50), (2, 50)), "[1].refund_percent: less than the 50 above"),
        (("resource", 0, "cancellation"), back(*((9 - n, 9 - n) for n in range(6))), "cancellation: at most 5 steps"),
        (("resource", 0, "closed"), "never", "resource[0].closed: tables, each under [[resource.closed]]"),
    ],
)
def test_a_mistake_names_its_place_and_what_is_expected(steps: tuple[Step, ...], value: object, told: str) -> None:
    assert told in the_mistake(changed(*steps, to=value))


@pytest.mark.parametrize("price", ["0.00", "-1.00", "1.005", "1,50", "1e3", "", "999999999", 39, 39.0, None])
def test_a_price_is_an_exact_string_above_zero(price: object) -> None:
    told = the_mistake(changed("resource", 0, "fare", 0, "price", to=price))
    assert told == ('resource[0].fare[0].price: a string such as "39.00", more than zero, in EUR (2 decimals)')


@pytest.mark.parametrize(
    ("price", "decimals", "minor"),
    [("48", 2, 4800), ("9.5", 2, 950), ("9.50", 2, 950), ("4800", 0, 4800), ("1.250", 3, 1250)],
)
def test_a_price_becomes_minor_units_of_its_currency(price: str, decimals: int, minor: int) -> None:
    catalogue = parse(_priced(price), decimals=decimals)
    assert catalogue.resources[0].fares[0].price == minor


def test_a_currency_without_decimals_takes_none() -> None:
    assert 'a string such as "39", more than zero' in the_mistake(_priced("48.5"), decimals=0)


def _priced(price: str) -> Document:
    return {**WHOLE, "resource": [{**EVENT, "fare": [{**FARE, "price": price}]}]}


def test_a_capacity_that_is_wrong_is_told_once_and_not_again_for_each_fare() -> None:
    wrong = {**EVENT, "capacity": 0, "fare": [{**FARE, "seats": 4}]}
    assert the_mistake({**WHOLE, "resource": [wrong]}).startswith("resource[0].capacity")


def test_a_span_does_not_end_before_it_begins() -> None:
    span = [{"from": date(2026, 12, 26), "until": date(2026, 12, 25)}]
    assert the_mistake(changed("resource", 0, "closed", to=span)).endswith("a date not before 2026-12-26")


def test_dates_are_taken_bare_or_as_strings() -> None:
    rule = {"dates": ["2026-12-24", date(2026, 12, 31)], "times": ["18:00"]}
    (taken,) = parse(changed("resource", 0, "schedule", to=[rule])).resources[0].schedule
    assert taken.dates == {date(2026, 12, 24), date(2026, 12, 31)}
    wrong = {"dates": ["2026-02-30"], "times": ["18:00"]}
    assert "dates: dates such as" in the_mistake(changed("resource", 0, "schedule", to=[wrong]))


def test_further_languages_may_stand_beside_those_of_the_shop() -> None:
    document = changed("resource", 0, "name", to={**BOTH, "de": "Wort"})
    assert parse(document).resources[0].name["de"] == "Wort"
    assert parse(deepcopy(WHOLE), languages=("en",)).resources[0].name["en"] == "Word"


def _placed(latitude: object, longitude: object) -> Document:
    return {**WHOLE, "resource": [{**EVENT, "latitude": latitude, "longitude": longitude, "address": " Route 1 "}]}


def test_a_place_may_be_known_to_maps() -> None:
    (event,) = parse(_placed(45.8992471, 6)).resources
    assert (event.spot, event.address) == (Spot(45.899247, 6.0), "Route 1")
    assert parse(deepcopy(WHOLE)).resources[0].spot is None
    assert read_back(parse(_placed(-45.5, 179.99))) == parse(_placed(-45.5, 179.99))


def read_back(catalogue: CatalogueFile) -> CatalogueFile:
    """What reading the written catalogue gives."""
    return parse(written(catalogue))


@pytest.mark.parametrize("wrong", ["45.9", 90.5, -91, True, float("nan"), float("inf")])
def test_a_coordinate_that_is_none_is_told_once(wrong: object) -> None:
    assert the_mistake(_placed(wrong, 6.1)).startswith("resource[0].latitude: degrees from -90 to 90, such as 45.8")
    assert the_mistake(_placed(6.1, 181)).startswith("resource[0].longitude: degrees from -180 to 180, such as 6.1")


def test_what_goes_back_is_read_as_it_is_written() -> None:
    """An event's time counts back from its start, an item's from when it was paid."""
    document = changed("resource", 0, "cancellation", to=back((24, 100), (2, 50)))
    document = _with(document, 1, back((48, 100), (336, 50), hours="hours_after"))
    first, second = read_back(parse(document)).resources
    assert first.cancellation == (RefundStep(24, 100), RefundStep(2, 50))
    assert second.cancellation == (RefundStep(48, 100), RefundStep(336, 50))


@pytest.mark.parametrize(("written_steps", "rules"), [(None, None), ([], ())])
def test_no_rules_are_not_the_same_as_rules_by_which_nothing_goes_back(written_steps: object, rules: object) -> None:
    document = deepcopy(WHOLE) if written_steps is None else changed("resource", 0, "cancellation", to=written_steps)
    assert read_back(parse(document)).resources[0].cancellation == rules


def _with(document: Document, number: int, steps: object) -> Document:
    found = document["resource"]
    assert isinstance(found, list)
    found[number]["cancellation"] = steps
    return document
