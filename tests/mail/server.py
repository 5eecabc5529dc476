"""A real mail server (aiosmtpd) in the test's own loop, with the mishaps that a test asks for."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.canaries import MAIL_PASSWORD

HOST = "127.0.0.1"
CERTIFICATE = Path(__file__).with_name("certificate.pem")
"""Signed by itself for HOST, with its key, until the year 2126: it proves nothing to anybody."""
USER, PASSWORD = "lac", MAIL_PASSWORD


@dataclass
class Handler:
    """Keeps what is sent. `recipient` and `content` are answers; `hang_up`: the line is cut after the whole letter."""

    recipient: str = "250 OK"
    content: str = "250 OK"
    hang_up: bool = False
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.content.startswith("250"):
            self.envelopes.append(envelope)
        if self.hang_up and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return self.content


def certified() -> ssl.SSLContext:
    """What a server needs for TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


def trusting() -> ssl.SSLContext:
    """What a client needs that knows this server."""
    return ssl.create_default_context(cafile=CERTIFICATE)


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    right = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == right, handled=False)


@asynccontextmanager
async def listening(
    handler: Handler, *, tls: ssl.SSLContext | None = None, wrapped: bool = False, login: bool = False
) -> AsyncIterator[int]:
    """The port of a server; `tls` is offered by STARTTLS, or `wrapped` around all of it."""
    opened: list[SMTP] = []

    def conversation() -> SMTP:
        opened.append(_server())
        return opened[-1]

    def _server() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of passwords in the clear, which do not leave this machine
            return SMTP(
                handler,
                hostname="mail.test",
                tls_context=None if wrapped else tls,
                require_starttls=tls is not None and not wrapped,
                auth_required=login,
                auth_require_tls=False,
                authenticator=authenticate if login else None,
                loop=asyncio.get_running_loop(),
            )

    server = await asyncio.get_running_loop().create_server(conversation, HOST, 0, ssl=tls if wrapped else None)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for each in opened:
            if each.transport is not None:
                each.transport.close()
        await asyncio.sleep(0.01)
