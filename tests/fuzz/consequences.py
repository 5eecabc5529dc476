"""Compares the shop after a bunch of events with the shop before: what has happened must have been said."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.domain.orders import UNPAID
from tests.fuzz.oracle import News, Says
from tests.fuzz.stage import AnyRow, Rows

ENDS = frozenset({"failed", "expired", "cancelled"})
Tables = Mapping[str, Sequence[AnyRow]]
FROZEN = ("resource", "fare", "customer", "order_line", "category", "shop", "media", "audit", "sweep")


def complaints(before: Rows, after: Rows, news: News) -> list[str]:
    """One line for each thing that should not be so."""
    found = [f"{name} changed" for name in FROZEN if before[name] != after[name]]
    for row in before["orders"]:
        found += _of_order(before, after, row, news.of.get(_int(row["id"]), set()))
    return [*found, *_of_payments(before, after, news), *_of_seats(before, after), *_of_inbox(before, after, news)]


def _of_order(before: Rows, after: Rows, order: AnyRow, said: set[Says]) -> Iterator[str]:
    what, code = order["id"], order["code"]
    was = {name: _of(rows, what) for name, rows in _concerned(before).items()}
    now = {name: _of(rows, what) for name, rows in _concerned(after).items()}
    if said <= {Says.LOOK}:
        for name, rows in was.items():
            if _plain(rows) != _plain(now[name]):
                yield f"{name} of {code} changed, and nobody said so: {rows} -> {now[name]}"
        return
    for allowed, happened, name in _happened(was, now):
        if happened and not said & allowed:
            yield f"{code}: {name}, although only {sorted(map(str, said))} was said"


def _happened(was: Tables, now: Tables) -> Iterator[tuple[set[Says], bool, str]]:
    state, then = str(was["orders"][0]["state"]), str(now["orders"][0]["state"])
    roles = Counter(str(row["role"]) for row in now["payment"]) - Counter(str(row["role"]) for row in was["payment"])
    reasons = Counter(str(row["reason"]) for row in now["refund"]) - Counter(
        str(row["reason"]) for row in was["refund"]
    )
    lost = {row["id"] for row in was["booking"] if row["status"] == "confirmed"} - {
        row["id"] for row in now["booking"] if row["status"] == "confirmed"
    }
    fewer = _units(now) < _units(was)
    yield {Says.BOOK}, len(now["booking"]) > len(was["booking"]), "booked"
    yield {Says.BOOK}, bool(roles.keys() & {"booked", "late", "surplus"}), "money taken as paid"
    yield {Says.BOOK}, bool(reasons.keys() & {"late", "surplus"}), "money given back"
    yield {Says.MISMATCH}, "mismatch" in roles, "money taken as a mismatch"
    yield {Says.REFUND}, bool(lost) or "dashboard" in reasons, "refunded"
    yield {Says.MISMATCH, Says.END, Says.REFUND}, fewer, "seats released"
    yield {Says.BOOK}, _units(now) > _units(was), "seats claimed"
    yield {Says.MISMATCH, Says.END}, state in UNPAID and then in ENDS, "ended"
    yield {Says.PROCESS}, state != then == "processing", "processing"
    yield set(), then == "paid" and not any(row["status"] == "confirmed" for row in now["booking"]), "paid, not booked"


def _of_payments(before: Rows, after: Rows, news: News) -> Iterator[str]:
    known, items = {row["session_id"] for row in before["payment"]}, {str(row["key"]) for row in after["attention"]}
    for row in after["payment"]:
        session = str(row["session_id"])
        if session not in known and row["order_id"] is None and session not in news.strays:
            yield f"money of nobody: {session}"
        if row["role"] in {"mismatch", "unmatched"} and not items & {f"mismatch:{session}", f"unmatched:{session}"}:
            yield f"no human hears of {session}"


def _of_seats(before: Rows, after: Rows) -> Iterator[str]:
    if _unclaimed(before) != _unclaimed(after):
        yield f"taken is not what claims add up to: {_unclaimed(after) - _unclaimed(before)}"
    yield from (
        f"oversold: {row}" for row in after["inventory"] if not 0 <= _int(row["taken"]) <= _int(row["capacity"])
    )


def _of_inbox(before: Rows, after: Rows, news: News) -> Iterator[str]:
    known = {row["event_id"] for row in before["inbox"]}
    keys = {str(row["key"]) for row in after["attention"]}
    for row in after["inbox"]:
        name, state = str(row["event_id"]), row["state"]
        if name not in known and name not in news.ids:
            yield f"stored without having been signed: {name}"
        if state == "new":
            yield f"not settled: {name}"
        if state == "failed" and f"event:{name}" not in keys:
            yield f"no human hears of {name}"
        if state == "settled" and name in news.alarms and news.alarms[name] not in keys:
            yield f"the wrong mode of {name} was not noticed"


def _concerned(rows: Rows) -> Tables:
    return {name: rows[name] for name in ("orders", "claim", "checkout_attempt", "booking", "payment")} | {
        "refund": [
            {**row, "order_id": payment["order_id"]}
            for row in rows["refund"]
            for payment in rows["payment"]
            if row["payment_id"] == payment["id"]
        ]
    }


def _of(rows: Sequence[AnyRow], order: object) -> list[AnyRow]:
    return [row for row in rows if row["order_id" if "order_id" in row else "id"] == order]


def _plain(rows: Sequence[AnyRow]) -> list[AnyRow]:
    """Without the wish to ask Stripe, which does no harm."""
    return [{name: value for name, value in row.items() if name != "look_at"} for row in rows]


def _units(tables: Tables) -> int:
    return sum(_int(row["units"]) for row in tables["claim"])


def _unclaimed(rows: Rows) -> Counter[int]:
    taken = Counter({_int(row["id"]): _int(row["taken"]) for row in rows["inventory"]})
    for row in rows["claim"]:
        taken[_int(row["inventory_id"])] -= _int(row["units"])
    return +taken


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value
