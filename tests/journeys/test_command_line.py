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
        if words[0] == "run":  # wants signals, which only a process of its own gets
            return await outcome(self.folder, *line, environ=environ)
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
        ({"GUICHET_MAIL__PORT": "9"}, "Are mail.host, port, security, username and password right?"),
        ({}, f"Add the endpoint {PUBLIC_URL}/stripe/webhook"),
    ],
)
async def test_check_says_what_to_do_about_what_is_missing(desk: Desk, environ: dict[str, str], advice: str) -> None:
    code, output, _ = await desk.types("check", **environ)
    assert code == UNAVAILABLE
    assert advice in output
    assert not [secret for secret in environ.values() if len(secret) > 5 and secret in output]


async def test_check_says_how_to_fill_an_empty_shop(desk: Desk) -> None:
    empty = sqlite_url(desk.folder / "empty.db")
    code, output, _ = await desk.types("check", GUICHET_STORAGE__URL=empty)
    assert code == UNAVAILABLE
    assert "catalogue import FILE" in output


async def test_check_warns_of_a_database_that_others_can_read(desk: Desk) -> None:
    desk.sandbox.world.register_webhook(PUBLIC_URL)
    file = desk.folder / "open.db"
    environ = {"GUICHET_STORAGE__URL": sqlite_url(file)}
    assert (await desk.types("migrate", **environ))[0] == 0
    assert "chmod" not in (await desk.types("check", **environ))[1]
    file.chmod(0o640)
    assert f"chmod 600 {file}" in (await desk.types("check", **environ))[1]


@pytest.mark.fault(35)
@pytest.mark.parametrize("command", ["run", "check", "migrate"])
async def test_a_damaged_database_ends_in_one_line_with_the_way_out(desk: Desk, command: str) -> None:
    file = desk.folder / "damaged.db"
    file.write_text("this is no database" * 100)
    code, output, errors = await desk.types(command, GUICHET_STORAGE__URL=sqlite_url(file))
    assert code == (UNAVAILABLE if command == "check" else DATA_MISTAKE)
    (said,) = [line for line in (output + errors).splitlines() if "damaged" in line]
    assert str(file) in said
    assert "python bot.py restore FILE" in said
    assert file.read_text() == "this is no database" * 100


@pytest.mark.parametrize("command", ["run", "check", "migrate"])
async def test_a_database_in_a_folder_that_is_not_there_ends_in_a_sentence(desk: Desk, command: str) -> None:
    file = desk.folder / "missing" / "guichet.db"
    code, output, errors = await desk.types(command, GUICHET_STORAGE__URL=sqlite_url(file))
    assert code == UNAVAILABLE
    assert f"a folder that is not there: {file.parent}" in output + errors


async def test_a_shop_is_copied_lost_and_put_back(desk: Desk, tmp_path: Path) -> None:
    file, copy = desk.folder / "shop.db", desk.folder / "copy.db"
    environ = {"GUICHET_STORAGE__URL": sqlite_url(file)}
    assert (await desk.types("catalogue", "import", str(DEMO), "--yes", **environ))[0] == 0
    assert (await desk.types("backup", str(copy), **environ))[0] == 0
    code, _, errors = await desk.types("backup", str(copy), **environ)
    assert (code, "--force" in errors) == (UNAVAILABLE, True)
    assert (await desk.types("backup", str(copy), "--force", **environ))[0] == 0
    file.unlink()
    assert (await desk.types("migrate", **environ))[0] == 0
    code, output, _ = await desk.types("restore", str(copy), **environ)
    assert (code, "shop.db.replaced-" in output) == (0, True)
    code, output, _ = await desk.types("catalogue", "import", str(DEMO), "--yes", **environ)
    assert (code, output.strip()) == (0, "Nothing would change.")


async def test_a_file_that_is_no_backup_is_not_restored(desk: Desk) -> None:
    bad = desk.folder / "bad.db"
    bad.write_text("no backup")
    code, _, errors = await desk.types("restore", str(bad))
    assert (code, str(bad) in errors) == (DATA_MISTAKE, True)


@pytest.mark.fault(45)
@pytest.mark.parametrize(("command", "program"), [("backup", "pg_dump"), ("restore", "pg_restore")])
async def test_for_a_server_the_servers_own_program_is_named_without_the_password(
    desk: Desk, command: str, program: str
) -> None:
    url = "postgresql+psycopg://guichet:a-password@db.example/shop"
    code, output, errors = await desk.types(command, "monday.dump", GUICHET_STORAGE__URL=url)
    assert code == UNAVAILABLE
    assert f"{program} " in errors
    assert "postgresql://guichet@db.example/shop" in errors
    assert "a-password" not in output + errors


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
