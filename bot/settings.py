"""The settings as types: every key of `config.toml`, what is expected of it, and what holds when it is left out."""

import re
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.domain.reminders import ReminderRules
from bot.setting_types import (
    BotToken,
    Cancellation,
    ChatId,
    Currency,
    DatabaseUrl,
    LoopbackUrl,
    MailAddress,
    Optional,
    PageUrl,
    Port,
    ServiceUrl,
    Several,
    SigningSecret,
    StripeKey,
    TelegramSecret,
    UserId,
    Zone,
    is_loopback,
)

STRIPE_API = "https://api.stripe.com"
_LIVE = re.compile(r"(sk|rk)_live_")


def is_live(secret_key: str) -> bool:
    """Whether this key of Stripe's moves real money."""
    return _LIVE.match(secret_key) is not None


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, validate_default=True)


class ShopSettings(_Section):
    name: str = Field(min_length=1, max_length=64, description="the shop's name, at most 64 characters")
    currency: Currency
    timezone: Zone
    languages: Several[Literal["en", "fr"]] = Field(
        ("en", "fr"), min_length=1, description='"en", "fr" or both, the shop\'s own language first'
    )
    hold_minutes: int = Field(30, ge=5, le=1380, description="minutes from 5 to 1380")
    offer_minutes: int = Field(120, ge=15, le=1380, description="minutes from 15 to 1380")
    max_open_orders: int = Field(3, ge=1, le=100, description="a number from 1 to 100")
    keep_records_years: int = Field(10, ge=1, le=30, description="years from 1 to 30")
    reminder_hours: Several[Annotated[int, Field(ge=1, le=168)]] = Field(
        (24, 2), max_length=5, description="at most 5 numbers of hours from 1 to 168, such as [24, 2], or []"
    )
    follow_up: bool = Field(default=True, description="true or false")
    cancellation: Cancellation = ()
    support: str = Field(
        min_length=1, max_length=200, description="how customers reach you: an e-mail address, a @name, a phone number"
    )
    terms_url: Optional[PageUrl] = Field(None, description="the address of a page that begins with https://")
    privacy_url: Optional[PageUrl] = Field(None, description="the address of a page that begins with https://")

    @property
    def reminding(self) -> ReminderRules:
        """What people hear of a visit by itself."""
        return ReminderRules(self.reminder_hours, self.follow_up)


