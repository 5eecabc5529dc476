"""Moves a booking to another date of the same resource at its customer's wish."""

from datetime import date
from random import Random

from bot.domain.availability import Month
from bot.domain.bookings import BookingView
from bot.domain.errors import Gone, TooManyOpenOrders
from bot.domain.ids import BookingId, CustomerId, InventoryId, OrderId, public_code, secret_token
from bot.domain.money import Money
from bot.domain.moving import OtherDate, Proposal, movable, move, moved, surcharge, the_same
from bot.domain.moving_dates import Dates, dates_shown
from bot.domain.orders import Case, Moves, Origin
from bot.domain.selection import Offer
from bot.domain.time import Clock
from bot.services.bells import Bells
from bot.services.found import own_booking, present
from bot.services.links import Links
from bot.services.open_moves import let_go
from bot.services.ordering import HoldRules
from bot.services.other_dates import other_dates
from bot.services.outcomes import Decided, Outcomes
from storage import cases, catalogue, inventory, inventory_views, orders
from storage.database import Connection, Database


class Moving:
    """`rules`: how a surcharge is held until it is paid."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        chance: Random,
        rules: HoldRules,
        links: Links,
        outcomes: Outcomes,
        bells: Bells,
    ) -> None:
        self._database = database
        self._clock = clock
        self._chance = chance
        self._currency, self._hold, self._most_open = rules.currency, rules.hold, rules.most_open
        self._links = links
        self._outcomes = outcomes
        self._bells = bells

    async def dates(
        self, customer: CustomerId, booking_id: BookingId, month: Month | None = None, day: date | None = None
    ) -> Dates:
        """Where there is room for the same party, near a month or a day; see `bot.domain.moving_dates`.

        Raises Gone, CannotCancel or CannotMove.
        """
        now = self._clock.now()
        async with self._database.read() as connection:
            view = await own_booking(connection, customer, booking_id)
            case = await cases.look(connection, view.order_id)
            movable(case, booking_id, now)
            others = await other_dates(connection, case, view, self._currency, now)
        return dates_shown(view, others, now, month, day)

    async def propose(self, customer: CustomerId, booking_id: BookingId, row: InventoryId) -> Proposal:
        """What moving would mean; raises Gone, CannotCancel, CannotMove, or the refusals of `bot.domain.selection`."""
        async with self._database.read() as connection:
            view = await own_booking(connection, customer, booking_id)
            case = await cases.look(connection, view.order_id)
            paid = await cases.look_at_surcharges(connection, booking_id)
            offer = await self._offer(connection, row)
            slot = present(await inventory_views.slot(connection, row))
        found = moved(case, paid, booking_id, offer, self._clock.now())
        if not found.surcharge.is_zero:
            surcharge(case, paid, booking_id, offer, found.surcharge.minor, self._clock.now())
        there = OtherDate(row, slot.starts_at, found.ends_at or slot.ends_at)
        return Proposal(view, there, found.back.total, found.surcharge)

    async def move(self, customer: CustomerId, booking_id: BookingId, row: InventoryId, confirmed: int) -> None:
        """Move a booking, and give back exactly what was confirmed (minor units).

        Raises as `propose`, or PriceChanged; then nothing was changed.
        """

        async def work(connection: Connection) -> None:
            view = await own_booking(connection, customer, booking_id)
            case, paid = await _locked(connection, view)
            await self._lock(connection, case, booking_id, row)
            now = self._clock.now()
            outcomes = move(case, paid, booking_id, await self._offer(connection, row), confirmed, now)
            decided = [Decided(*each) for each in zip((case, *paid), outcomes, strict=True)]
            await self._outcomes.save(connection, decided, now)
            await let_go(connection, self._outcomes, customer, booking_id, now)

        await self._database.run(work)
        self._bells.all()

    async def pay(
        self,
        customer: CustomerId,
        booking_id: BookingId,
        row: InventoryId,
        *,
        confirmed: int,
        nonce: str,
        language: str,
    ) -> OrderId:
        """Hold seats at a dearer date and ask for the surcharge; once it is paid, the booking moves.

        The same nonce gives the same order. Raises as `propose`, or PriceChanged.
        """

        async def work(connection: Connection) -> OrderId:
            if not await orders.lock_customer(connection, customer):
                raise Gone
            known = await orders.by_nonce(connection, customer, nonce)
            if known is not None:
                return known
            view = await own_booking(connection, customer, booking_id)
            case, paid = await _locked(connection, view)
            now = self._clock.now()
            if await let_go(connection, self._outcomes, customer, booking_id, now) >= self._most_open:
                raise TooManyOpenOrders(self._most_open)
            lines = surcharge(case, paid, booking_id, await self._offer(connection, row), confirmed, now)
            order = orders.NewOrder(
                code=public_code(self._chance),
                customer_id=customer,
                nonce=nonce,
                total=Money(confirmed, self._currency),
                language=language,
                return_token=secret_token(self._chance),
                placed_at=now,
                hold_until=now + self._hold,
                origin=Origin.MOVE,
                moves=Moves(booking_id, movable(case, booking_id, now).inventory_id),
            )
            order_id = await orders.place(connection, order, lines)
            await self._links.ask(connection, order_id, order, now)
            return order_id

        order_id = await self._database.run(work)
        self._bells.all()
        return order_id

    async def _lock(self, connection: Connection, case: Case, booking_id: BookingId, row: InventoryId) -> None:
        """What the booking leaves and what it comes to, all at once: two who want each other's days do not deadlock."""
        now_at = next(each.inventory_id for each in case.bookings if each.id == booking_id)
        there = (await self._offer(connection, row)).rows(the_same(case.lines_of(now_at), row))
        await inventory.lock(connection, [*case.claims, *there])

    async def _offer(self, connection: Connection, row: InventoryId) -> Offer:
        return present(await catalogue.offer(connection, row, self._currency))


async def _locked(connection: Connection, view: BookingView) -> tuple[Case, list[Case]]:
    """The booking's order and its paid surcharges: once the order is locked, no other one can be settled."""
    case = (await cases.load(connection, [view.order_id]))[view.order_id]
    return case, await cases.surcharges_of(connection, view.id)
