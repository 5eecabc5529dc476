"""The sales of a period as staff read them: figures in columns, and buttons to the periods around it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.domain.money import Money, decimals, to_decimal
from bot.domain.periods import BadPeriod, Kind, Period, period_with
from bot.domain.sales_report import CurrencySales, Report, change
from handlers import markup
from handlers.columns import Figures, pair, table
from handlers.screens import Button, Message, Row
from handlers.staff_callbacks import StaffTap, act
from handlers.texts import N_, Texts

MOST_RESOURCES = 20

_KINDS = {Kind.DAY: N_("Day"), Kind.WEEK: N_("Week"), Kind.MONTH: N_("Month"), Kind.SPAN: N_("Period")}
_NEXT_KIND = {Kind.DAY: Kind.WEEK, Kind.WEEK: Kind.MONTH, Kind.MONTH: Kind.DAY, Kind.SPAN: Kind.DAY}

Write = Callable[[Money], str]


def sales_message(report: Report, today: date, texts: Texts) -> Message:
    """The report; `today` says where the buttons may lead."""
    title = texts.gettext("Sales, {period}", period=_named(report.period, texts))
    compared = texts.gettext("Compared with {period}", period=_named(report.compared, texts))
    most = max(3, MOST_RESOURCES // len(report.currencies))
    blocks = [_block(sales, report.period.kind, most, texts) for sales in report.currencies]
    html = "\n".join([markup.bold(title), markup.plain(compared), *map(markup.fixed, blocks)])
    return Message(html, (_around(report.period, today, texts),))


def _named(period: Period, texts: Texts) -> str:
    if period.days == 1:
        return texts.day(period.first)
    if period.kind is Kind.MONTH:
        return texts.month(period.first)
    return texts.days(period.first, period.last)


def _block(sales: CurrencySales, kind: Kind, most: int, texts: Texts) -> str:
    resources = sales.resources[:most]
    write = _writer((sales.now.net, sales.before.net, *(of.net for of in resources)), sales.currency, texts)
    lines = _totals(sales, kind, texts)
    if resources:
        lines.append("")
    lines += [pair(texts.own(of.name), write(Money(of.net, sales.currency))) for of in resources]
    if more := len(sales.resources) - len(resources):
        lines.append(texts.ngettext("and {count} more", "and {count} more", more))
    return "\n".join(lines)


def _totals(sales: CurrencySales, kind: Kind, texts: Texts) -> list[str]:
    """As much as fits, exact amounts before changes, and changes before the period before."""
    amounts = [amount for of in (sales.now, sales.before) for amount in (of.gross, of.refunded, of.net)]
    exact = _figures(sales, kind, _writer(amounts, sales.currency, texts), texts)
    rounded = _figures(sales, kind, lambda amount: texts.price(_whole(amount)), texts)
    candidates = (exact, _without_change(exact), rounded, _without_change(rounded))
    fitting = (lines for figures in candidates if (lines := table(figures)) is not None)
    return next(fitting, [pair(line.label, line.now) for line in exact])


def _figures(sales: CurrencySales, kind: Kind, write: Write, texts: Texts) -> list[Figures]:
    def counted(label: str, now: int, before: int) -> Figures:
        return Figures(label, texts.number(now), texts.number(before), _change(now, before, texts))

    def paid(label: str, now: int, before: int, sign: int = 1) -> Figures:
        old, new = (write(Money(sign * minor, sales.currency)) for minor in (before, now))
        return Figures(label, new, old, _change(now, before, texts))

    now, before = sales.now, sales.before
    return [
        Figures(sales.currency, texts.gettext(_KINDS[kind]), texts.gettext("Before")),
        counted(texts.gettext("Orders"), now.orders, before.orders),
        counted(texts.gettext("Guests"), now.guests, before.guests),
        paid(texts.gettext("Gross"), now.gross, before.gross),
        paid(texts.gettext("Refunded"), now.refunded, before.refunded, -1),
        paid(texts.gettext("Net"), now.net, before.net),
    ]


def _without_change(lines: list[Figures]) -> list[Figures]:
    return [replace(line, change="") for line in lines]


def _change(now: int, before: int, texts: Texts) -> str:
    percent = change(now, before)
    return "" if percent is None or now == before else texts.percent_change(Decimal(percent))


def _writer(amounts: Iterable[int], currency: str, texts: Texts) -> Write:
    """Without decimals if no amount has any, else with decimals for all."""
    values = [to_decimal(Money(minor, currency)) for minor in amounts]
    return texts.price if all(value == value.to_integral_value() for value in values) else texts.money


def _whole(amount: Money) -> Money:
    unit = 10 ** decimals(amount.currency)
    sign = -1 if amount.minor < 0 else 1
    return Money(sign * ((abs(amount.minor) + unit // 2) // unit) * unit, amount.currency)


def _around(period: Period, today: date, texts: Texts) -> Row:
    label = texts.gettext("{kind} ▾", kind=texts.gettext(_KINDS[period.kind]))
    anchor = today if period.first <= today <= period.last else period.last
    ways = [
        _button("‹", lambda: period.previous),
        _button(label, lambda: period_with(_NEXT_KIND[period.kind], anchor)),
        _button("›", lambda: period.next) if period.last < today else None,
    ]
    return tuple(way for way in ways if way is not None)


def _button(label: str, leads_to: Callable[[], Period]) -> Button | None:
    """None beyond the calendar's edge."""
    try:
        period = leads_to()
    except BadPeriod:
        return None
    kind = list(Kind).index(period.kind)
    return act(label, StaffTap.SALES, kind, period.first.toordinal(), period.last.toordinal())
