"""Hands letters to a mail server, and says what a failure means for the letter."""

import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import aiosmtplib
from aiosmtplib import (
    SMTPConnectError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from bot.domain.errors import GuichetError
from bot.domain.outbox import Undeliverable, Unsure
from bot.mail.letters import BadAddress, Letter, Sender, message

TIMEOUT = 20.0
REFUSED, PERMANENT = 400, 500


class Ambiguous(Unsure):
    """The whole letter was given away and no answer came: it may have arrived."""


class NoMailServer(GuichetError):
    """The server cannot be used as it is set; the text says why."""


@dataclass(frozen=True)
class MailServer:
    """`security`: "starttls" and "tls" are demanded, never only tried; "none" is for this machine."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    username: str = ""
    password: str = field(default="", repr=False)


class Post:
    """One connection per letter. `trust` says whose certificates count; those that this machine trusts, if left out."""

    def __init__(
        self, server: MailServer, sender: Sender, timeout: float = TIMEOUT, trust: ssl.SSLContext | None = None
    ) -> None:
        self._server = server
        self._sender = sender
        self._timeout = timeout
        self._trust = trust

    async def send(self, letter: Letter, name: str, now: datetime) -> None:
        """Give a letter away; `name` is the same for each try of it.

        Raises Undeliverable where the server refuses it for good, Ambiguous, or Unsure: then it did not get there.
        What is raised never names the reader.
        """
        try:
            whole = message(letter, self._sender, name, now)
        except BadAddress as bad:
            raise Undeliverable("no such address") from bad
        line = self._line()
        try:
            await self._connect(line)
            await self._envelope(line, str(whole["To"]))
            await self._content(line, whole.as_bytes())
            with suppress(SMTPException, OSError):
                await line.quit()
        finally:
            line.close()

    async def check(self) -> None:
        """Say hello, as if to send a letter; raises NoMailServer."""
        line = self._line()
        try:
            await line.connect()
            await line.noop()
            with suppress(SMTPException, OSError):
                await line.quit()
        except (SMTPException, OSError, ValueError) as error:
            raise NoMailServer(_why(error)) from error
        finally:
            line.close()

    def _line(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username or None,
            password=server.password or None,
            local_hostname=self._sender.domain,
            timeout=self._timeout,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=self._trust,
        )

    async def _connect(self, line: aiosmtplib.SMTP) -> None:
        """Whatever fails here says nothing of the letter: a password may be mended, a server come back."""
        try:
            await line.connect()
        except (SMTPException, OSError, ValueError) as error:
            raise Unsure(f"mail server: {_what(error)}") from error

    async def _envelope(self, line: aiosmtplib.SMTP, to: str) -> None:
        try:
            await line.mail(self._sender.address)
            await line.rcpt(to)
        except (SMTPSenderRefused, SMTPRecipientRefused) as refused:
            if refused.code >= PERMANENT:
                raise Undeliverable(_what(refused)) from refused
            raise Unsure(_what(refused)) from refused
        except (SMTPException, OSError) as error:
            raise Unsure(_what(error)) from error

    async def _content(self, line: aiosmtplib.SMTP, content: bytes) -> None:
        try:
            await line.data(content)
        except SMTPResponseException as refused:
            if refused.code >= PERMANENT:
                raise Undeliverable(_what(refused)) from refused
            if refused.code < REFUSED:  # no answer that means anything
                raise Ambiguous(_what(refused)) from refused
            raise Unsure(_what(refused)) from refused
        except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
            raise Ambiguous(_what(error)) from error


def _what(error: Exception) -> str:
    """The sort of an error and its code; what servers say may name the reader."""
    return f"{type(error).__name__} {getattr(error, 'code', '')}".strip()


def _why(error: Exception) -> str:
    """In a sentence for the operator; the server's own words are about the account, not about a reader."""
    match error:
        case SMTPResponseException():
            return f"it answers {error.code} {error.message}"
        case SMTPConnectError() | SMTPTimeoutError() | SMTPServerDisconnected():
            return f"it does not answer as a mail server does ({type(error).__name__})"
        case _:
            return f"{type(error).__name__}: {error}"
