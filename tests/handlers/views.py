"""Ready-made views of a small catalogue and of an order; every argument has a good default."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.bookings import BookingView, Ordered, OrderedFare
from bot.domain.catalogue import (
    CalendarView,
    CategoryPage,
    CategoryView,
    ChosenFare,
    DayState,
    DayView,
    EntryKind,
    FareView,
    HomeView,
    MonthView,
    OfferView,
    QuoteView,
    ResourceCard,
    ResourceRow,
    ShopView,
    SlotState,
    SlotView,
    StockView,
)
from bot.domain.ids import (
    BookingId,
    CategoryId,
    CustomerId,
    FareId,
    InventoryId,
    MediaId,
    MessageId,
    OrderId,
    ResourceId,
    TelegramId,
)
from bot.domain.money import Money
from bot.domain.order_card import OrderCard, OrderLineView
from bot.domain.orders import BookingStatus, Line, State
from bot.domain.selection import Quote

ZONE = "Europe/Paris"
DAWN = datetime(2026, 12, 12, 5, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 11, 23, 13, 35, tzinfo=UTC)
ADULT, CHILD = FareId(1), FareId(2)


def both(words: str) -> Mapping[str, str]:
    return {"en": words, "fr": f"{words} (fr)"}


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


def shop(words: str = "Lac & Sentiers") -> ShopView:
    return ShopView(both(words), both(words), both(words), both(words), MediaId(1))


def home(words: str = "Lac & Sentiers") -> HomeView:
    return HomeView(shop(words), (category(words),))


def category(words: str = "Walks") -> CategoryView:
    return CategoryView(CategoryId(1), "walks", "🥾", both(words))


def page(words: str = "Sunrise", page: int = 1, pages: int = 1) -> CategoryPage:
    rows = (
        ResourceRow(ResourceId(1), "sunrise", EntryKind.EVENT, both(words), 180, euro(3900), False, False),
        ResourceRow(ResourceId(2), "lantern", EntryKind.ITEM, both(words), None, euro(1200), True, False),
        ResourceRow(ResourceId(3), "gone", EntryKind.ITEM, both(words), None, euro(1200), True, True),
    )
    return CategoryPage(category(words), rows, page, pages)


def fare(fare_id: FareId = ADULT, unit: int = 3900, seats: int = 1, words: str = "adult") -> FareView:
    counted = {"en": (words, f"{words}s"), "fr": (words, f"{words}s")}
    return FareView(fare_id, words, both(words), counted, euro(unit), seats)


def card(words: str = "Sunrise", stock: StockView | None = None) -> ResourceCard:
    return ResourceCard(
        id=ResourceId(1),
        slug="sunrise",
        category_id=CategoryId(1),
        kind=EntryKind.ITEM if stock else EntryKind.EVENT,
        name=both(words),
        description=both(words),
        place=both(words),
        time_zone=ZONE,
        duration_minutes=None if stock else 180,
        capacity=12,
        max_per_order=4,
        closes_minutes_before=60,
        horizon_days=120,
        fares=(fare(), fare(CHILD, 1900, words="child")),
        photo=MediaId(2),
        stock=stock,
    )


def slot(state: SlotState = SlotState.OPEN, left: int = 8) -> SlotView:
    local = DAWN.astimezone(ZoneInfo(ZONE))
    ends = DAWN + timedelta(hours=3)
    return SlotView(InventoryId(7), DAWN, ends, local, DAWN - timedelta(hours=1), left, 12, state)


def calendar(days: Mapping[int, DayState] | None = None, *, earlier: bool = False, later: bool = True) -> CalendarView:
    states = dict.fromkeys(range(1, 32), DayState.CLOSED) | dict(days or {12: DayState.OPEN})
    return CalendarView(card(), MonthView(2026, 12, states, earlier, later))


def day(*slots: SlotView, state: DayState = DayState.OPEN, words: str = "Sunrise") -> DayView:
    return DayView(card(words), date(2026, 12, 12), state, slots)


def offer(left: int = 8, words: str = "Sunrise", *, dated: bool = True) -> OfferView:
    if dated:
        return OfferView(card(words), InventoryId(7), slot(left=left), left)
    return OfferView(card(words, StockView(InventoryId(7), left)), InventoryId(7), None, left)


def quoted(words: str = "Sunrise", *, dated: bool = True) -> QuoteView:
    shown = offer(words=words, dated=dated)
    chosen = tuple(zip(shown.card.fares, (2, 1), strict=True))
    lines = tuple(
        Line(shown.card.id, shown.inventory_id, one.id, count, one.unit, one.seats, dated) for one, count in chosen
    )
    return QuoteView(
        shown,
        tuple(ChosenFare(one, count, one.unit * count) for one, count in chosen),
        Quote(lines, euro(9700)),
    )


def booking(words: str = "Sunrise", status: BookingStatus = BookingStatus.CONFIRMED, refunded: int = 0) -> BookingView:
    fares = tuple(OrderedFare(one.id, one.name, one.counted, 2, one.unit, one.seats) for one in card().fares)
    ordered = Ordered(
        resource_id=ResourceId(1),
        slug="sunrise",
        kind=EntryKind.EVENT,
        name=both(words),
        place=both(words),
        time_zone=ZONE,
        photo=MediaId(2),
        inventory_id=InventoryId(7),
        starts_at=DAWN,
        ends_at=DAWN + timedelta(hours=3),
        fares=fares,
    )
    return BookingView(
        BookingId(3),
        OrderId(1),
        CustomerId(1),
        "K7Q4-MZ",
        status,
        ordered,
        euro(11600),
        euro(refunded),
        DEADLINE,
        "TicketToken0TicketToken01234",
    )


def order(state: State = State.AWAITING_PAYMENT, words: str = "Sunrise") -> OrderCard:
    line = OrderLineView(
        resource_id=ResourceId(1),
        slug="sunrise",
        resource_name=both(words),
        place=both(words),
        photo=None,
        fare_name=both("Adult"),
        counted={"en": ("adult", "adults"), "fr": ("adulte", "adultes")},
        unit=euro(4850),
        quantity=2,
        starts_at=DAWN,
        time_zone=ZONE,
    )
    return _order(state, line)


def _order(state: State, line: OrderLineView) -> OrderCard:
    return OrderCard(
        order_id=OrderId(1),
        code="K7Q4-MZ",
        state=state,
        closing=None,
        link="https://pay.example/1" if state is State.AWAITING_PAYMENT else None,
        slow=False,
        too_small=False,
        unsure=False,
        total=euro(9700),
        refunded=euro(0),
        hold_until=DEADLINE,
        ended_at=None,
        language="en",
        lines=(line,),
        telegram_id=TelegramId(1001),
        message_id=MessageId(5),
        processing_until=None,
    )
