"""What must be true when all faults have healed and four days have passed."""

from tests.simulation.house import House
from tests.simulation.witness import Witness


async def check(house: House, witness: Witness) -> None:
    """Every promise that was broken becomes a violation in the trace."""
