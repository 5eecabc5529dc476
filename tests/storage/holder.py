"""Keeps a database to itself, says so, and waits to be killed."""

import asyncio
import sys

from storage.instance import only_instance


async def hold(url: str) -> None:
    async with only_instance(url):
        sys.stdout.write("holding\n")
        sys.stdout.flush()
        await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(hold(sys.argv[1]))
