"""Whichever way a booking has come to its date, that date's price is what was paid, less what a code took off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cancelling import due
from bot.domain.errors import CannotMove
from bot.domain.ids import InventoryId, OrderId
from bot.domain.money import Money
from bot.domain.moving import move, moved, surcharge
from bot.domain.orders import Case, Moves, Payment, Reason, Refund, RefundState, Role, State
from bot.domain.selection import Offer
from bot.domain.shares import kept
from bot.domain.surcharges import kept_of, moved_to, with_surcharges
from tests.clock import NOW
from tests.domain.life import held, stored
from tests.domain.test_cancelling import THIS, booked
from tests.domain.test_moving import on_offer, starting

PRICES = st.lists(st.integers(0, 9000), min_size=1, max_size=6)


@dataclass
class Visit:
    """Two seats for 78.00, of which a code has left so many percent to pay."""

    case: Case
    surcharges: Sequence[Case] = ()

    @classmethod
    def bought(cls, percent: int = 100) -> "Visit":
        case, paid = booked(), Money(7800 * percent // 100, "EUR")
        return cls(
            replace(
                case,
                payments=(replace(case.payments[0], amount=paid),),
                bookings=tuple(replace(each, paid=paid) for each in case.bookings),
            )
        )

    def goes(self, unit: int) -> list[int]:
        """To a date where a seat costs so much; returns what goes back of the price, then of each surcharge."""
        case, offer = starting(self.case, hours=48), self._next(unit)
        found = moved(case, self.surcharges, THIS, offer, NOW)
        if not found.surcharge.is_zero:
            return self._pays(case, offer, found.surcharge)
        first, *others = move(case, self.surcharges, THIS, offer, found.back.total.minor, NOW)
        back = [given_back(each.case) for each in (first, *others)]
        before = [given_back(each) for each in (case, *self.surcharges)]
        self.case, self.surcharges = stored(first.case), [stored(each.case) for each in others]
        return [now - then for now, then in zip(back, before, strict=True)]

    def _next(self, unit: int) -> Offer:
        return replace(on_offer(self.case, unit), inventory_id=InventoryId(self.case.bookings[0].inventory_id + 1))

    def _pays(self, case: Case, offer: Offer, amount: Money) -> list[int]:
        lines = surcharge(case, self.surcharges, THIS, offer, amount.minor, NOW)
        number = len(self.surcharges) + 2
        asked = held()
        order = replace(asked.order, id=OrderId(number), state=State.PAID, total=amount)
        session = asked.attempts[0].session_id
        assert session is not None
        paid = Payment(None, session, f"pi_{number}", Role.SURCHARGE, amount, NOW)
        extra = stored(replace(asked, order=order, lines=lines, payments=(paid,), claims={}))
        self.case = stored(moved_to(case, Moves(THIS, case.bookings[0].inventory_id), extra).case)
        self.surcharges = [*self.surcharges, extra]
        return [0 for _ in range(number)]

    @property
    def of_price(self) -> int:
        return kept(self.case, self.case.bookings[0]).minor

    @property
    def on_top(self) -> int:
        return sum(kept_of(each).minor for each in self.surcharges)


def given_back(case: Case) -> int:
    return sum(refund.amount.minor for refund in case.refunds)


@given(PRICES)
def test_what_is_paid_is_the_price_of_the_date(prices: list[int]) -> None:
    visit = Visit.bought()
    for unit in prices:
        visit.goes(unit)
        assert visit.of_price + visit.on_top == sum(line.amount.minor for line in visit.case.lines) == 2 * unit
    back = with_surcharges(due(starting(visit.case, hours=48), THIS, NOW), visit.surcharges)
    assert back.amount.minor == 2 * prices[-1]


@given(PRICES, st.integers(0, 100))
def test_a_code_takes_its_part_off_the_price_wherever_it_is(prices: list[int], percent: int) -> None:
    visit = Visit.bought(percent)
    for moves, unit in enumerate(prices, start=1):
        visit.goes(unit)
        rest = 2 * unit - visit.on_top
        assert abs(visit.of_price * 100 - rest * percent) <= 100 * (moves + 1)
        assert 0 <= visit.of_price <= rest


def test_the_last_surcharge_goes_back_first_and_the_price_at_last() -> None:
    visit = Visit.bought(50)
    for unit in (4500, 5000):
        visit.goes(unit)
    assert (visit.of_price, visit.on_top) == (3900, 1200 + 1000)
    assert visit.goes(4600) == [0, 0, 800]
    assert visit.goes(4300) == [0, 400, 200]
    assert visit.goes(3000) == [900, 800, 0]
    assert (visit.of_price, visit.on_top) == (3000, 0)


def test_nothing_goes_back_of_a_payment_that_staff_have_given_back() -> None:
    visit = Visit.bought()
    visit.goes(4500)
    by_hand = Refund(None, "pi_2", Reason.DASHBOARD, RefundState.SUCCEEDED, Money(1000, "EUR"), "re_9", NOW)
    visit.surcharges = [stored(replace(each, refunds=(by_hand,))) for each in visit.surcharges]
    with pytest.raises(CannotMove):
        visit.goes(4000)
    assert visit.goes(4400) == [0, 200]
