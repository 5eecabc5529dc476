"""The world and the shop as processes of their own, as an operator starts them.

async with joined(tmp_path) as pair:                  # `sandbox --no-bot`, a catalogue, and `run`
    await pair.says(1001, "/start"); await pair.presses(1001, "Hold and pay"); await pair.sees(1001, "Held")
    pair.run.kill(); await pair.start()               # the shop dies and comes back; the world goes on
    pair.query("SELECT state FROM orders")            # what the database says, from outside
"""

import asyncio
import os
import secrets
import signal
import sqlite3
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from bot import importing
from bot.config import load
from tests.journeys.shop import CATALOGUE
from tests.sandbox.world.client import PIXEL

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0  # real seconds
PAUSE = 0.03
ENDS_WITHIN = 10.0
Found = TypeVar("Found")


async def waited_for(look: Callable[[], Awaitable[Found | None]]) -> Found:
    """What `look` finds, as soon as it finds something; TimeoutError when patience ends."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if found := await look():
                return found
            await asyncio.sleep(PAUSE)


class Program:
    """One process of `python bot.py …`; what it writes goes to files."""

    def __init__(self, process: Process, out: Path, err: Path) -> None:
        self._process, self._out, self._err = process, out, err

    @property
    def output(self) -> str:
        return self._out.read_text(encoding="utf-8")

    @property
    def errors(self) -> str:
        return self._err.read_text(encoding="utf-8")

    @property
    def ended(self) -> bool:
        return self._process.returncode is not None

    async def end(self, within: float = PATIENCE) -> int:
        """The exit code; TimeoutError if it does not end in time."""
        async with asyncio.timeout(within):
            return await self._process.wait()

    async def kill(self) -> None:
        """SIGKILL: no farewell."""
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM; the exit code. TimeoutError after ten seconds."""
        self._process.send_signal(signal.SIGTERM)
        return await self.end(ENDS_WITHIN)

    async def says(self, text: str, *, errors: bool = False) -> None:
        """Wait until it has written that."""

        async def look() -> bool:
            assert not self.ended, self.errors
            return text in (self.errors if errors else self.output)

        await waited_for(look)


async def start_program(folder: Path, *words: str, environ: Mapping[str, str] | None = None) -> Program:
    """Start `python bot.py` with these words in the project's folder."""
    name = f"{words[0]}-{secrets.token_hex(3)}"
    out, err = folder / f"{name}.out", folder / f"{name}.err"
    with out.open("wb") as to_out, err.open("wb") as to_err:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "bot.py",
            *words,
            cwd=ROOT,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **(environ or {})},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=to_out,
            stderr=to_err,
        )
    return Program(process, out, err)


