"""What happens to the machine itself: the process is killed or restarted, its clock is set wrong."""

import asyncio
from datetime import timedelta
from random import Random

from tests.simulation.house import House

HOUR = timedelta(hours=1)


class Chaos:
    def __init__(self, house: House, seed: int) -> None:
        self._house = house
        self._chance = Random(f"{seed} chaos")

    async def live(self) -> None:
        while True:
            await asyncio.sleep(self._chance.uniform(60, 1200))
            match self._house.weather.draw("application", ""):
                case "killed":
                    if self._house.application is not None:
                        self._house.die("killed")
                case "restarted":
                    await self._house.restart()
                case "clock_forward":
                    await self._wrong(HOUR)
                case "clock_back":
                    await self._wrong(-HOUR)

    async def _wrong(self, by: timedelta) -> None:
        self._house.clock.set_wrong(by)
        await asyncio.sleep(self._chance.uniform(1, 1200))
        self._house.clock.set_wrong(timedelta())
