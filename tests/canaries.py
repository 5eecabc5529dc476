"""The secrets of the tests: each bears a mark that must never be seen again, wherever the program writes."""

from collections.abc import Iterator
from pathlib import Path

from bot.sandbox.world import Secrets

MARK = "CaNaRy"
BOT_TOKEN = f"123456789:AA{MARK}Token{MARK}Token{MARK}Token"
STRIPE_KEY = f"sk_test_{MARK}Key"
WEBHOOK_SECRET, OLD_WEBHOOK_SECRET = f"whsec_{MARK}New", f"whsec_{MARK}Old"
TELEGRAM_SECRET = f"{MARK}-open-sesame"
DATABASE_PASSWORD = f"{MARK}-password"
MAIL_PASSWORD = f"{MARK}-mail-password"
# What the sandbox hands out is made up as well, and is told from everything else.
SANDBOX = Secrets()
MARKS = (MARK, SANDBOX.bot_token.partition(":")[2], SANDBOX.stripe_key, SANDBOX.webhook_secret)
ALLOWED = frozenset({"config.toml"})
"""Files in which secrets may stand: whoever wrote them there knew it."""


def seen_in(text: str) -> str | None:
    """The mark of a secret that stands in a text."""
    return next((mark for mark in MARKS if mark in text), None)


def leaks(folder: Path) -> Iterator[str]:
    """The files below a folder that hold a secret: logs, exports, copies, the database with its attention list."""
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in ALLOWED:
            content = path.read_bytes()
            yield from (f"{mark} in {path.name}" for mark in MARKS if mark.encode() in content)