async def outcome(folder: Path, *words: str, environ: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    """Exit code, output and errors of a command that ends by itself."""
    program = await start_program(folder, *words, environ=environ)
    return await program.end(), program.output, program.errors


class Pair:
    """A world and a shop that has joined it."""

    def __init__(self, folder: Path, world: Program, session: aiohttp.ClientSession) -> None:
        self._folder, self._world, self._session = folder, world, session
        self.config = Path(world.output.partition("# ")[2].partition("\n")[0])
        self._base = load(self.config, {}).telegram.api_url.removesuffix("/telegram")
        self._run: Program | None = None
        self._newcomers = 0

    # The processes

    @property
    def run(self) -> Program:
        """The shop's process, the latest one."""
        assert self._run is not None
        return self._run

    async def start(self) -> None:
        """Start `run`, unless it is running, and wait until it is open."""
        if self._run is None or self._run.ended:
            self._run = await self.another()
        await self._run.says("shop.open", errors=True)

    async def another(self, environ: Mapping[str, str] | None = None) -> Program:
        """One more `run` with the same settings, except for what the environment says."""
        return await start_program(self._folder, "run", "--config", str(self.config), environ=environ)

    async def stock(self) -> None:
        file = self.config.with_name(CATALOGUE.name)
        file.write_text(CATALOGUE.read_text(encoding="utf-8").replace("stock = 5\n", "stock = 100\n"), encoding="utf-8")
        file.with_name("banner.png").write_bytes(PIXEL)
        await importing.take(load(self.config, {}), file, lambda _: True)

    async def close(self) -> None:
        for program in (self._run, self._world):
            if program is not None and not program.ended:
                await program.stop()

    # The world

    async def newcomer(self) -> int:
        """One more customer."""
        self._newcomers += 1
        user = 30_000 + self._newcomers
        await self.ask("POST", "users", {"id": user, "name": "Ada", "language": "en"})
        return user

    async def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        async with self._session.request(method, f"{self._base}/control/{path}", json=body) as response:
            found = await response.json()
            assert response.status == 200, found
            assert isinstance(found, dict)
            return found

    async def messages(self, user: int) -> list[dict[str, Any]]:
        """What the bot has written to a person, oldest first."""
        found = await self.ask("GET", f"chats/{user}/messages")
        return [message for message in found["messages"] if message["from_bot"]]

    async def says(self, user: int, text: str) -> None:
        await self.ask("POST", f"chats/{user}/text", {"text": text})

    async def presses(self, user: int, label: str) -> None:
        """Tap the button whose label begins so, as soon as there is one."""
        message, button = await self._button(user, label)
        await self.ask("POST", f"chats/{user}/press", {"message_id": message["id"], "text": button["text"]})

    async def sees(self, user: int, text: str) -> None:
        await waited_for(lambda: self.count(user, text))

    async def count(self, user: int, text: str) -> int:
        return sum(text in str(message["text"]) for message in await self.messages(user))

    async def to_link(self, user: int) -> str:
        """An item is held; the session in which it can be paid."""
        await self.says(user, "/start r_lantern")
        for label in ("Choose how many", "Continue", "Hold and pay"):
            await self.presses(user, label)
        await self._button(user, "Pay ")
        return str((await self.ask("GET", "sessions"))["sessions"][0]["id"])

    async def pay(self, session: str) -> None:
        body = {"card": "success", "email": "alice@example.org", "name": "Alice"}
        await self.ask("POST", f"sessions/{session}/pay", body)

    async def until_fired(self, fault: str) -> None:
        """A planned fault has met its call."""

        async def look() -> bool:
            return fault in (await self.ask("GET", "faults"))["fired"]

        await waited_for(look)

    async def _button(self, user: int, label: str) -> tuple[dict[str, Any], dict[str, Any]]:
        async def look() -> tuple[dict[str, Any], dict[str, Any]] | None:
            shown = [(message, row) for message in reversed(await self.messages(user)) for row in message["keyboard"]]
            buttons = ((message, button) for message, row in shown for button in row)
            return next((found for found in buttons if str(found[1]["text"]).startswith(label)), None)

        return await waited_for(look)

    # The database

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Read from outside, as a second process may."""
        with closing(sqlite3.connect(f"file:{self.config.parent}/guichet.db?mode=ro", uri=True)) as connection:
            return list(connection.execute(statement))

    async def until(self, statement: str, wanted: list[tuple[Any, ...]]) -> None:
        """Wait until the database says so."""

        async def look() -> bool:
            return self.query(statement) == wanted

        await waited_for(look)


@asynccontextmanager
async def separate_world(folder: Path) -> AsyncIterator[Pair]:
    """`sandbox --no-bot` with a stocked database; the shop is not started yet."""
    world = await start_program(folder, "sandbox", "--no-bot", "--port", "0")
    async with aiohttp.ClientSession() as session:
        try:
            await world.says("[staff]")
            await world.says("alerts_chat")
            pair = Pair(folder, world, session)
            await pair.stock()
            try:
                yield pair
            finally:
                await pair.close()
        finally:
            if not world.ended:
                await world.kill()
