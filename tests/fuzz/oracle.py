"""What signed events say, read once more and more simply than the program reads them, and what may follow from that.

Whatever an event does not say must not happen: that is how a wrong booking, release or refund is recognised.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import orjson

from tests.fuzz.stage import AnyRow, Rows

NO_ROWS: Sequence[AnyRow] = ()


class Says(StrEnum):
    BOOK = "book"  # paid as asked for
    MISMATCH = "mismatch"  # paid, but not what was asked for
    END = "end"  # expired, or refused by the bank
    PROCESS = "process"  # complete, and the bank is at it
    REFUND = "refund"
    LOOK = "look"  # something was refunded


@dataclass
class News:
    """All that a bunch of signed events says about our orders. `strays`: marked payments of unknown sessions."""

    of: dict[int, set[Says]] = field(default_factory=dict)
    strays: set[str] = field(default_factory=set)
    alarms: dict[str, str] = field(default_factory=dict)  # attention item by event, if the event can be settled
    ids: set[str] = field(default_factory=set)

    @property
    def quiet(self) -> bool:
        return not self.of and not self.strays


def text(value: object) -> str:
    return value.replace("\0", "") if isinstance(value, str) else ""


def inside(value: object, *names: str) -> object:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def event_id(body: bytes) -> str | None:
    """The id under which a signed body must be stored; None for what is no event."""
    try:
        event = orjson.loads(body)
        body.decode()
    except ValueError:
        return None
    name, kind = text(inside(event, "id")), text(inside(event, "type"))
    return name if name and kind and len(name) <= 100 and len(kind) <= 80 else None


class Reader:
    """Knows the sessions and payments of the stage."""

    def __init__(self, base: Rows, mark: str) -> None:
        self._mark = mark
        self._orders = {row["id"]: row for row in base["orders"]}
        self._sessions = {
            str(row["session_id"]): int(str(row["order_id"])) for row in base["checkout_attempt"] if row["session_id"]
        }
        self._intents = {str(row["payment_intent"]): row["order_id"] for row in base["payment"]}

    def read(self, bodies: Iterable[bytes]) -> News:
        news, intents = News(), dict(self._intents)
        events = [orjson.loads(body) for body in bodies if event_id(body) is not None]
        for event in events:
            news.ids.add(text(event["id"]))
            if text(event["type"]).startswith("checkout.session."):
                self._session(event, news, intents)
        for event in events:
            self._money_back(event, news, intents)
        return news

    def _session(self, event: object, news: News, intents: dict[str, object]) -> None:
        session, paying = inside(event, "data", "object"), inside(event, "data", "object", "payment_intent")
        name, intent = text(inside(session, "id")), text(paying) or text(inside(paying, "id"))
        order = self._sessions.get(name)
        if inside(session, "livemode") is True:
            if order is not None:
                news.alarms[text(inside(event, "id"))] = f"mode:{name}"
        elif order is not None:
            if (said := self._said(event, session, order)) is not None:
                news.of.setdefault(order, set()).add(said)
                intents.setdefault(intent, order)
        elif text(inside(session, "metadata", "guichet_shop")) == self._mark and _paid(session):
            news.strays.add(name)
            intents.setdefault(intent, None)

    def _said(self, event: object, session: object, order: int) -> Says | None:
        match text(inside(session, "status")):
            case "expired":
                return Says.END
            case "complete" if _paid(session):
                return Says.BOOK if self._as_asked(session, order) else Says.MISMATCH
            case "complete" if _failed(event, session):
                return Says.END
            case "complete":
                return Says.PROCESS
        return None

    def _as_asked(self, session: object, order: int) -> bool:
        asked = self._orders[order]
        amount, currency = inside(session, "amount_total"), inside(session, "currency")
        same = isinstance(amount, int) and not isinstance(amount, bool) and amount == asked["total"]
        return same and str(currency).upper() == asked["currency"] and text(inside(session, "mode")) == "payment"

    def _money_back(self, event: object, news: News, intents: Mapping[str, object]) -> None:
        kind, paying = text(inside(event, "type")), inside(event, "data", "object", "payment_intent")
        order = intents.get(text(paying) or text(inside(paying, "id")))
        said = Says.LOOK if kind == "charge.refunded" else Says.REFUND if kind.startswith("refund.") else None
        if said is not None and isinstance(order, int):
            news.of.setdefault(order, set()).add(said)


def _paid(session: object) -> bool:
    return inside(session, "payment_status") in ("paid", "no_payment_required")


def _failed(event: object, session: object) -> bool:
    odd = inside(session, "payment_intent", "status") in ("requires_payment_method", "canceled")
    return odd or text(inside(event, "type")) == "checkout.session.async_payment_failed"
