"""Makes a letter out of words, pictures and files, in the form that mail servers and mail programs understand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol

from bot.domain.errors import GuichetError
from bot.mail.headers import POST

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
LONGEST_LINE = 200
"""Signs of a subject or a name."""


class BadAddress(GuichetError):
    """Nothing can be sent to such an address."""


@dataclass(frozen=True)
class Picture:
    """Shown inside the letter, where its HTML names `cid:` and this name."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class CalendarFile:
    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Letter:
    """What is to be read; text and HTML say the same."""

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    pictures: Sequence[Picture] = ()
    files: Sequence[CalendarFile] = ()


class Carrier(Protocol):
    """The way to the readers."""

    async def send(self, letter: Letter, name: str, now: datetime) -> None:
        """Give a letter away; `name` is the same for each try of it.

        Raises Undeliverable, `bot.mail.post.Ambiguous` or another Unsure.
        """
        ...


@dataclass(frozen=True)
class Sender:
    """Whom letters come from: the shop's name and address, and where answers go."""

    name: str
    address: str
    reply_to: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def message(letter: Letter, sender: Sender, name: str, now: datetime) -> EmailMessage:
    """The whole message. `name` is what makes its Message-ID: the same for each try. Raises BadAddress."""
    whole = EmailMessage(policy=POST)
    whole["From"] = Address(one_line(sender.name), addr_spec=sender.address)
    whole["To"] = Address(addr_spec=address(letter.to))
    if sender.reply_to:
        whole["Reply-To"] = Address(addr_spec=sender.reply_to)
    whole["Subject"] = one_line(letter.subject)
    whole["Date"] = format_datetime(now)
    whole["Message-ID"] = f"<{name}@{sender.domain}>"
    # Machines that answer letters while people are away need not answer this one.
    whole["Auto-Submitted"] = "auto-generated"
    whole.set_content(letter.text, cte="base64")
    _add_html(whole, letter)
    for file in letter.files:
        _attach(whole, file)
    return whole


def address(written: str) -> str:
    """An address as servers take it, in plain letters; raises BadAddress for anything that is not one."""
    local, at, domain = written.strip().rpartition("@")
    try:
        spec = f"{local}{at}{domain.encode('idna').decode()}"
        found = Address(addr_spec=spec)
    except (ValueError, MessageError, IndexError) as error:
        raise BadAddress from error
    if not found.username or not found.domain or not spec.isascii() or _CONTROL.search(spec) or " " in spec:
        raise BadAddress
    return found.addr_spec


def one_line(text: str) -> str:
    """A text for a header: what could begin another header is taken out."""
    return " ".join(_CONTROL.sub(" ", text).encode(errors="ignore").decode().split())[:LONGEST_LINE]


def _add_html(whole: EmailMessage, letter: Letter) -> None:
    whole.add_alternative(letter.html, subtype="html", cte="base64")
    page = whole.get_body(("html",))
    for picture in letter.pictures:
        if isinstance(page, EmailMessage):
            page.add_related(picture.content, "image", "png", cid=f"<{picture.name}>", filename=f"{picture.name}.png")


def _attach(whole: EmailMessage, file: CalendarFile) -> None:
    """As a calendar's publication, so that a mail program offers to take it over."""
    whole.add_attachment(
        file.content.decode(),
        subtype="calendar",
        cte="base64",
        filename=file.name,
        params={"method": "PUBLISH"},
    )
