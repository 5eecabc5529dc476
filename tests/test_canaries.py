"""A secret that is written down anywhere makes its test fail, and what the program writes holds none."""

import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog

from bot.config import load
from bot.logs import set_up
from tests import canaries
from tests.canaries import (
    BOT_TOKEN,
    DATABASE_PASSWORD,
    MAIL_PASSWORD,
    MARK,
    STRIPE_KEY,
    TELEGRAM_SECRET,
    WEBHOOK_SECRET,
)

pytestmark = pytest.mark.fault(45)
SECRETS = (BOT_TOKEN, STRIPE_KEY, WEBHOOK_SECRET, TELEGRAM_SECRET, DATABASE_PASSWORD, MAIL_PASSWORD)
SETTINGS = f"""
[shop]
name = "Lac"
currency = "EUR"
timezone = "Europe/Paris"
support = "@lac"
[telegram]
token = "{BOT_TOKEN}"
mode = "webhook"
webhook_secret = "{TELEGRAM_SECRET}"
[stripe]
secret_key = "{STRIPE_KEY}"
webhook_secrets = ["{WEBHOOK_SECRET}"]
[web]
public_url = "https://lac.example"
[storage]
url = "postgresql+psycopg://lac:{DATABASE_PASSWORD}@127.0.0.1/lac"
[mail]
host = "mail.lac.example"
username = "lac"
password = "{MAIL_PASSWORD}"
sender = "tickets@lac.example"
[staff]
owners = [41]
"""
LOGGERS = (
    "httpx",
    "httpcore.http11",
    "aiohttp.client",
    "telegram.ext.Application",
    "stripe",
    "sqlalchemy.engine",
    "x.y",
)


@contextmanager
def shop_log() -> Iterator[io.StringIO]:
    """What the log of a running shop says; pytest's own handlers, which hide nothing, are away meanwhile."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "aiohttp.access", *LOGGERS)}
    root.handlers = []
    set_up(stream, secrets=SECRETS)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def fail(secret: str) -> None:
    raise ConnectionError(f"no route to {secret}") from ValueError(secret)


@pytest.mark.parametrize("name", LOGGERS)
@pytest.mark.parametrize("secret", SECRETS, ids=["token", "key", "signing", "telegram", "database", "mail"])
def test_whatever_a_library_logs_holds_no_secret(name: str, secret: str) -> None:
    with shop_log() as lines:
        log = logging.getLogger(name)
        log.error('HTTP Request: POST https://api.telegram.org/bot%s/getMe "HTTP/1.1 200 OK"', secret)
        log.error("connecting", extra={"secret": secret}, stack_info=True)
        log.error({"Authorization": f"Bearer {secret}", "nested": [secret.encode()]})
        try:
            fail(secret)
        except ConnectionError as error:
            log.exception("failed", exc_info=error)
            structlog.get_logger(name).exception("failed", error=error, key=secret)
        assert len(lines.getvalue().splitlines()) == 5
        assert MARK not in lines.getvalue()


def test_the_settings_show_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(SETTINGS, encoding="utf-8")
    settings = load(file, {})
    shown = [
        repr(settings),
        str(settings),
        settings.model_dump_json(),
        repr(settings.model_dump()),
        f"{settings.stripe}",
    ]
    assert MARK not in "".join(shown)


def test_the_marks_are_found_in_text_and_in_files(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "config.toml").write_text(STRIPE_KEY)
    assert list(canaries.leaks(tmp_path)) == []
    written = tmp_path / "deep" / "shop.log"
    written.write_bytes(b"\xff" + STRIPE_KEY.encode())
    assert list(canaries.leaks(tmp_path)) == [f"{MARK} in shop.log"]
    written.unlink()
    assert [canaries.seen_in(text) for text in ("innocent", f"x{WEBHOOK_SECRET}y")] == [None, MARK]


LEAKING = """
import logging, sys
from pathlib import Path
import pytest
from tests.canaries import STRIPE_KEY

def test_prints() -> None:
    print(STRIPE_KEY)

def test_complains() -> None:
    sys.stderr.write(STRIPE_KEY)

def test_logs() -> None:
    logging.getLogger("x").warning("key %s", STRIPE_KEY)

def test_writes(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(STRIPE_KEY)

def test_is_silent(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(STRIPE_KEY)
"""


def test_a_test_that_writes_a_secret_down_fails(tmp_path: Path) -> None:
    """Played by a pytest of its own, with the hooks that all tests have."""
    here = Path(__file__).parent
    file = tmp_path / "test_leaking.py"
    file.write_text(LEAKING, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "tests.conftest",
        "--rootdir",
        str(here.parent),
        str(file),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=here.parent, check=False)  # noqa: S603 - our own words
    assert "4 failed, 1 passed" in done.stdout
