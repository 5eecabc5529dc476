"""How the difference to a cheaper date goes back: of the last surcharge first, and at last of the price itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.cancelling import booked_payment, due, left_of
from bot.domain.ids import BookingId
from bot.domain.money import Money
from bot.domain.orders import Case
from bot.domain.shares import kept, split
from bot.domain.surcharges import kept_of, left_of_surcharge, with_surcharges


@dataclass(frozen=True)
class Back:
    """What goes back of the payment that a booking was made for, and of each surcharge that has moved it since."""

    of_price: Money
    of_surcharges: tuple[Money, ...] = ()

    @property
    def total(self) -> Money:
        return sum(self.of_surcharges, start=self.of_price)


def difference(case: Case, booking_id: BookingId, surcharges: Sequence[Case], before: Money, price: Money) -> Back:
    """A surcharge, which no code makes cheaper, goes back as it was paid; of the price, that part which was paid."""
    left = max(before - price, before * 0)
    parts: list[Money] = []
    for each in reversed(surcharges):
        parts.append(min(left, kept_of(each)))
        left -= parts[-1]
    rest = before - sum(map(kept_of, surcharges), start=before * 0)
    booking = next(each for each in case.bookings if each.id == booking_id)
    of_price, _ = split(kept(case, booking), [left.minor, (rest - left).minor])
    return Back(of_price, tuple(reversed(parts)))


def can_go_back(case: Case, booking_id: BookingId, surcharges: Sequence[Case], back: Back, now: datetime) -> bool:
    """All of it, no more than cancelling would give, and no more of each payment than is left of it."""
    if back.total.is_zero:
        return True
    most = with_surcharges(due(case, booking_id, now), surcharges).amount
    of_each = zip(back.of_surcharges, surcharges, strict=True)
    return (
        back.total <= most
        and back.of_price <= left_of(case, booked_payment(case))
        and all(part <= left_of_surcharge(each) for part, each in of_each)
    )
