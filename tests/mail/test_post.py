"""What a real mail server answers decides whether a letter is given up, tried again, or perhaps there already."""

import asyncio
import ssl
from collections.abc import Mapping
from email import message_from_bytes, policy
from typing import Literal

import pytest

from bot.domain.outbox import Undeliverable, Unsure
from bot.mail.letters import Letter, Sender
from bot.mail.post import Ambiguous, MailServer, NoMailServer, Post
from tests.clock import NOW
from tests.mail.server import HOST, PASSWORD, USER, Handler, certified, listening, trusting

SECURITY: Mapping[str, Literal["none", "starttls", "tls"]] = {"none": "none", "starttls": "starttls", "tls": "tls"}
SENDER = Sender("Lac", "tickets@lac.example")
LETTER = Letter("ada@example.org", "Hello", ".one\n..two\n\n.\nfrom ada\n", "<p>Hello</p>")


def post(port: int, *, patience: float = 2.0, trust: ssl.SSLContext | None = None, **changes: str) -> Post:
    settings = {"security": "none", "username": "", "password": "", **changes}
    return Post(
        MailServer(HOST, port, SECURITY[settings["security"]], settings["username"], settings["password"]),
        SENDER,
        patience,
        trust,
    )


async def test_a_letter_arrives_whole() -> None:
    handler = Handler()
    async with listening(handler) as port:
        await post(port).send(LETTER, "n1", NOW)
    (envelope,) = handler.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("tickets@lac.example", ["ada@example.org"])
    assert isinstance(envelope.content, bytes)
    found = message_from_bytes(envelope.content, policy=policy.default)
    body = found.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == LETTER.text.splitlines()


@pytest.mark.parametrize("where", ["recipient", "content"])
async def test_what_is_refused_for_good_is_given_up_and_the_reader_not_named(where: str) -> None:
    handler = Handler()
    setattr(handler, where, "550 5.1.1 ada@example.org is unknown here")
    async with listening(handler) as port:
        with pytest.raises(Undeliverable) as refused:
            await post(port).send(LETTER, "n1", NOW)
    assert "550" in str(refused.value)
    assert "ada" not in f"{refused.value!s}{refused.value!r}"


@pytest.mark.parametrize("where", ["recipient", "content"])
async def test_what_is_refused_for_now_is_tried_again(where: str) -> None:
    handler = Handler()
    setattr(handler, where, "451 4.7.1 try again later")
    async with listening(handler) as port:
        with pytest.raises(Unsure) as refused:
            await post(port).send(LETTER, "n1", NOW)
    assert not isinstance(refused.value, Ambiguous)


async def test_a_line_that_is_cut_after_the_whole_letter_leaves_it_open() -> None:
    handler = Handler(hang_up=True)
    async with listening(handler) as port:
        with pytest.raises(Ambiguous):
            await post(port).send(LETTER, "n1", NOW)
    assert len(handler.envelopes) == 1


async def test_no_server_and_a_silent_one_are_tried_again() -> None:
    async with listening(Handler()) as port:
        pass
    with pytest.raises(Unsure):
        await post(port).send(LETTER, "n1", NOW)

    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        gone.set()

    server = await asyncio.start_server(silent, HOST, 0)
    async with server:
        with pytest.raises(Unsure):
            await post(server.sockets[0].getsockname()[1], patience=0.1).send(LETTER, "n1", NOW)
        await gone.wait()


async def test_an_address_that_is_none_is_given_up_without_asking() -> None:
    with pytest.raises(Undeliverable, match="no such address"):
        await post(9).send(Letter("ada@example.org\nRCPT TO:<eve@x.org>", "Hello", "a", "a"), "n1", NOW)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_protection_is_demanded_and_never_only_tried(security: str) -> None:
    """A server without it gets neither the letter nor the password."""
    handler = Handler()
    async with listening(handler, login=True) as port:
        mine = post(port, patience=0.5, security=security, username=USER, password=PASSWORD)
        with pytest.raises(Unsure):
            await mine.send(LETTER, "n1", NOW)
        with pytest.raises(NoMailServer):
            await mine.check()
    assert handler.envelopes == []


async def test_a_password_is_given_and_a_wrong_one_gives_no_letter_up() -> None:
    handler = Handler()
    async with listening(handler, login=True) as port:
        await post(port, username=USER, password=PASSWORD).send(LETTER, "n1", NOW)
        await post(port, username=USER, password=PASSWORD).check()
        with pytest.raises(Unsure) as refused:
            await post(port, username=USER, password="canary-wrong").send(LETTER, "n1", NOW)
        with pytest.raises(NoMailServer, match="535") as wrong:
            await post(port, username=USER, password="canary-wrong").check()
    assert len(handler.envelopes) == 1
    assert not isinstance(refused.value, Undeliverable)
    assert "canary" not in f"{refused.value!s}{wrong.value!s}{wrong.value!r}"


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_letters_and_passwords_go_over_a_protected_line(security: str) -> None:
    handler = Handler()
    async with listening(handler, tls=certified(), wrapped=security == "tls", login=True) as port:
        mine = post(port, security=security, username=USER, password=PASSWORD, trust=trusting())
        await mine.check()
        await mine.send(LETTER, "n1", NOW)
    assert len(handler.envelopes) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_server_that_nobody_knows_is_not_trusted(security: str) -> None:
    handler = Handler()
    async with listening(handler, tls=certified(), wrapped=security == "tls") as port:
        mine = post(port, security=security)
        with pytest.raises(NoMailServer):
            await mine.check()
        with pytest.raises(Unsure):
            await mine.send(LETTER, "n1", NOW)
    assert handler.envelopes == []
