"""A mail server of a few commands on loopback: it takes every letter and sends none."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress

from bot.sandbox.faults import Fault, Faults, Kind, Service
from bot.sandbox.mail.mailbox import Mailbox

HOST = "127.0.0.1"
LARGEST = 10 * 1024 * 1024
IDLE = 60.0
_PATH = re.compile(r"(?:FROM|TO):\s*<([^<>\s]*@[^<>\s@]+\.[^<>\s@]+|)>(?: [!-~]+)*", re.IGNORECASE)
_MISPLACED = "503 Bad sequence of commands"


class Hung(Exception):
    """The line is cut on purpose."""


async def listen(mailbox: Mailbox, faults: Faults) -> asyncio.Server:
    """Take letters on any free port of this machine, which the mailbox then names."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _Conversation(mailbox, faults, reader, writer).run()
        except (Hung, OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    server = await asyncio.start_server(answer, HOST, 0, limit=LARGEST)
    mailbox.port = server.sockets[0].getsockname()[1]
    return server


class _Conversation:
    """One connection (RFC 5321)."""

    def __init__(
        self, mailbox: Mailbox, faults: Faults, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._mailbox, self._faults, self._reader, self._writer = mailbox, faults, reader, writer
        self._sender: str | None = None
        self._to: list[str] = []
        self._greeted = False
        self._commands: dict[str, Callable[[str], Coroutine[object, object, str]]] = {
            "EHLO": self._hello,
            "HELO": self._hello,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._reset,
            "NOOP": self._noop,
        }

    async def run(self) -> None:
        await self._say("220 sandbox.example ESMTP")
        while line := await asyncio.wait_for(self._reader.readline(), IDLE):
            verb, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            if verb.upper() == "QUIT":
                await self._say("221 Bye")
                return
            await self._say(await self._answer(verb.upper(), rest))

    async def _answer(self, verb: str, rest: str) -> str:
        command = self._commands.get(verb)
        if command is None:
            return "502 Command not implemented"
        fault = self._faults.take(Service.MAIL, verb)
        if fault is None:
            return await command(rest)
        return await self._failed(fault, command, rest)

    async def _failed(self, fault: Fault, command: Callable[[str], Coroutine[object, object, str]], rest: str) -> str:
        match fault.kind:
            case Kind.ERROR:
                return f"{fault.status} Refused on purpose"
            case Kind.SLOW:
                await asyncio.sleep(fault.seconds)
                return await command(rest)
            case Kind.RESET_BEFORE | Kind.TIMEOUT_BEFORE:
                raise Hung
            case _:
                await command(rest)
                raise Hung

    async def _hello(self, rest: str) -> str:
        if not rest:
            return "501 Syntax: EHLO hostname"
        self._greeted = True
        await self._reset("")
        return f"250-sandbox.example greets {rest}\r\n250-8BITMIME\r\n250 SIZE {LARGEST}"

    async def _mail(self, rest: str) -> str:
        if not self._greeted or self._sender is not None:
            return _MISPLACED
        found = _PATH.fullmatch(rest)
        if found is None or not rest.upper().startswith("FROM:"):
            return "501 Syntax: MAIL FROM:<address>"
        self._sender = found[1]
        return "250 OK"

    async def _rcpt(self, rest: str) -> str:
        if self._sender is None:
            return _MISPLACED
        found = _PATH.fullmatch(rest)
        if found is None or not found[1] or not rest.upper().startswith("TO:"):
            return "501 Syntax: RCPT TO:<address>"
        self._to.append(found[1])
        return "250 OK"

    async def _data(self, _: str) -> str:
        if not self._to or self._sender is None:
            return _MISPLACED
        await self._say("354 End data with <CR><LF>.<CR><LF>")
        lines: list[bytes] = []
        size = 0
        while (line := await asyncio.wait_for(self._reader.readline(), IDLE)) != b".\r\n":
            size += len(line)
            if not line.endswith(b"\r\n") or size > LARGEST:
                raise Hung
            lines.append(line.removeprefix(b"."))
        for to in self._to:
            self._mailbox.take(self._sender, to, b"".join(lines))
        await self._reset("")
        return "250 OK"

    async def _reset(self, _: str) -> str:
        self._sender, self._to = None, []
        return "250 OK"

    async def _noop(self, _: str) -> str:
        return "250 OK"

    async def _say(self, line: str) -> None:
        self._writer.write(f"{line}\r\n".encode())
        await self._writer.drain()
