"""Bugs that are planted to prove that the simulation would find them. Each is a context in which the shop has it."""

from collections.abc import Mapping

from tests.simulation.bugs.baskets import BASKETS
from tests.simulation.bugs.cancelling import CANCELLING
from tests.simulation.bugs.checkouts import CHECKOUTS
from tests.simulation.bugs.events import EVENTS
from tests.simulation.bugs.mails import MAILS
from tests.simulation.bugs.messages import MESSAGES
from tests.simulation.bugs.money import MONEY
from tests.simulation.bugs.moving import MOVING
from tests.simulation.bugs.planting import Bug
from tests.simulation.bugs.refunds import REFUNDS
from tests.simulation.bugs.seats import SEATS
from tests.simulation.bugs.stays import STAYS
from tests.simulation.bugs.waiting import WAITING

BUGS: Mapping[str, Bug] = {
    **EVENTS,
    **MONEY,
    **SEATS,
    **CHECKOUTS,
    **MESSAGES,
    **REFUNDS,
    **CANCELLING,
    **MAILS,
    **WAITING,
    **MOVING,
    **STAYS,
    **BASKETS,
}
UNGUARDED = frozenset({"capacity_guard_off", "refund_without_cap"})
"""Bugs that the database's own constraints would catch at once: they are planted with the constraints dropped."""
