"""Reads what goes back when a booking is cancelled, from a catalogue file or from the settings, and writes it."""

from collections.abc import Sequence

from bot.domain.file_tables import Table
from bot.domain.refund_rules import WHOLE, RefundStep, Rules

MOST_HOURS = 365 * 24
MOST_STEPS = 5
KEY = "cancellation"


def read_steps(table: Table, *, dated: bool) -> Rules:
    """The steps under `cancellation`, every mistake noted: hours and percent go from the best step to the worst."""
    hours_key = hours_name(dated=dated)
    rows = table.tables(KEY)
    if len(rows) > MOST_STEPS:
        table.wrong(KEY, f"at most {MOST_STEPS} steps")
    found: list[RefundStep] = []
    for row in rows:
        hours = row.integer(hours_key, least=0 if dated else 1, most=MOST_HOURS)
        percent = row.integer("refund_percent", least=1, most=WHOLE)
        row.finish()
        _compare(row, found, RefundStep(hours, percent), dated=dated)
        found.append(RefundStep(hours, percent))
    return tuple(found)


def hours_name(*, dated: bool) -> str:
    """How a catalogue file and the settings call the hours of a step."""
    return "hours_before" if dated else "hours_after"


def written_steps(rules: Rules, *, dated: bool) -> list[dict[str, object]]:
    """The steps as a file has them."""
    return [{hours_name(dated=dated): each.hours, "refund_percent": each.percent} for each in rules]


def _compare(row: Table, before: Sequence[RefundStep], this: RefundStep, *, dated: bool) -> None:
    if not before:
        return
    last = before[-1]
    if this.hours >= last.hours if dated else this.hours <= last.hours:
        row.wrong(hours_name(dated=dated), f"{'fewer' if dated else 'more'} hours than the {last.hours} above")
    if this.percent >= last.percent:
        row.wrong("refund_percent", f"less than the {last.percent} above")
