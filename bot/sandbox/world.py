"""The simulated outside world in one object: the clock, the faults, Telegram, Stripe and the people."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from bot.sandbox.clock import WorldClock
from bot.sandbox.faults import Faults
from bot.sandbox.mail.mailbox import Mailbox
from bot.sandbox.pulse import Pulse
from bot.sandbox.stripe.model import Stripe
from bot.sandbox.telegram.model import Telegram

WEB_URL = "http://127.0.0.1:8801"
ADMIN_PORT = 8802
WEBHOOK_PATH = "/stripe/webhook"
DEMO_CODE = ("LAC10", 10)
"""A promotion code, and how many percent it takes off."""
TEAM_CHAT = -1000000000001
TEAM_TITLE = "Team"
BOT_NAME = "Guichet"


@dataclass(frozen=True)
class Person:
    """Somebody with a phone. Staff also see the team's group, and have started the bot when they set it up."""

    id: int
    name: str
    language: str
    role: Literal["customer", "staff"] = "customer"


@dataclass(frozen=True)
class Secrets:
    """What the simulated services give to the application. Made up: they open nothing anywhere."""

    bot_token: str = "100000:SANDBOX-not-a-real-bot-token-00000000"  # noqa: S105 - made up, see above
    stripe_key: str = "sk_test_SANDBOX000000000000000000"
    webhook_secret: str = "whsec_SANDBOX000000000000000000"  # noqa: S105 - made up, see above


CAST = (
    Person(1001, "Alice", "en"),
    Person(1002, "Camille", "fr"),
    Person(9001, "Noé", "en", "staff"),
)


class World:
    """Everything outside the application. It stays whole whatever happens to the application.

    `alerts_chat`: the team's group unless another chat is named, such as a staff member's own.
    """

    def __init__(
        self,
        *,
        clock: WorldClock | None = None,
        secrets: Secrets | None = None,
        cast: tuple[Person, ...] = CAST,
        alerts_chat: int = TEAM_CHAT,
        seed: str = "",
    ) -> None:
        self.clock = clock or WorldClock()
        self.secrets = secrets or Secrets()
        self.faults = Faults()
        self.changed = Pulse()
        self.telegram = Telegram(self.clock.now, token=self.secrets.bot_token, name=BOT_NAME)
        self.mailbox = Mailbox(self.clock.now, self.changed)
        self.stripe = Stripe(now=self.clock.now, secret_keys=[self.secrets.stripe_key], seed=seed)
        self.stripe.make_code(*DEMO_CODE)
        self.cast, self.alerts_chat = cast, alerts_chat
        self.people: dict[int, Person] = {}
        self.blocked: set[int] = set()
        self.groups: dict[int, str] = {}
        if alerts_chat == TEAM_CHAT:
            self.add_group(TEAM_CHAT, TEAM_TITLE)
        for person in cast:
            self.add_person(person)
        self.telegram.listen(self.changed.beat)
        self.stripe.deliveries.listen(self.changed.beat)

    def add_group(self, chat_id: int, title: str) -> None:
        """A group that all staff members see."""
        self.telegram.add_group(chat_id, title)
        self.groups[chat_id] = title

    def add_person(self, person: Person) -> None:
        """A new person; raises ValueError if the id belongs to somebody."""
        if person.id in self.people:
            raise ValueError(f"user {person.id} is there already")
        self.telegram.add_user(person.id, person.name, person.language, started=person.role == "staff")
        self.people[person.id] = person

    def block(self, user_id: int) -> None:
        """The person stops the bot."""
        self.telegram.block(user_id)
        self.blocked.add(user_id)

    def unblock(self, user_id: int) -> None:
        self.telegram.unblock(user_id)
        self.blocked.discard(user_id)

    def advance(self, by: timedelta) -> datetime:
        """Move the clock; what falls due at Stripe happens, and everybody who follows the clock is told."""
        now = self.clock.advance(by)
        self.stripe.tick()
        self.changed.beat()
        return now

    def register_webhook(self, web_url: str = WEB_URL) -> None:
        """Let Stripe send its events to the application's web server; a second time changes nothing."""
        url = web_url.rstrip("/") + WEBHOOK_PATH
        if url not in {endpoint.url for endpoint in self.stripe.deliveries.endpoints()}:
            self.stripe.deliveries.register(url, self.secrets.webhook_secret)

    def settings(self, base_url: str, web_url: str = WEB_URL, admin_port: int = ADMIN_PORT) -> str:
        """The settings, as TOML, with which the application joins the world that is served at `base_url`."""
        web = urlsplit(web_url)
        owners = [person.id for person in self.cast if person.role == "staff"]
        tables: dict[str, dict[str, object]] = {
            "telegram": {
                "token": self.secrets.bot_token,
                "mode": "polling",
                "api_url": f"{base_url}/telegram",
                "chat_url": base_url,
            },
            "stripe": {
                "secret_key": self.secrets.stripe_key,
                "webhook_secrets": [self.secrets.webhook_secret],
                "api_url": f"{base_url}/stripe",
                "promotion_codes": True,
            },
            "clock": {"url": f"{base_url}/control/clock"},
            "web": {"host": web.hostname, "port": web.port, "admin_port": admin_port, "public_url": web_url},
            "staff": {"owners": owners, "alerts_chat": self.alerts_chat},
        }
        if self.mailbox.port:
            tables["mail"] = {
                "host": "127.0.0.1",
                "port": self.mailbox.port,
                "security": "none",
                "sender": "tickets@lac-et-sentiers.example",
            }
        return "\n".join(_table(name, values) for name, values in tables.items())


def _table(name: str, values: dict[str, object]) -> str:
    """Strings, whole numbers and lists of these are written in TOML as in JSON."""
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    return f"[{name}]\n{''.join(lines)}"
