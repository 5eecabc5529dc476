"""What an operator types: settings that are wrong, `check` against the world, and the catalogue as a file.

The commands run within the test, in a thread, since a process of their own takes a second to begin; one test has one.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from bot.cli import CONFIG_MISTAKE, DATA_MISTAKE, UNAVAILABLE, cli
from tests.database import sqlite_url
from tests.journeys.processes import ROOT, outcome
from tests.journeys.shop import CATALOGUE, PUBLIC_URL, served_world, settings_for
from tests.sandbox.world.client import PIXEL, Sandbox

DEMO = ROOT / "bot" / "sandbox" / "demo" / "catalogue.toml"
WRONG = """
[telegram]
token = "no token"
[stripe]
secret_key = "sk_live_51NotReal000000000000"
webhook_secrets = [""]
api_url = "http://127.0.0.1:9/stripe"
[staff]
owners = ["@noe"]
[shop]
name = "Shop"
currency = "XYZ"
timezone = "Mars/Olympus"
support = "help@example.org"
colour = "red"
[web]
public_url = "https://tickets.example.com"
"""


@dataclass(frozen=True)
class Desk:
    """A world, and the settings to join it in a folder."""

    sandbox: Sandbox
    folder: Path

    async def types(self, *words: str, **environ: str) -> tuple[int, str, str]:
        """Exit code, output and errors."""
        line = [*words, "--config", str(self.folder / "config.toml")]
        result = await asyncio.to_thread(CliRunner(env=environ).invoke, cli, line)
        return result.exit_code, result.stdout, result.stderr


@pytest.fixture(autouse=True)
def no_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program's logging would outlive the test."""
    monkeypatch.setattr("bot.cli.set_up", lambda *_, **__: None)


@pytest_asyncio.fixture
async def desk(stocked_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with served_world() as sandbox:
        settings_for(sandbox, stocked_url, tmp_path, {})
        yield Desk(sandbox, tmp_path)


@pytest.mark.fault(46)
async def test_every_mistake_in_the_settings_has_one_line_and_the_exit_code_is_78(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(WRONG, encoding="utf-8")
    code, _, errors = await outcome(tmp_path, "run", "--config", str(config))
    assert code == CONFIG_MISTAKE
    keys = [line.partition(":")[0] for line in errors.splitlines()]
    assert sorted(keys) == [
        "shop.colour",
        "shop.currency",
        "shop.timezone",
        "staff.owners",
        "stripe.api_url",
        "stripe.webhook_secrets",
        "telegram.token",
    ]
    assert "NotReal" not in errors


def test_without_settings_the_program_says_where_to_begin(tmp_path: Path) -> None:
    missing = str(tmp_path / "config.toml")
    result = CliRunner().invoke(cli, ["check", "--config", missing])
    assert result.exit_code == CONFIG_MISTAKE
    assert "copy config.example.toml" in result.stderr


async def test_check_is_content_when_everything_is_ready(desk: Desk) -> None:
    desk.sandbox.world.register_webhook(PUBLIC_URL)
    code, output, errors = await desk.types("check")
    assert (code, errors) == (0, "")
    assert "Telegram: @guichet_sandbox_bot" in output
    assert "no " not in [line[:3] for line in output.splitlines()]


@pytest.mark.parametrize(
    ("environ", "advice"),
    [
        ({"GUICHET_TELEGRAM__TOKEN": "123456789:AAwrongWrongWrongWrongWrongWrongWrong"}, "is telegram.token what"),
        ({"GUICHET_STRIPE__SECRET_KEY": "sk_test_wrongWrongWrongWrong"}, "Is stripe.secret_key"),
        ({}, f"Add the endpoint {PUBLIC_URL}/stripe/webhook"),
    ],
)
async def test_check_says_what_to_do_about_what_is_missing(desk: Desk, environ: dict[str, str], advice: str) -> None:
    code, output, _ = await desk.types("check", **environ)
    assert code == UNAVAILABLE
    assert advice in output
    assert not [secret for secret in environ.values() if secret in output]


async def test_check_says_how_to_fill_an_empty_shop(desk: Desk) -> None:
    empty = sqlite_url(desk.folder / "empty.db")
    code, output, _ = await desk.types("check", GUICHET_STORAGE__URL=empty)
    assert code == UNAVAILABLE
    assert "catalogue import FILE" in output


async def test_a_catalogue_goes_in_and_comes_out_as_it_was(desk: Desk) -> None:
    environ = {"GUICHET_STORAGE__URL": sqlite_url(desk.folder / "fresh.db")}
    out = desk.folder / "out" / "catalogue.toml"
    out.parent.mkdir()
    code, output, errors = await desk.types("catalogue", "import", str(DEMO), "--yes", **environ)
    assert (code, errors) == (0, "")
    assert "semnoz-sunrise" in output
    assert (await desk.types("catalogue", "export", str(out), **environ))[0] == 0
    code, output, _ = await desk.types("catalogue", "import", str(out), "--yes", **environ)
    assert (code, output.strip()) == (0, "Nothing would change.")


async def test_a_catalogue_with_mistakes_is_refused_line_by_line(desk: Desk) -> None:
    broken = desk.folder / "broken.toml"
    text = CATALOGUE.read_text(encoding="utf-8")
    broken.write_text(text.replace('"39.00"', '"much"').replace('"06:00"', '"6"'), encoding="utf-8")
    (desk.folder / "banner.png").write_bytes(PIXEL)
    code, output, errors = await desk.types("catalogue", "import", str(broken), "--yes")
    assert (code, output) == (DATA_MISTAKE, "")
    assert [line.partition(":")[0] for line in errors.splitlines()] == [
        "resource[0].fare[0].price",
        "resource[0].schedule[0].times",
    ]


async def test_a_catalogue_is_not_imported_without_a_yes(desk: Desk) -> None:
    changed = desk.folder / "changed.toml"
    changed.write_text(CATALOGUE.read_text(encoding="utf-8").replace('"39.00"', '"41.00"'), encoding="utf-8")
    (desk.folder / "banner.png").write_bytes(PIXEL)
    code, output, _ = await desk.types("catalogue", "import", str(changed))
    assert code != 0
    assert "sunrise" in output
    code, output, _ = await desk.types("catalogue", "import", str(changed), "--yes")
    assert code == 0
    assert "sunrise" in output
