"""Checkout attempts as the worker sees them: which to ask Stripe about, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.attempts import AttemptWork
from bot.domain.ids import AttemptId, OrderId, SessionId
from bot.domain.orders import AttemptState, State
from storage import inbox
from storage.schema import checkout_attempt, orders, payment, refund

AT_ONCE = timedelta()


@dataclass(frozen=True)
class NewAttempt:
    """`parameters` are frozen: an idempotency key must see the same bytes whenever it is used."""

    order_id: OrderId
    number: int
    idempotency_key: str
    parameters: Mapping[str, object]
    expires_at: datetime
    created_at: datetime


def _work() -> Select[tuple[object, ...]]:
    other = checkout_attempt.alias()
    latest = select(func.max(other.c.number)).where(other.c.order_id == checkout_attempt.c.order_id).scalar_subquery()
    return select(
        checkout_attempt,
        orders.c.code,
        orders.c.state.label("order_state"),
        (checkout_attempt.c.number == latest).label("current"),
    ).join(orders, orders.c.id == checkout_attempt.c.order_id)


WORK = _work()
DUE = (
    WORK.where(checkout_attempt.c.ask_at <= bindparam("now"))
    .order_by(checkout_attempt.c.ask_at)
    .limit(bindparam("most"))
)
ONE = WORK.where(checkout_attempt.c.id == bindparam("attempt"))
CURRENT = (
    WORK.where(checkout_attempt.c.order_id == bindparam("of_order")).order_by(checkout_attempt.c.number.desc()).limit(1)
)
NEXT_DUE = select(func.min(checkout_attempt.c.ask_at)).where(checkout_attempt.c.ask_at > bindparam("after"))
FIRST_DUE = select(
    *(
        select(func.min(when)).scalar_subquery()
        for when in (checkout_attempt.c.ask_at, refund.c.ask_at, payment.c.look_at)
    )
)
ADD = insert(checkout_attempt)
LOOK_AT_ALL = update(checkout_attempt).where(
    or_(checkout_attempt.c.ask_at.is_not(None), checkout_attempt.c.state.in_((AttemptState.NEW, AttemptState.OPEN)))
)
CHANGE = update(checkout_attempt).where(checkout_attempt.c.id == bindparam("attempt"))
"""Its other parameters are the new values of columns."""
MADE = CHANGE.where(checkout_attempt.c.session_id.is_(None))


async def add(connection: AsyncConnection, attempt: NewAttempt, pause: timedelta = AT_ONCE) -> None:
    """`pause`: how long Stripe is left alone before it is asked for the session."""
    new = {
        "order_id": attempt.order_id,
        "number": attempt.number,
        "state": AttemptState.NEW,
        "idempotency_key": attempt.idempotency_key,
        "parameters": dict(attempt.parameters),
        "expires_at": attempt.expires_at,
        "created_at": attempt.created_at,
        "ask_at": attempt.created_at + pause,
        "tries": 0,
        "server_errors": 0,
    }
    await connection.execute(ADD, new)


async def _found(
    connection: AsyncConnection, query: Select[tuple[object, ...]], which: Mapping[str, object]
) -> list[AttemptWork]:
    return [
        AttemptWork(
            id=AttemptId(row.id),
            order_id=OrderId(row.order_id),
            order_state=State(row.order_state),
            number=row.number,
            current=bool(row.current),
            state=AttemptState(row.state),
            client_reference=f"{row.code}-{row.number}",
            idempotency_key=row.idempotency_key,
            parameters=row.parameters,
            session_id=None if row.session_id is None else SessionId(row.session_id),
            created_at=row.created_at,
            expires_at=row.expires_at,
            tries=row.tries,
            server_errors=row.server_errors,
        )
        for row in await connection.execute(query, which)
    ]


async def due(connection: AsyncConnection, now: datetime, limit: int) -> list[AttemptWork]:
    return await _found(connection, DUE, {"now": now, "most": limit})


async def one(connection: AsyncConnection, attempt_id: AttemptId) -> AttemptWork | None:
    found = await _found(connection, ONE, {"attempt": attempt_id})
    return found[0] if found else None


async def current(connection: AsyncConnection, order_id: OrderId) -> AttemptWork | None:
    found = await _found(connection, CURRENT, {"of_order": order_id})
    return found[0] if found else None


async def next_due_after(connection: AsyncConnection, now: datetime) -> datetime | None:
    found: datetime | None = (await connection.execute(NEXT_DUE, {"after": now})).scalar_one_or_none()
    return found


async def first_due(connection: AsyncConnection) -> tuple[datetime | None, datetime | None]:
    """When the first attempt is or was due, and the first refund, whether to be asked for or looked up."""
    attempt, asked, looked_up = (await connection.execute(FIRST_DUE)).one()
    return attempt, min((when for when in (asked, looked_up) if when is not None), default=None)


async def ask_at(connection: AsyncConnection, attempt_id: AttemptId, when: datetime | None) -> None:
    """Stripe has answered: when to look again."""
    await connection.execute(CHANGE, {"attempt": attempt_id, "ask_at": when, "tries": 0, "server_errors": 0})


async def put_off(connection: AsyncConnection, work: AttemptWork, when: datetime, *, server_error: bool) -> None:
    """Stripe has not answered: when to try again."""
    counts = {"tries": work.tries + 1, "server_errors": work.server_errors + server_error}
    await connection.execute(CHANGE, {"attempt": work.id, "ask_at": when, **counts})


async def made(
    connection: AsyncConnection, attempt_id: AttemptId, session_id: SessionId, url: str | None, expires_at: datetime
) -> None:
    """Stripe has given the session its id, unless an event has told us first; events that came before go on."""
    is_now = {"session_id": session_id, "url": url, "expires_at": expires_at, "state": AttemptState.OPEN}
    await connection.execute(MADE, {"attempt": attempt_id, **is_now})
    await inbox.go_on(connection, [f"attempt:{attempt_id}"])


async def never_made(connection: AsyncConnection, attempt_id: AttemptId) -> None:
    """A lost attempt of which nothing surfaced before it would have expired."""
    await connection.execute(MADE, {"attempt": attempt_id, "state": AttemptState.EXPIRED})


async def note(connection: AsyncConnection, attempt_id: AttemptId, why: str) -> None:
    await connection.execute(CHANGE, {"attempt": attempt_id, "note": why[:200]})


async def ask_now(connection: AsyncConnection, attempt_id: AttemptId, now: datetime) -> None:
    """Before its time, and without forgetting how often Stripe has failed."""
    await connection.execute(CHANGE, {"attempt": attempt_id, "ask_at": now})


async def look_at_all(connection: AsyncConnection, now: datetime) -> None:
    """At start: whatever is not resolved is asked about now."""
    await connection.execute(LOOK_AT_ALL, {"ask_at": now})
