"""Looks whether a shop is ready to open, and says what to do about what is not."""

from collections.abc import Iterable
from dataclasses import dataclass

import aiohttp

from bot.app import opened_database, opened_post, whoami
from bot.clock import SystemClock
from bot.config import Settings, others_can_read
from bot.domain.errors import GuichetError
from bot.mail.post import NoMailServer
from bot.payments.events import HANDLED
from bot.payments.failures import Refused, StripeFailure
from bot.payments.gateway import Gateway, client
from bot.payments.objects import Json, text
from bot.services.browsing import Browsing
from storage.instance import database_file

WEBHOOK_PATH = "/stripe/webhook"


@dataclass(frozen=True)
class Result:
    """`advice` says what to do; empty when there is nothing. What is fine and yet has advice is unwise."""

    what: str
    fine: bool
    advice: str = ""


async def check(settings: Settings) -> list[Result]:
    """Everything that `run` needs, in the order in which to mend it."""
    async with aiohttp.ClientSession() as session:
        gateway = Gateway(client(session, settings.stripe.secret_key.get_secret_value(), settings.stripe.api_url))
        return [
            Result("Settings", fine=True),
            *await _database(settings),
            await _telegram(settings),
            *await _stripe(gateway, settings),
            *await _mail(settings),
        ]


async def _database(settings: Settings) -> list[Result]:
    try:
        async with opened_database(settings) as database:
            home = await Browsing(database, SystemClock(), settings.shop.currency).home()
    except GuichetError as error:
        if type(error).__name__ == "Gone":
            return [_stored(settings), _no_catalogue()]
        return [Result("Database", fine=False, advice=str(error))]
    return [_stored(settings), Result("Catalogue", fine=True) if home.categories else _no_catalogue()]


def _stored(settings: Settings) -> Result:
    file = database_file(settings.storage.url.get_secret_value())
    if file is None or not others_can_read(file):
        return Result("Database", fine=True)
    advice = f"{file} holds names and payments, and others on this machine can read it: chmod 600 {file}"
    return Result("Database", fine=True, advice=advice)


def _no_catalogue() -> Result:
    advice = "Nothing is on offer yet: python bot.py catalogue import FILE, or send the file to the bot as an owner."
    return Result("Catalogue", fine=False, advice=advice)


async def _telegram(settings: Settings) -> Result:
    found = await whoami(settings)
    if found.username is not None:
        return Result(f"Telegram: @{found.username}", fine=True)
    return Result("Telegram", fine=False, advice=found.why)


async def _stripe(gateway: Gateway, settings: Settings) -> list[Result]:
    try:
        await gateway.account()
        endpoints = await gateway.webhook_endpoints()
    except StripeFailure as error:
        if isinstance(error, Refused) or "PermissionError" in str(error):
            advice = "Is stripe.secret_key complete, and may it read the account and webhook endpoints?"
        else:
            advice = "Is stripe.secret_key right, and is this machine online?"
        return [Result(f"Stripe: {error}", fine=False, advice=advice)]
    url = settings.web.public_url.rstrip("/") + WEBHOOK_PATH
    return [Result("Stripe", fine=True), _webhook(url, endpoints)]


async def _mail(settings: Settings) -> list[Result]:
    """Nothing about it where none is wanted."""
    post = opened_post(settings)
    if post is None:
        return []
    try:
        await post.check()
    except NoMailServer as error:
        advice = f"{settings.mail.host}: {error}. Are mail.host, port, security, username and password right?"
        return [Result("Mail", fine=False, advice=advice)]
    return [Result("Mail", fine=True)]


def _webhook(url: str, endpoints: Iterable[Json]) -> Result:
    mine = [endpoint for endpoint in endpoints if text(endpoint.get("url")) == url]
    if not mine:
        return Result("Stripe's webhook", fine=False, advice=f"Add the endpoint {url} in Stripe's dashboard.")
    if all(endpoint.get("status") != "enabled" for endpoint in mine):
        return Result("Stripe's webhook", fine=False, advice=f"Enable the endpoint {url} in Stripe's dashboard.")
    missing = sorted(set(HANDLED) - _events(mine))
    if missing:
        return Result("Stripe's webhook", fine=False, advice="Let it send these events as well: " + ", ".join(missing))
    return Result("Stripe's webhook", fine=True)


def _events(endpoints: Iterable[Json]) -> set[str]:
    found: set[str] = set()
    for endpoint in endpoints:
        listed = endpoint.get("enabled_events")
        events = [str(event) for event in listed] if isinstance(listed, list) else []
        found |= set(HANDLED) if "*" in events else set(events)
    return found
