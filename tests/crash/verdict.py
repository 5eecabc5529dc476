"""What must be true at the end of a run: what the simulation demands, and that nothing was asked of Stripe twice."""

import time
from collections import Counter
from collections.abc import Iterator

from bot.clock import SystemClock
from bot.config import Settings
from bot.services.sales import Sales
from storage.database import Database, engine
from tests.crash.customers import BOOKED
from tests.crash.scene import Premises, Scene
from tests.simulation.checks import SALES, SPARE, UNFINISHED, _messages, _money, _stored
from tests.simulation.disk import Disk
from tests.simulation.witness import Witness

PATIENCE = 10.0  # real seconds
KNOWN = "SELECT session_id FROM checkout_attempt WHERE session_id IS NOT NULL"
CODES = "SELECT code FROM booking"


class Reader(Witness):
    """Counts the tickets in the chats, which are what people have."""

    def __init__(self, house: Premises) -> None:
        self.unsure, self.tickets, self.reminders = Counter[int](), Counter[str](), Counter[str]()
        self.reminded = Counter[tuple[str, str]]()
        codes = [str(code) for (code,) in house.disk.rows(CODES)]
        for user in house.world.people:
            for message in house.world.telegram.messages(user):
                if message.from_bot and any(words in message.text for words in BOOKED):
                    self.tickets.update(code for code in codes if code in message.text)


async def faults_at_the_end(scene: Scene, patience: float = PATIENCE) -> list[str]:
    """What is wrong and stays wrong for so many real seconds."""
    until = time.monotonic() + patience
    while True:
        found = list(_now(scene))
        if not found or time.monotonic() > until:
            return found
        await scene.advance(seconds=5)


def _now(scene: Scene) -> Iterator[str]:
    house = scene.house
    yield from scene.unstored()
    yield from _unfinished(house)
    yield from _stored(house)
    yield from _money(house)
    yield from _messages(house, Reader(house))
    yield from _twice(house)
    yield from sound(house.disk)


def _unfinished(house: Premises) -> Iterator[str]:
    overdue = (house.world.clock.now() - SPARE).replace(tzinfo=None).isoformat(" ")
    for what, query in UNFINISHED.items():
        found = house.disk.rows(query, *([overdue] if "?" in query else []))
        if found:
            yield f"{what}: {found[:3]}"


def _twice(house: Premises) -> Iterator[str]:
    """Each attempt has one payment page, which we know; each of our refunds was made once."""
    sessions = house.world.stripe.sessions()
    for reference, count in Counter(str(each["client_reference_id"]) for each in sessions).items():
        if count > 1:
            yield f"{reference} has {count} payment pages"
    known = {row[0] for row in house.disk.rows(KNOWN)}
    for session in sessions:
        if session["id"] not in known:
            yield f"we know nothing of the payment page {session['client_reference_id']}"
    marks = Counter(refund.metadata.get("guichet_refund") for refund in house.world.stripe._account.refunds.values())
    for mark, count in marks.items():
        if mark and count > 1:
            yield f"refund {mark} was made {count} times"


def sound(disk: Disk) -> Iterator[str]:
    for (said,) in disk.rows("PRAGMA integrity_check"):
        if said != "ok":
            yield f"the file is damaged: {said}"


async def sales_differ(settings: Settings, disk: Disk) -> list[str]:
    """The roll-up is what the ledger says. The shop must not be running."""
    before = disk.rows(SALES)
    database = Database(engine(settings.storage.url.get_secret_value()))
    await Sales(database, SystemClock(), settings.shop.timezone, settings.shop.currency).rebuild()
    await database.close()
    after = disk.rows(SALES)
    return [] if after == before else [f"the roll-up says {before}, the ledger {after}"]