class TelegramSettings(_Section):
    token: BotToken
    mode: Literal["polling", "webhook"] = Field("polling", description='"polling" or "webhook"')
    webhook_secret: Optional[TelegramSecret] = Field(
        None, description="1 to 256 letters, digits, _ or -; required when telegram.mode is webhook"
    )
    api_url: ServiceUrl = "https://api.telegram.org"
    chat_url: Optional[ServiceUrl] = Field(
        None, description="where customers find the chat; https://t.me/ and the bot's name when left out"
    )

    @field_validator("webhook_secret")
    @classmethod
    def _required_for_webhooks(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("mode") == "webhook":
            raise ValueError
        return value


class StripeSettings(_Section):
    secret_key: StripeKey
    publishable_key: str = Field(
        "", pattern=r"^(pk_(test|live)_[A-Za-z0-9_]+)?$", description="empty, pk_test_… or pk_live_…"
    )
    webhook_secrets: Several[SigningSecret] = Field(
        min_length=1, max_length=2, description="one signing secret of the webhook endpoint, or two: whsec_…"
    )
    api_url: ServiceUrl = STRIPE_API
    promotion_codes: bool = Field(default=False, description="true or false")
    automatic_tax: Literal[False] = Field(default=False, description="false: not possible yet")
    collect_phone: bool = Field(default=False, description="true or false")

    @property
    def live(self) -> bool:
        return is_live(self.secret_key.get_secret_value())

    @field_validator("api_url")
    @classmethod
    def _live_keys_go_to_stripe_alone(cls, value: str, info: ValidationInfo) -> str:
        key = info.data.get("secret_key")
        if isinstance(key, SecretStr) and is_live(key.get_secret_value()) and value != STRIPE_API:
            raise PydanticCustomError(
                "expected", "https://api.stripe.com and nothing else, since the key is a live one"
            )
        return value


class WebSettings(_Section):
    host: str = Field("127.0.0.1", min_length=1, description="the address to listen on")
    port: Port = 8080
    public_url: ServiceUrl
    admin_port: Port = 8081

    @field_validator("admin_port")
    @classmethod
    def _a_port_of_its_own(cls, value: int, info: ValidationInfo) -> int:
        if value and value == info.data.get("port"):
            raise PydanticCustomError("expected", "another port than web.port")
        return value


class StorageSettings(_Section):
    url: DatabaseUrl = SecretStr("sqlite+aiosqlite:///guichet.db")


class StaffSettings(_Section):
    owners: Several[UserId] = Field(min_length=1, description="user ids of Telegram, at least one: [123456789]")
    managers: Several[UserId] = Field((), description="user ids of Telegram, such as [123456789]")
    door: Several[UserId] = Field((), description="user ids of Telegram, such as [123456789]")
    alerts_chat: Optional[ChatId] = Field(None, description="the number of a chat; a group's is negative")


class MailSettings(_Section):
    """Letters are sent once a host is named."""

    host: str = Field("", max_length=253, pattern=r"^[A-Za-z0-9.:-]*$", description="the name of a mail server")
    port: int = Field(587, ge=1, le=65535, description="the mail server's port, often 587 or 465")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description='"starttls" or "tls"; "none" for a mail server on this machine only'
    )
    username: str = Field("", max_length=320, description="the account at the mail server, or empty")
    password: Optional[SecretStr] = Field(
        None, description="the account's password; required where there is a username"
    )
    sender: MailAddress = Field(
        "", description="the address that letters come from, such as tickets@example.com; required with a host"
    )
    reply_to: MailAddress = Field("", description="the address that answers go to, or empty")

    @property
    def on(self) -> bool:
        """Whether customers get letters."""
        return bool(self.host)

    @field_validator("security")
    @classmethod
    def _nothing_is_sent_for_all_to_read(cls, value: str, info: ValidationInfo) -> str:
        host = info.data.get("host")
        if value == "none" and host and not is_loopback(host):
            raise ValueError
        return value

    @field_validator("password")
    @classmethod
    def _goes_with_a_username(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("username"):
            raise ValueError
        return value

    @field_validator("sender")
    @classmethod
    def _letters_come_from_somewhere(cls, value: str, info: ValidationInfo) -> str:
        if not value and info.data.get("host"):
            raise ValueError
        return value


class ClockSettings(_Section):
    url: LoopbackUrl | Literal[""] = Field("", description="empty, or an http:// address on this machine")


class Settings(BaseSettings):
    """Everything that can be set; `bot.config.load` is the way to get one."""

    model_config = SettingsConfigDict(
        env_prefix="GUICHET_",
        env_nested_delimiter="__",
        enable_decoding=False,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    shop: ShopSettings
    telegram: TelegramSettings
    stripe: StripeSettings
    web: WebSettings
    storage: StorageSettings
    staff: StaffSettings
    mail: MailSettings
    clock: ClockSettings

    @property
    def live(self) -> bool:
        """Whether real money moves."""
        return self.stripe.live

    def secrets(self) -> tuple[str, ...]:
        """Every text that must never be seen in a log or a message."""
        database = urlsplit(self.storage.url.get_secret_value()).password or ""
        held = (
            self.telegram.token,
            self.telegram.webhook_secret,
            self.stripe.secret_key,
            self.mail.password,
            *self.stripe.webhook_secrets,
        )
        texts = [secret.get_secret_value() for secret in held if secret is not None]
        return tuple(text for text in (*texts, database, unquote(database)) if text)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing is read behind the caller's back: `bot.config.load` says where values come from."""
        return (init_settings,)
