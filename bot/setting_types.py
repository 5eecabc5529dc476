"""What a value in the settings must look like, and how that is said to whoever writes them."""

import re
from collections.abc import Callable
from functools import partial
from ipaddress import ip_address
from typing import Annotated, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, PlainValidator, SecretStr
from pydantic_core import PydanticCustomError

from bot.domain.catalogue_entries import CatalogueMistake
from bot.domain.file_rules import KEY, read_steps, written_steps
from bot.domain.file_tables import Table
from bot.domain.money import CURRENCIES
from bot.domain.refund_rules import Rules

T = TypeVar("T")

# Telegram's own accounts, through which many people speak: anonymous admins, channels, linked channels.
_NOBODY = frozenset({1087968824, 136817688, 777000})
_LARGEST_ID = 2**52
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def _currency(value: str) -> str:
    if value not in CURRENCIES:
        raise ValueError
    return value


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, OSError) as exc:
        raise ValueError from exc


def _user_id(value: object) -> int:
    number = int(value) if isinstance(value, str) and value.isdecimal() else value
    if not isinstance(number, int) or isinstance(number, bool) or number in _NOBODY:
        raise ValueError
    if not 0 < number < _LARGEST_ID:
        raise ValueError
    return number


def _chat_id(value: int) -> int:
    if not 0 < abs(value) < _LARGEST_ID:
        raise ValueError
    return value


def _address(value: str, allowed: Callable[[str, bool], bool]) -> str:
    parts = urlsplit(value)
    plain = value.isascii() and parts.hostname and not parts.query and not parts.fragment and parts.port != 0
    if not plain or not allowed(parts.scheme, is_loopback(parts.hostname)):
        raise ValueError
    return value.rstrip("/")


def _https_or_here(scheme: str, here: bool) -> bool:  # noqa: FBT001 - the two halves of one question
    return scheme == "https" or (scheme == "http" and here)


def _only_here(scheme: str, here: bool) -> bool:  # noqa: FBT001 - the two halves of one question
    return here and scheme in {"http", "https"}


def _mail_address(value: str) -> str:
    if value and _MAIL_ADDRESS.fullmatch(value) is None:
        raise ValueError
    return value


def _page(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError
    return value


def _listed(value: object) -> object:
    """A list from the environment is written as `1, 2` or `[1, 2]`."""
    if not isinstance(value, str):
        return value
    return [part.strip(" \"'") for part in value.strip("[] ").split(",") if part.strip()]


def _all_different(values: tuple[T, ...]) -> tuple[T, ...]:
    if len(set(values)) < len(values):
        raise ValueError
    return values


def _cancellation(value: object) -> Rules:
    """Steps as in a catalogue file; in the environment they are written as `24: 100, 2: 50`."""
    steps = _written_steps(value) if isinstance(value, str) else value
    mistakes: list[CatalogueMistake] = []
    rules = read_steps(Table({KEY: list(steps) if isinstance(steps, tuple) else steps}, "", mistakes), dated=True)
    if mistakes:
        raise PydanticCustomError("expected", "{what}", {"what": "; ".join(map(str, mistakes))})
    return rules


def _written_steps(value: str) -> list[dict[str, int]]:
    parts = [part.split(":") for part in value.strip("[] ").split(",") if part.strip()]
    try:
        return [{"hours_before": int(hours), "refund_percent": int(percent)} for hours, percent in parts]
    except ValueError:
        message = "steps of hours before the start and percent that go back, such as 24: 100, 2: 50"
        raise PydanticCustomError("expected", message) from None


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


def _shaped(shape: re.Pattern[str], value: SecretStr) -> SecretStr:
    if not shape.fullmatch(value.get_secret_value()):
        raise ValueError
    return value


def _secret(shape: str) -> AfterValidator:
    return AfterValidator(partial(_shaped, re.compile(shape)))


Currency = Annotated[
    str, AfterValidator(_currency), Field(description="a currency that Stripe charges in, as three letters: EUR")
]
Zone = Annotated[
    ZoneInfo, PlainValidator(_zone), Field(description='a time zone of the IANA list, such as "Europe/Paris"')
]
Port = Annotated[int, Field(ge=0, le=65535, description="a port from 0 to 65535 (0: any that is free)")]
UserId = Annotated[int, PlainValidator(_user_id)]
ChatId = Annotated[int, AfterValidator(_chat_id), Field(description="the number of a chat; a group's is negative")]
ServiceUrl = Annotated[
    str,
    AfterValidator(partial(_address, allowed=_https_or_here)),
    Field(description="an address that begins with https:// (http:// only on this machine)"),
]
LoopbackUrl = Annotated[
    str,
    AfterValidator(partial(_address, allowed=_only_here)),
    Field(description="empty, or an http:// address on this machine"),
]
PageUrl = Annotated[str, AfterValidator(_page), Field(description="the address of a page that begins with https://")]
Several = Annotated[tuple[T, ...], BeforeValidator(_listed), AfterValidator(_all_different)]
Optional = Annotated[T | None, BeforeValidator(_empty_is_none)]

Cancellation = Annotated[
    Rules,
    PlainValidator(_cancellation),
    PlainSerializer(partial(written_steps, dated=True)),
    Field(description="steps such as [{hours_before = 24, refund_percent = 100}]"),
]

MailAddress = Annotated[str, AfterValidator(_mail_address)]

BotToken = Annotated[
    SecretStr,
    _secret(r"[0-9]{3,20}:[A-Za-z0-9_-]{10,}"),
    Field(description="the token that BotFather gave you: digits, a colon, and a long row of letters"),
]
TelegramSecret = Annotated[SecretStr, _secret(r"[A-Za-z0-9_-]{1,256}")]
StripeKey = Annotated[
    SecretStr,
    _secret(r"(sk|rk)_(test|live)_[A-Za-z0-9_]+"),
    Field(description="Stripe's secret key: sk_test_…, sk_live_…, rk_test_… or rk_live_…"),
]
SigningSecret = Annotated[SecretStr, _secret(r"whsec_[!-~]+")]
DatabaseUrl = Annotated[
    SecretStr,
    _secret(r"sqlite\+aiosqlite:///(?!:memory:)[^?\s][^?]*|postgresql\+psycopg://\S+"),
    Field(description="sqlite+aiosqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE"),
]
