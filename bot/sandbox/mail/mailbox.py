"""What has arrived by e-mail in the simulated world, and how it is looked at."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from bot.sandbox.pulse import Pulse

MOST = 500
"""Older letters go."""


@dataclass(frozen=True)
class Attached:
    """A file or a picture of a letter; `shown_as` is the name by which the HTML shows it."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    shown_as: str = ""


@dataclass(frozen=True)
class Mail:
    """A letter as it was taken: the envelope, and the bytes after DATA."""

    id: int
    at: datetime
    sender: str
    to: str
    raw: bytes = field(repr=False)

    @property
    def message(self) -> EmailMessage:
        found = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(found, EmailMessage)  # noqa: S101 - what this policy makes
        return found

    def header(self, name: str) -> str:
        return str(self.message.get(name, ""))

    def body(self, kind: str) -> str:
        """The text (`plain`) or the page (`html`); empty where there is none."""
        part = self.message.get_body((kind,))
        content = part.get_content() if isinstance(part, EmailMessage) else ""
        return content if isinstance(content, str) else ""

    @property
    def attached(self) -> list[Attached]:
        """Files and pictures, in their order."""
        return [_attached(part) for part in self.message.walk() if part.get_filename()]


class Mailbox:
    """Everybody's letters. `port` is where the simulated mail server listens; 0: nowhere."""

    def __init__(self, now: Callable[[], datetime], changed: Pulse) -> None:
        self._now = now
        self._changed = changed
        self._mails: list[Mail] = []
        self._count = 0
        self.port = 0

    def take(self, sender: str, to: str, raw: bytes) -> Mail:
        self._count += 1
        mail = Mail(self._count, self._now(), sender, to, raw)
        self._mails = [*self._mails, mail][-MOST:]
        self._changed.beat()
        return mail

    @property
    def mails(self) -> list[Mail]:
        """The newest first."""
        return self._mails[::-1]

    def find(self, number: int) -> Mail | None:
        return next((mail for mail in self._mails if mail.id == number), None)


def _attached(part: object) -> Attached:
    if not isinstance(part, EmailMessage):
        raise TypeError(type(part).__name__)
    content = part.get_payload(decode=True)
    return Attached(
        part.get_filename() or "",
        part.get_content_type(),
        content if isinstance(content, bytes) else b"",
        str(part.get("Content-ID", "")).strip("<> "),
    )
