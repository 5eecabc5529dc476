"""What the shop says in one reader's language: messages, amounts, dates, durations, lists.

Everything here is plain text; `handlers.markup` makes it safe for Telegram at the last moment.
"""

import re
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    format_date,
    format_interval,
    format_time,
    get_day_names,
    get_timezone_location,
)
from babel.lists import format_list
from babel.numbers import format_decimal

from bot.domain.money import Money, to_decimal
from handlers.locales import compiled

Own = Mapping[str, str]
"""A text of the shop's own, by language code."""

REGIONS = {"en": "en_GB"}
"""Whose dates and weeks a language without a region follows, where the language alone says too much."""


def N_(message: str) -> str:  # noqa: N802 - gettext's name for marking a message that is translated later
    """Mark a message for the catalogue without translating it yet."""
    return message


class Texts:
    """One language. Messages are whole English sentences with `{named}` places; they are looked up in the catalogue."""

    def __init__(self, language: str, messages: NullTranslations) -> None:
        self.language = language
        self._messages = messages
        self._locale = Locale.parse(language)
        self._calendar = Locale.parse(REGIONS.get(language, language))

    def gettext(self, message: str, /, **values: object) -> str:
        """The message in this language, with its places filled."""
        said = self._messages.gettext(message)
        return said.format_map(values) if values else said

    def ngettext(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """The message for so many of something; `{count}` is filled in."""
        said = self._messages.ngettext(singular, plural, count)
        return said.format_map({"count": self.number(count), **values})

    def own(self, texts: Own) -> str:
        """The shop's own words in this language, or in the first that it has."""
        return texts.get(self.language) or next(iter(texts.values()), "")

    def counted(self, forms: Mapping[str, tuple[str, str]], count: int) -> str:
        """So many of a fare, as in "2 adults"."""
        one, many = forms.get(self.language) or next(iter(forms.values()))
        name = one if self._locale.plural_form(count) == "one" else many
        return f"{self.number(count)}\N{NO-BREAK SPACE}{name}"

    def listing(self, items: Sequence[str]) -> str:
        """As in "2 adults, 1 child"."""
        return format_list(items, style="unit", locale=self._locale) if items else ""

    def number(self, count: int) -> str:
        return str(format_decimal(count, locale=self._locale))

    def decimal(self, value: Decimal) -> str:
        """With as many decimals as it has: "4.6", "4,6"."""
        return str(format_decimal(value, format=f"0.{'0' * -int(value.as_tuple().exponent)}", locale=self._locale))

    def percent_change(self, change: Decimal) -> str:
        """A rounded change such as "+20 %" with a true minus sign."""
        sign = "\N{MINUS SIGN}" if change < 0 else "+"
        return self.gettext("{sign}{percent} %", sign=sign, percent=self.number(int(abs(round(change)))))

    def money(self, amount: Money) -> str:
        """Every decimal, for what is or was charged: "€97.00"."""
        return self._amount(amount, whole_if_possible=False)

    def price(self, amount: Money) -> str:
        """As short as it can truly be said: "€39", "€39.50"."""
        return self._amount(amount, whole_if_possible=True)

    def _amount(self, amount: Money, *, whole_if_possible: bool) -> str:
        value = to_decimal(amount)
        if whole_if_possible and value == value.to_integral_value():
            value = value.quantize(Decimal(1))
        places = len(str(value).partition(".")[2])
        pattern = copy(self._locale.currency_formats["standard"])
        pattern.frac_prec = (places, places)
        sign = "\N{MINUS SIGN}" if value < 0 else ""
        written = str(pattern.apply(abs(value), self._locale, currency=amount.currency, currency_digits=False))
        # CLDR keeps a code apart from its figures, which Babel forgets.
        return sign + re.sub(r"(?<=[A-Z])(?=\d)", "\N{NO-BREAK SPACE}", written)

    def day(self, day: date) -> str:
        """With the year: "Sat 12 Dec 2026"."""
        return str(format_date(day, "EEE d MMM y", locale=self._calendar))

    def short_day(self, day: date) -> str:
        """Without the year: "Sat 12 Dec"."""
        return str(format_date(day, "EEE d MMM", locale=self._calendar))

    def days(self, first: date, last: date) -> str:
        """A stretch of days: "16–22 Nov 2026"."""
        return str(format_interval(first, last, "yMMMd", locale=self._calendar))

    def weekday(self, day: date) -> str:
        """As in "Saturday", "samedi"."""
        return str(format_date(day, "EEEE", locale=self._calendar))

    def month(self, day: date) -> str:
        """The name of the month that a day lies in: "December 2026", "décembre 2026"."""
        return str(format_date(day, "LLLL y", locale=self._calendar))

    def opening(self, text: str) -> str:
        """What stands at the beginning of a line; dates need it where days and months are written small."""
        return text[:1].upper() + text[1:]

    def time(self, moment: datetime, zone: str) -> str:
        """Local time on the clock of the place: "06:00"."""
        return str(format_time(moment.astimezone(ZoneInfo(zone)), "HH:mm", locale=self._calendar))

    def moment(self, moment: datetime, zone: str) -> str:
        """Local date and time: "Sat 12 Dec 2026, 06:00"."""
        local = moment.astimezone(ZoneInfo(zone))
        return self.gettext("{day}, {time}", day=self.day(local.date()), time=self.time(moment, zone))

    def local_day(self, moment: datetime, zone: str) -> str:
        """The local date of a moment: "Sat 12 Dec 2026"."""
        return self.day(moment.astimezone(ZoneInfo(zone)).date())

    def short_moment(self, moment: datetime, zone: str) -> str:
        """Local date and time without the year: "Sat 12 Dec, 06:00"."""
        local = moment.astimezone(ZoneInfo(zone))
        return self.gettext("{day}, {time}", day=self.short_day(local.date()), time=self.time(moment, zone))

    def zone(self, zone: str) -> str:
        """How people call the place whose clock counts: "Paris"."""
        return str(get_timezone_location(ZoneInfo(zone), locale=self._locale, return_city=True))

    def duration(self, minutes: int) -> str:
        """As in "1 h 30", "45 min"."""
        hours, rest = divmod(minutes, 60)
        if hours == 0:
            return self.gettext("{minutes} min", minutes=rest)
        if rest == 0:
            return self.gettext("{hours} h", hours=hours)
        return self.gettext("{hours} h {minutes:02}", hours=hours, minutes=rest)

    @property
    def first_weekday(self) -> int:
        """The day that the week starts with, counted as `date.weekday()` counts."""
        return self._calendar.first_week_day

    @property
    def weekdays(self) -> tuple[str, ...]:
        """Two letters for each day of the week, in the order of this reader's week."""
        names = get_day_names("short", "stand-alone", locale=self._calendar)
        return tuple(names[(self.first_weekday + offset) % 7].capitalize() for offset in range(7))


class Translations:
    """All languages that a shop speaks; the first is for readers who speak none of them."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._texts = {language: Texts(language, compiled(language)) for language in languages}
        self.languages = tuple(languages)

    def for_(self, language: str | None) -> Texts:
        """The texts for a language code such as "fr" or "fr-CH"."""
        spoken = (language or "").partition("-")[0].lower()
        return self._texts.get(spoken) or self._texts[self.languages[0]]
