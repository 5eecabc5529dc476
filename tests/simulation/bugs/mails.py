"""Bugs in letters, and in what a promotion code makes of an order."""

from collections.abc import Iterator, Mapping

from bot.domain import orders
from bot.domain.effects import Outcome
from bot.domain.mails import Letter
from bot.domain.money import Money
from bot.domain.orders import Case
from bot.services import outcomes
from storage import cases
from tests.simulation.bugs.planting import Bug, swap

_READ = cases._attempt


def _no_letters(outcome: Outcome) -> Iterator[Letter]:
    yield from ()


def _the_price(case: Case) -> Money:
    return case.order.total


def _no_codes(row: object) -> orders.Attempt:
    found = _READ(row)  # type: ignore[arg-type]  # a row of the attempts
    return orders.Attempt(found.id, found.number, found.state, found.session_id, found.expires_at)


MAILS: Mapping[str, Bug] = {
    "letter_never_written": swap(outcomes, "letters", _no_letters),
    "refunded_measured_by_the_price": swap(Case, "paid", property(_the_price)),
    "codes_not_honoured": swap(cases, "_attempt", _no_codes),
}
