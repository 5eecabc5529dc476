"""The command line: what an operator types, and what the program answers."""

import asyncio
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.console import Console

from bot import app as shop
from bot import checking, importing, safekeeping
from bot.config import Settings, SettingsMistakes, cautions, load
from bot.domain.catalogue_entries import CatalogueMistakes
from bot.domain.errors import GuichetError
from bot.logs import set_up
from bot.sandbox.server import Served, serve
from bot.sandbox.world import World
from storage.backup import BadBackup
from storage.integrity import DamagedFile

CONFIG_MISTAKE, UNAVAILABLE, DATA_MISTAKE = 78, 69, 65
"""Exit codes of sysexits(3)."""
DEMO = Path(__file__).parent / "sandbox" / "demo" / "catalogue.toml"
DEMO_SHOP = """[shop]
name = "Lac & Sentiers"
currency = "EUR"
timezone = "Europe/Paris"
languages = ["en", "fr"]
support = "bonjour@lac-et-sentiers.example"
"""
HOST = "127.0.0.1"

cli = typer.Typer(
    help="A ticket window in Telegram.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
catalogue = typer.Typer(help="The shop's catalogue as a file.", no_args_is_help=True)
cli.add_typer(catalogue, name="catalogue")
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
log = structlog.get_logger()

Config = Annotated[Path, typer.Option("--config", help="The settings.")]
CONFIG = Path("config.toml")


@cli.command()
def run(config: Config = CONFIG) -> None:
    """Keep the shop open until it is told to stop."""
    settings = _settings(config)
    _run(lambda: _until_signal(settings))


@cli.command()
def check(config: Config = CONFIG) -> None:
    """Look whether everything is ready, and say what to do about what is not."""
    settings = _settings(config)
    results = asyncio.run(checking.check(settings))
    for result in results:
        mark = "[red]no[/red]" if not result.fine else "[yellow]ok[/yellow]" if result.advice else "[green]ok[/green]"
        out.print(f"{mark}  {result.what}" + (f"\n    {result.advice}" if result.advice else ""))
    raise typer.Exit(0 if all(result.fine for result in results) else UNAVAILABLE)


@cli.command()
def migrate(config: Config = CONFIG) -> None:
    """Bring the database to the shape that this version needs; `run` does it by itself."""
    settings = _settings(config)
    _run(lambda: importing.migrate(settings))
    out.print("The database is up to date.")


@cli.command()
def backup(
    file: Path,
    config: Config = CONFIG,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace a file of this name.")] = False,
) -> None:
    """Copy the database into a file, also while the shop runs."""
    settings = _settings(config)
    with _told():
        safekeeping.back_up(settings, file, force=force)
    out.print(f"The database is copied to {file}, and the copy is sound.", markup=False, highlight=False)


@cli.command()
def restore(file: Path, config: Config = CONFIG) -> None:
    """Put a backup in the place of the database; the shop must not be running."""
    settings = _settings(config)
    with _told():
        kept = safekeeping.restore(settings, file)
    out.print(f"{file} is the shop's database from now on.", markup=False, highlight=False)
    if kept is not None:
        out.print(f"What was there before is kept as {kept}", markup=False, highlight=False)


@catalogue.command("import")
def import_(
    file: Path,
    config: Config = CONFIG,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Show what a catalogue file would change, and change it.

    The shop must not be running; into a running one an owner sends the file in the chat.
    """
    settings = _settings(config)
    _run(lambda: importing.take(settings, file, _confirmed(yes=yes)))


@catalogue.command("export")
def export(file: Path, config: Config = CONFIG) -> None:
    """Write the catalogue into a file, with its pictures beside it."""
    settings = _settings(config)
    _run(lambda: importing.give(settings, file))


@cli.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Where the chat page is.")] = 8800,
    *,
    no_bot: Annotated[bool, typer.Option("--no-bot", help="The world alone; print the settings to join it.")] = False,
) -> None:
    """Open the demo shop in a simulated Telegram and Stripe: no account, no money."""
    _run(lambda: _sandbox(port, with_bot=not no_bot))


def main() -> None:
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # python-telegram-bot: durations as timedelta, as in its next version
    cli()


def _settings(config: Path) -> Settings:
    """The settings, or every mistake in them and exit code 78."""
    try:
        settings = load(config, os.environ)
    except SettingsMistakes as mistakes:
        for mistake in mistakes.mistakes:
            err.print(str(mistake), markup=False, highlight=False)
        raise typer.Exit(CONFIG_MISTAKE) from None
    set_up(sys.stderr, secrets=settings.secrets())
    for caution in cautions(config):
        log.warning("settings.caution", text=caution)
    return settings


def _run(work: Callable[[], Coroutine[object, object, None]]) -> None:
    with _told(), asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(work())


@contextmanager
def _told() -> Iterator[None]:
    """What was foreseen ends in a sentence and an exit code, not in a traceback."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except CatalogueMistakes as mistakes:
        for mistake in mistakes.mistakes:
            err.print(str(mistake), markup=False, highlight=False)
        raise typer.Exit(DATA_MISTAKE) from None
    except (DamagedFile, BadBackup) as bad:
        err.print(str(bad), markup=False, highlight=False)
        raise typer.Exit(DATA_MISTAKE) from None
    except (GuichetError, OSError) as error:
        err.print(str(error) or type(error).__name__, markup=False, highlight=False)
        raise typer.Exit(UNAVAILABLE) from None


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster loop where there is one."""
    try:
        import uvloop  # noqa: PLC0415 - not on every platform
    except ImportError:
        return None
    return uvloop.new_event_loop


def _confirmed(*, yes: bool) -> Callable[[Sequence[str]], bool]:
    def confirmed(changes: Sequence[str]) -> bool:
        for change in changes:
            out.print(change, markup=False, highlight=False)
        if not changes:
            out.print("Nothing would change.")
            return False
        return yes or typer.confirm(f"Make these {len(changes)} changes?")

    return confirmed


async def _until_signal(settings: Settings) -> None:
    await shop.run(settings, _stop_signal())


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _sandbox(port: int, *, with_bot: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="guichet-") as folder:
        served = await serve(World(), port)
        try:
            config = _joining(served, Path(folder))
            if with_bot:
                await _demo(served, config)
            else:
                out.print(config.read_text(encoding="utf-8"), markup=False, highlight=False)
                await _told_to_stop()
        finally:
            await served.close()


def _joining(served: Served, folder: Path) -> Path:
    """The settings with which a shop joins this world."""
    web_port, admin_port = _free_ports(served)
    web_url = f"http://{HOST}:{web_port}"
    served.world.register_webhook(web_url)
    config = folder / "config.toml"
    config.write_text(
        f'# {config}\n{DEMO_SHOP}\n[storage]\nurl = "sqlite+aiosqlite:///{folder / "guichet.db"}"\n\n'
        + served.world.settings(served.url, web_url, admin_port),
        encoding="utf-8",
    )
    config.chmod(0o600)
    return config


async def _demo(served: Served, config: Path) -> None:
    settings = _settings(config)
    await importing.take(settings, DEMO, lambda _: True)
    out.print(f"\n  The shop is open at [bold]{served.url}[/bold]\n  Sandbox, no real money. Stop it with Ctrl+C.\n")
    await _until_signal(settings)


def _free_ports(served: Served) -> tuple[int, int]:
    """Two ports for the shop's own web servers: those after the sandbox's, or any that are free."""
    first = int(served.url.rpartition(":")[2]) + 1
    return _free_port(first), _free_port(first + 1)


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no port is free")


async def _told_to_stop() -> None:
    stop = _stop_signal()
    await stop.wait()
