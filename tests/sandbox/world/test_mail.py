"""The simulated mail server takes what is right, refuses what is not, and the mailbox shows it."""

import asyncio
from email.message import EmailMessage

import aiosmtplib
import pytest

from bot.sandbox.faults import Fault, Kind, Service
from tests.sandbox.world.client import Sandbox

TO = "ada@example.org"


def letter() -> EmailMessage:
    found = EmailMessage()
    found["From"], found["To"], found["Subject"] = "tickets@lac.example", TO, "Booked é"
    found.set_content(".dot\nHello\n")
    found.add_alternative("<p>Hello <img src='cid:pic' alt='p'></p><script>1</script>", subtype="html")
    page = found.get_body(("html",))
    assert isinstance(page, EmailMessage)
    page.add_related(b"\x89PNG", "image", "png", cid="<pic>", filename="pic.png")
    found.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="a.ics")
    return found


async def send(sandbox: Sandbox, found: EmailMessage | None = None) -> None:
    port = sandbox.world.mailbox.port
    await aiosmtplib.send(found or letter(), hostname="127.0.0.1", port=port, start_tls=False, timeout=5)


async def talk(sandbox: Sandbox, *lines: str) -> list[str]:
    """What the server answers, line by line, its greeting first."""
    reader, writer = await asyncio.open_connection("127.0.0.1", sandbox.world.mailbox.port)
    said = [(await reader.readline()).decode().strip()]
    for line in lines:
        writer.write(f"{line}\r\n".encode())
        answer = await reader.readline()
        while answer[3:4] == b"-":
            answer = await reader.readline()
        said.append(answer.decode().strip())
    writer.close()
    await writer.wait_closed()
    return said


async def page(sandbox: Sandbox, path: str) -> tuple[int, str]:
    async with sandbox.session.get(sandbox.served.url + path) as response:
        return response.status, await response.text(errors="replace")


async def test_a_letter_arrives_whole_and_is_shown(sandbox: Sandbox) -> None:
    await send(sandbox)
    (head,) = (await sandbox.get("mails"))["mails"]
    assert (head["to"], head["from"], head["subject"]) == (TO, "tickets@lac.example", "Booked é")
    whole = await sandbox.get(f"mails/{head['id']}")
    assert whole["text"].splitlines() == [".dot", "Hello"]
    assert [each["name"] for each in whole["files"]] == ["pic.png", "a.ics"]
    status, listed = await page(sandbox, "/mail")
    assert (status, "Booked é" in listed) == (200, True)
    status, shown = await page(sandbox, f"/mail/{head['id']}")
    assert (status, "a.ics" in shown, TO in shown) == (200, True, True)
    assert (await page(sandbox, whole["files"][1]["path"]))[1].strip() == "BEGIN:VCALENDAR"


async def test_a_letter_runs_nothing_and_shows_its_own_pictures(sandbox: Sandbox) -> None:
    await send(sandbox)
    async with sandbox.session.get(f"{sandbox.served.url}/mail/1/letter") as response:
        text, policy = await response.text(), response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "/mail/1/0" in text


@pytest.mark.parametrize("path", ["/mail/7", "/mail/7/letter", "/mail/1/9", "/mail/x"])
async def test_what_is_not_there_is_not_found(sandbox: Sandbox, path: str) -> None:
    await send(sandbox)
    assert (await page(sandbox, path))[0] == 404
    assert (await sandbox.ask("GET", "mails/7"))[0] == 404


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["MAIL FROM:<a@b.example>"], "503"),
        (["EHLO x", "RCPT TO:<a@b.example>"], "503"),
        (["EHLO x", "DATA"], "503"),
        (["EHLO x", "MAIL FROM:<a@b.example>", "DATA"], "503"),
        (["EHLO x", "MAIL FROM:<a@b.example>", "MAIL FROM:<a@b.example>"], "503"),
        (["EHLO x", "MAIL FROM:a"], "501"),
        (["EHLO x", "MAIL FROM:<a@b.example>", "RCPT TO:<a>"], "501"),
        (["EHLO x", "MAIL FROM:<a@b.example>", "RCPT TO:<>"], "501"),
        (["EHLO"], "501"),
        (["VRFY a"], "502"),
        (["NOOP"], "250"),
        (["EHLO x", "MAIL FROM:<a@b.example>", "RSET", "MAIL FROM:<a@b.example>"], "250"),
        (["QUIT"], "221"),
    ],
)
async def test_commands_have_their_order_and_form(sandbox: Sandbox, lines: list[str], code: str) -> None:
    said = await talk(sandbox, *lines)
    assert said[0].startswith("220")
    assert said[-1][:3] == code


async def test_refusals_and_lost_answers_can_be_planned(sandbox: Sandbox) -> None:
    sandbox.world.faults.plan(Fault(0, Service.MAIL, Kind.ERROR, "RCPT", status=550))
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await send(sandbox)
    sandbox.world.faults.plan(Fault(0, Service.MAIL, Kind.RESET_BEFORE, "DATA"))
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(sandbox)
    assert sandbox.world.mailbox.mails == []
    sandbox.world.faults.plan(Fault(0, Service.MAIL, Kind.RESET_AFTER, "DATA"))
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(sandbox)
    assert len(sandbox.world.mailbox.mails) == 1


async def test_the_settings_name_the_mail_server_once_it_listens(sandbox: Sandbox) -> None:
    said = sandbox.world.settings(sandbox.served.url)
    assert f'[mail]\nhost = "127.0.0.1"\nport = {sandbox.world.mailbox.port}\n' in said
