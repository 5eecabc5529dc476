"""Reads and writes how something is let: by night, day or hour, from when to when, how long, and for how much."""

import re
from collections.abc import Mapping
from datetime import date, time

from bot.domain.catalogue_entries import FareEntry, PriceRule, Rental, Step, Weekday
from bot.domain.file_fares import MOST_MINOR_UNITS, read_price
from bot.domain.file_schedules import read_span, read_weekdays
from bot.domain.file_tables import ShopRules, Table
from bot.domain.money import Money, to_decimal

Document = dict[str, object]
ONLY_RENTALS = ("step", "check_in", "check_out", "min_stay", "max_stay", "changeover", "price")
LONGEST = 60
"""A stay has a row of inventory and a line of its order for each night, day or hour."""
LEAP_YEAR = 2024
DAY_HOURS = 24
_YEARLY = re.compile(r"\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


def read_rental(table: Table, shop: ShopRules, fares: tuple[FareEntry, ...]) -> Rental:
    """What a resource table says of it, every mistake noted."""
    step = Step(table.choice("step", [step.value for step in Step]) or Step.NIGHT)
    check_in, check_out = _time(table, "check_in"), _time(table, "check_out")
    rental = Rental(
        step=step,
        check_in=check_in,
        check_out=check_out,
        shortest=table.integer("min_stay", most=LONGEST, default=1),
        longest=table.integer("max_stay", most=LONGEST, default=_usual_longest(step, check_in, check_out)),
        changeover=read_weekdays(table, "changeover") if table.has("changeover") else frozenset(),
        prices=tuple(_price(row, shop) for row in table.tables("price")),
    )
    _check(table, rental, fares)
    return rental


def open_hours(check_in: time, check_out: time) -> int:
    """How many hours a day has from opening until closing, at midnight if that is 00:00; clocks change them."""
    return (check_out.hour or DAY_HOURS) - check_in.hour


def rental_document(rental: Rental, currency: str) -> Document:
    """The keys of a resource table, as a file has them."""
    written: Document = {
        "step": rental.step.value,
        "check_in": f"{rental.check_in:%H:%M}",
        "check_out": f"{rental.check_out:%H:%M}",
        "min_stay": rental.shortest,
        "max_stay": rental.longest,
    }
    if rental.changeover:
        written["changeover"] = _names(rental.changeover)
    if rental.prices:
        written["price"] = [_written(rule, currency) for rule in rental.prices]
    return written


def kept_rental(rental: Rental) -> Document:
    """The same in values that JSON knows, with prices in minor units."""
    prices = [_spans(rule) | {"minor": rule.price} for rule in rental.prices]
    return {
        **{key: value for key, value in rental_document(rental, "EUR").items() if key != "price"},
        "prices": prices,
    }


def read_kept_rental(rules: Mapping[str, object]) -> Rental | None:
    """What `kept_rental` wrote among a resource's rules."""
    kept = rules.get("rental")
    if kept is None:
        return None
    table = Table(kept, "rental", [])
    changeover = read_weekdays(table, "changeover") if table.has("changeover") else frozenset()
    return Rental(
        step=Step(table.choice("step", [step.value for step in Step])),
        check_in=_time(table, "check_in"),
        check_out=_time(table, "check_out"),
        shortest=table.integer("min_stay"),
        longest=table.integer("max_stay"),
        changeover=changeover,
        prices=tuple(_rule(row, row.integer("minor", most=MOST_MINOR_UNITS)) for row in table.tables("prices")),
    )


def step_of(rules: Mapping[str, object]) -> Step | None:
    """What a resource is let by; None for what is no rental."""
    rental = read_kept_rental(rules)
    return None if rental is None else rental.step


def _price(table: Table, shop: ShopRules) -> PriceRule:
    rule = _rule(table, read_price(table, shop))
    table.finish()
    return rule


def _rule(table: Table, price: int) -> PriceRule:
    season = _season(table)
    since, until = (None, None) if season else read_span(table)
    weekdays = read_weekdays(table, "weekdays") if table.has("weekdays") else frozenset()
    return PriceRule(price, weekdays, since, until, season)


def _season(table: Table) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Days without a year mean every year; then both are needed."""
    ends = [table.value(key) for key in ("from", "until")]
    if not any(isinstance(end, str) and _YEARLY.fullmatch(end) for end in ends):
        return None
    first, last = (_day_of_year(table, key) for key in ("from", "until"))
    return first, last


def _day_of_year(table: Table, key: str) -> tuple[int, int]:
    written = table.string(key, 'a day of every year such as "07-14", as the other one', _YEARLY)
    month, day = (int(part) for part in (written or "01-01").split("-"))
    try:
        date(LEAP_YEAR, month, day)
    except ValueError:
        table.wrong(key, 'a day of every year such as "07-14"')
    return month, day


def _check(table: Table, rental: Rental, fares: tuple[FareEntry, ...]) -> None:
    if len(fares) > 1 or any(fare.seats != 1 for fare in fares):
        table.wrong("fare", "one fare of one unit: what a rental costs otherwise is said by [[resource.price]]")
    if rental.longest < rental.shortest:
        table.wrong("max_stay", f"at least {rental.shortest}, the shortest stay")
    if rental.step is Step.DAY and rental.check_out <= rental.check_in:
        table.wrong("check_out", f"later than {rental.check_in:%H:%M}: a day ends on the day itself")
    if rental.step is Step.NIGHT and rental.check_out > rental.check_in:
        table.wrong("check_out", f"not later than {rental.check_in:%H:%M}, when the next guests come")
    if rental.step is Step.HOUR:
        _check_hours(table, rental)
    dearest = max([*(fare.price for fare in fares), *(rule.price for rule in rental.prices)], default=0)
    if dearest * rental.longest > MOST_MINOR_UNITS:
        table.wrong("max_stay", "fewer: the longest stay costs more than can be charged at once")


def _usual_longest(step: Step, check_in: time, check_out: time) -> int:
    """By the hour, the whole day."""
    hours = open_hours(check_in, check_out)
    return hours if step is Step.HOUR and hours > 0 else 30


def _check_hours(table: Table, rental: Rental) -> None:
    opens, closes = rental.check_in, rental.check_out
    for key, at in (("check_in", opens), ("check_out", closes)):
        if at.minute:
            table.wrong(key, 'a whole hour such as "09:00", because it is let by the hour')
    hours = open_hours(opens, closes)
    if hours < 1:
        table.wrong("check_out", f'later than {opens:%H:%M}, when it opens, or "00:00" for midnight')
    elif rental.longest > hours:
        table.wrong("max_stay", f"at most {hours}, the hours from {opens:%H:%M} until {closes:%H:%M}")
    if rental.changeover:
        table.wrong("changeover", "nothing: by the hour, a stay begins and ends on the same day")


def _time(table: Table, key: str) -> time:
    written = table.string(key, 'a local time such as "15:00"', _TIME)
    return time.fromisoformat(written or "12:00")


def _written(rule: PriceRule, currency: str) -> Document:
    return _spans(rule) | {"price": f"{to_decimal(Money(rule.price, currency)):f}"}


def _spans(rule: PriceRule) -> Document:
    spans = {"from": rule.since, "until": rule.until}
    written: Document = {key: day.isoformat() for key, day in spans.items() if day}
    if rule.season:
        written = {key: f"{month:02}-{day:02}" for key, (month, day) in zip(spans, rule.season, strict=True)}
    return written | ({"weekdays": _names(rule.weekdays)} if rule.weekdays else {})


def _names(weekdays: frozenset[Weekday]) -> list[str]:
    return [day.name.lower() for day in sorted(weekdays)]
