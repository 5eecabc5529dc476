"""What guests answer: drafts of a customer before an order, and what goes with an order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import BindParameter, bindparam, delete, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.file_questions import kept_answer, read_answer
from bot.domain.ids import CustomerId, FareId, InventoryId, OrderId
from bot.domain.questions import Answer, Awaited, Key
from storage.database import Connection
from storage.schema import answer, customer, draft_answer, waiting

Part = tuple[OrderId, InventoryId]
Said = Mapping[Part, tuple[Answer, ...]]

OF_CUSTOMER = draft_answer.c.customer_id == bindparam("customer")
THESE: BindParameter[int] = bindparam("rows", expanding=True)
DRAFTS = select(draft_answer).where(OF_CUSTOMER, draft_answer.c.inventory_id.in_(THESE))
AWAITED = exists().where(
    waiting.c.customer_id == draft_answer.c.customer_id, waiting.c.inventory_id == draft_answer.c.inventory_id
)
"""Somebody waits for what this was answered about: it goes with an offer."""
DROP = delete(draft_answer).where(OF_CUSTOMER, draft_answer.c.inventory_id.in_(THESE), ~AWAITED)
OF_ORDERS = select(answer).where(answer.c.order_id.in_(THESE)).order_by(answer.c.id)


async def drafts(
    connection: Connection, customer_id: CustomerId, wanted: Sequence[InventoryId]
) -> Mapping[InventoryId, Mapping[Key, str]]:
    """What a customer has answered so far about these."""
    found: defaultdict[InventoryId, dict[Key, str]] = defaultdict(dict)
    for row in await connection.execute(DRAFTS, {"customer": customer_id, "rows": list(wanted)}):
        found[InventoryId(row.inventory_id)][row.question, row.guest] = row.value
    return found


async def draft(
    connection: Connection, customer_id: CustomerId, inventory_id: InventoryId, key: Key, value: str, now: datetime
) -> None:
    """The one answer to this question from now on."""
    into = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    question, guest = key
    said = {"value": value, "answered_at": now}
    row = into(draft_answer).values(
        customer_id=customer_id, inventory_id=inventory_id, question=question, guest=guest, **said
    )
    keys = ["customer_id", "inventory_id", "question", "guest"]
    await connection.execute(row.on_conflict_do_update(index_elements=keys, set_=said))


async def drop_drafts(connection: Connection, customer_id: CustomerId, wanted: Iterable[InventoryId]) -> None:
    """Without those for which they wait still."""
    await connection.execute(DROP, {"customer": customer_id, "rows": list(wanted)})


async def keep(connection: Connection, order_id: OrderId, said: Mapping[InventoryId, Sequence[Answer]]) -> None:
    """What goes with an order from now on."""
    rows = [
        {
            "order_id": order_id,
            "inventory_id": inventory_id,
            "question": kept_answer(each),
            "guest": each.guest,
            "value": each.value,
        }
        for inventory_id, answers in said.items()
        for each in answers
    ]
    if rows:
        await connection.execute(insert(answer), rows)


async def of_orders(connection: Connection, wanted: Iterable[OrderId]) -> Said:
    """What was answered for each part of some orders, in the order in which it was asked."""
    found: defaultdict[Part, tuple[Answer, ...]] = defaultdict(tuple)
    for row in await connection.execute(OF_ORDERS, {"rows": sorted(set(wanted))}):
        part = OrderId(row.order_id), InventoryId(row.inventory_id)
        found[part] += (read_answer(row.question, row.guest, row.value),)
    return found


async def await_answer(connection: Connection, customer_id: CustomerId, awaited: Awaited | None) -> None:
    """What a customer writes next is the answer to this; None: it is anything else."""
    asked = None if awaited is None else _asked(awaited)
    await connection.execute(update(customer).where(customer.c.id == customer_id).values(asked=asked))


def _asked(awaited: Awaited) -> dict[str, object]:
    return {
        "inventory": awaited.inventory_id,
        "counts": [[fare, count] for fare, count in awaited.counts.items()],
        "question": awaited.question,
        "guest": awaited.guest,
        "until": int(awaited.until.timestamp()),
        "steps": awaited.steps,
    }


def read_awaited(asked: Mapping[str, int | str | list[list[int]]] | None) -> Awaited | None:
    """What `await_answer` has kept."""
    if asked is None:
        return None
    pairs, guest, until, steps = asked["counts"], asked["guest"], asked["until"], asked["steps"]
    if not isinstance(pairs, list) or not isinstance(guest, int):
        return None
    if not isinstance(until, int) or not isinstance(steps, int):
        return None
    return Awaited(
        InventoryId(int(str(asked["inventory"]))),
        {FareId(fare): count for fare, count in pairs},
        str(asked["question"]),
        guest,
        datetime.fromtimestamp(until, UTC),
        steps,
    )
