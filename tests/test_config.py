"""Every mistake in the settings is reported at once, names its key and never shows a secret."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.config import Mistake, Settings, SettingsMistakes, cautions, load
from bot.domain.refund_rules import RefundStep, Rules

TOKEN = "123456789:AAcanaryTokenCanaryTokenCanaryToken"
KEY = "sk_test_canaryKey"
LIVE_KEY = "rk_live_canaryKey"
SECRET = "whsec_canarySecret"
FALLING = "[{hours_before = 2, refund_percent = 50}, {hours_before = 24, refund_percent = 20}]"
REMINDER_HOURS = "at most 5 numbers of hours"
EXAMPLE = Path(__file__).parent.parent / "config.example.toml"

GOOD = {
    "telegram": {"token": f'"{TOKEN}"'},
    "stripe": {"secret_key": f'"{KEY}"', "webhook_secrets": f'["{SECRET}"]'},
    "staff": {"owners": "[41]"},
    "shop": {"name": '"Lac"', "currency": '"EUR"', "timezone": '"Europe/Paris"', "support": '"@lac"'},
    "web": {"public_url": '"https://lac.example"'},
}


def written(path: Path, changes: Mapping[str, str] | None = None) -> Path:
    """A file of good settings, with some changed ("section.key" to its TOML) or left out (to "")."""
    sections = {name: dict(keys) for name, keys in GOOD.items()}
    for place, value in (changes or {}).items():
        section, key = place.split(".")
        sections.setdefault(section, {})[key] = value
    lines = [
        line
        for name, keys in sections.items()
        for line in (f"[{name}]", *(f"{key} = {value}" for key, value in keys.items() if value))
    ]
    file = path / "config.toml"
    file.write_text("\n".join(lines))
    return file


def mistakes(file: Path | None, environ: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(SettingsMistakes) as refused:
        load(file, environ or {})
    assert "canary" not in str(refused.value) + repr(refused.value) + repr(refused.value.mistakes)
    assert refused.value.__context__ is None
    return str(refused.value).splitlines()


def test_what_is_left_out_has_a_sensible_value(tmp_path: Path) -> None:
    settings = load(written(tmp_path), {})
    assert str(settings.shop.timezone) == "Europe/Paris"
    assert settings.shop.languages == ("en", "fr")
    assert (settings.shop.hold_minutes, settings.shop.max_open_orders) == (30, 3)
    assert (settings.shop.reminder_hours, settings.shop.follow_up) == ((24, 2), True)
    assert (settings.telegram.mode, settings.telegram.webhook_secret) == ("polling", None)
    assert settings.telegram.api_url == "https://api.telegram.org"
    assert settings.stripe.api_url == "https://api.stripe.com"
    assert (settings.web.host, settings.web.port, settings.web.admin_port) == ("127.0.0.1", 8080, 8081)
    assert settings.storage.url.get_secret_value() == "sqlite+aiosqlite:///guichet.db"
    assert (settings.staff.owners, settings.staff.managers, settings.staff.alerts_chat) == ((41,), (), None)
    assert settings.clock.url == ""
    assert not settings.live


@pytest.mark.parametrize(("value", "hours"), [("[]", ()), ("[48]", (48,)), ("[1, 24, 3]", (1, 24, 3))])
def test_a_shop_says_when_it_reminds_people_if_at_all(tmp_path: Path, value: str, hours: tuple[int, ...]) -> None:
    assert load(written(tmp_path, {"shop.reminder_hours": value}), {}).shop.reminder_hours == hours
    assert load(written(tmp_path), {"GUICHET_SHOP__REMINDER_HOURS": value}).shop.reminder_hours == hours


@pytest.mark.parametrize(
    ("value", "variable", "rules"),
    [
        ("[{hours_before = 24, refund_percent = 100}]", "24: 100", (RefundStep(24, 100),)),
        (
            "[{hours_before = 24, refund_percent = 100}, {hours_before = 0, refund_percent = 5}]",
            "[24:100, 0:5]",
            (RefundStep(24, 100), RefundStep(0, 5)),
        ),
        ("[]", "", ()),
    ],
)
def test_a_shop_says_what_goes_back_on_a_cancellation(tmp_path: Path, value: str, variable: str, rules: Rules) -> None:
    assert load(written(tmp_path, {"shop.cancellation": value}), {}).shop.cancellation == rules
    assert load(written(tmp_path), {"GUICHET_SHOP__CANCELLATION": variable}).shop.cancellation == rules


@pytest.mark.fault(46)
@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("shop.name", '""', "the shop's name"),
        ("shop.currency", '"XYZ"', "a currency that Stripe charges in"),
        ("shop.currency", '"eur"', "a currency that Stripe charges in"),
        ("shop.currency", "", "a currency that Stripe charges in"),
        ("shop.timezone", '"Europe/Annecy"', "a time zone"),
        ("shop.timezone", '"../etc/passwd"', "a time zone"),
        ("shop.timezone", '"Europe"', "a time zone"),
        ("shop.timezone", '""', "a time zone"),
        ("shop.languages", '["de"]', '"en", "fr" or both'),
        ("shop.languages", '["en", "en"]', '"en", "fr" or both'),
        ("shop.languages", "[]", '"en", "fr" or both'),
        ("shop.hold_minutes", "4", "minutes from 5 to 1380"),
        ("shop.hold_minutes", "1381", "minutes from 5 to 1380"),
        ("shop.hold_minutes", '"soon"', "minutes from 5 to 1380"),
        ("shop.offer_minutes", "14", "minutes from 15 to 1380"),
        ("shop.max_open_orders", "0", "a number from 1 to 100"),
        ("shop.reminder_hours", "[24, 0]", REMINDER_HOURS),
        ("shop.reminder_hours", "[169]", REMINDER_HOURS),
        ("shop.reminder_hours", "[2, 2]", REMINDER_HOURS),
        ("shop.reminder_hours", "[1, 2, 3, 4, 5, 6]", REMINDER_HOURS),
        ("shop.reminder_hours", '"soon"', REMINDER_HOURS),
        ("shop.cancellation", "[{hours_before = 24}]", "cancellation[0].refund_percent: a whole number from 1 to 100"),
        ("shop.cancellation", FALLING, "cancellation[1].hours_before: fewer hours than the 2 above"),
        ("shop.cancellation", '"soon"', "such as 24: 100, 2: 50"),
        ("shop.cancellation", "7", "cancellation: tables"),
        ("shop.follow_up", "3", "true or false"),
        ("shop.terms_url", '"http://lac.example/terms"', "https://"),
        ("shop.support", "", "how customers reach you"),
        ("telegram.token", '"canary"', "BotFather"),
        ("telegram.token", "", "BotFather"),
        ("telegram.mode", '"push"', '"polling" or "webhook"'),
        ("telegram.webhook_secret", '"canary canary"', "1 to 256"),
        ("telegram.api_url", '"http://telegram.example"', "https://"),
        ("stripe.secret_key", '"pk_test_canary"', "Stripe's secret key"),
        ("stripe.publishable_key", '"sk_test_canary"', "pk_test_"),
        ("stripe.webhook_secrets", '[""]', "one signing secret"),
        ("stripe.webhook_secrets", '["whsec_"]', "one signing secret"),
        ("stripe.webhook_secrets", '["canary"]', "one signing secret"),
        ("stripe.webhook_secrets", "[]", "one signing secret"),
        ("stripe.webhook_secrets", "", "one signing secret"),
        ("stripe.webhook_secrets", '["whsec_canary1", "whsec_canary2", "whsec_canary3"]', "one signing secret"),
        ("stripe.webhook_secrets", '["whsec_canary", "whsec_canary"]', "one signing secret"),
        ("stripe.collect_phone", '"perhaps"', "true or false"),
        ("web.public_url", '"http://lac.example"', "https://"),
        ("web.public_url", '"https://lac.example/?a=b"', "https://"),
        ("web.public_url", '"https://lac.example:port"', "https://"),
        ("web.public_url", "", "https://"),
        ("web.port", "65536", "a port from 0 to 65535"),
        ("web.admin_port", "8080", "another port than web.port"),
        ("storage.url", '"mysql://root:canary@db/lac"', "sqlite+aiosqlite:///FILE"),
        ("storage.url", '"sqlite+aiosqlite:///:memory:"', "sqlite+aiosqlite:///FILE"),
        ("staff.owners", "[]", "user ids"),
        ("staff.owners", '["@alice"]', "user ids"),
        ("staff.owners", "[-1001234]", "user ids"),
        ("staff.owners", "[1087968824]", "user ids"),
        ("staff.owners", "[true]", "user ids"),
        ("staff.owners", "[9007199254740993]", "user ids"),
        ("staff.owners", "41", "user ids"),
        ("staff.owners", "", "user ids"),
        ("staff.alerts_chat", "0", "the number of a chat"),
        ("staff.alerts_chat", '"@alerts"', "the number of a chat"),
        ("clock.url", '"http://clock.example"', "an http:// address on this machine"),
        ("shop.curency", '"EUR"', "did you mean shop.currency?"),
        ("shop.secret_key", '"canary"', "it belongs in [stripe]"),
        ("shop.colour_of_the_door", '"green"', "remove it"),
    ],
)
def test_each_mistake_is_one_line_that_names_its_key(tmp_path: Path, key: str, value: str, expected: str) -> None:
    (line,) = mistakes(written(tmp_path, {key: value}))
    assert line.startswith(f"{key}: ")
    assert expected in line


@pytest.mark.fault(46)
def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    changes = {
        "shop.currency": '"XYZ"',
        "shop.timezone": '"Mars"',
        "stripe.secret_key": f'"{LIVE_KEY}"',
        "stripe.webhook_secrets": '[""]',
        "stripe.api_url": '"http://127.0.0.1:8800/stripe"',
        "staff.owners": '["canary", -1]',
        "clock.url": '"http://127.0.0.1:8800/control/clock"',
        "web.prot": "80",
    }
    keys = {line.split(":")[0] for line in mistakes(written(tmp_path, changes))}
    assert keys == (changes.keys() - {"stripe.secret_key"})


def test_pages_of_the_shop_are_optional(tmp_path: Path) -> None:
    file = written(tmp_path, {"shop.terms_url": '"https://lac.example/terms#cancelling"', "shop.privacy_url": '""'})
    shop = load(file, {}).shop
    assert (shop.terms_url, shop.privacy_url) == ("https://lac.example/terms#cancelling", None)


def test_an_empty_configuration_lists_all_that_is_required() -> None:
    keys = {line.split(":")[0] for line in mistakes(None)}
    assert keys == {f"{section}.{key}" for section, values in GOOD.items() for key in values}


def test_a_value_in_the_place_of_a_section_is_a_mistake(tmp_path: Path) -> None:
    file = written(tmp_path)
    file.write_text(f'storage = "canary"\nshopp = 1\n{file.read_text()}')
    assert mistakes(file) == [
        "storage: a section [storage] with its settings below it",
        "shopp: no such setting; did you mean shop?",
    ]


def test_webhook_mode_needs_its_secret(tmp_path: Path) -> None:
    (line,) = mistakes(written(tmp_path, {"telegram.mode": '"webhook"', "telegram.webhook_secret": '""'}))
    assert line.startswith("telegram.webhook_secret: ")
    (line,) = mistakes(written(tmp_path, {"telegram.mode": '"webhook"'}))
    assert line.startswith("telegram.webhook_secret: ")
    file = written(tmp_path, {"telegram.mode": '"webhook"', "telegram.webhook_secret": '"a-b_C9"'})
    secret = load(file, {}).telegram.webhook_secret
    assert secret is not None
    assert secret.get_secret_value() == "a-b_C9"


@pytest.mark.fault(46)
@pytest.mark.parametrize("url", ["http://127.0.0.1:8800/stripe", "https://api.stripe.com.evil.example"])
def test_a_live_key_goes_to_stripe_alone(tmp_path: Path, url: str) -> None:
    live = {"stripe.secret_key": f'"{LIVE_KEY}"', "stripe.api_url": f'"{url}"'}
    (line,) = mistakes(written(tmp_path, live))
    assert line.startswith("stripe.api_url: https://api.stripe.com and nothing else")


def test_a_live_key_makes_the_shop_live(tmp_path: Path) -> None:
    assert load(written(tmp_path, {"stripe.secret_key": f'"{LIVE_KEY}"'}), {}).live


def test_a_test_key_may_go_to_a_simulator_with_its_own_clock(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        {
            "stripe.api_url": '"http://127.0.0.1:8800/stripe/"',
            "telegram.api_url": '"http://[::1]:8800/telegram"',
            "web.public_url": '"http://localhost:8080"',
            "clock.url": '"http://127.0.0.1:8800/control/clock"',
        },
    )
    settings = load(file, {})
    assert settings.stripe.api_url == "http://127.0.0.1:8800/stripe"
    assert settings.clock.url == "http://127.0.0.1:8800/control/clock"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    environ = {
        "GUICHET_STRIPE__SECRET_KEY": "sk_test_other",
        "GUICHET_STRIPE__WEBHOOK_SECRETS": "whsec_new, whsec_old",
        "GUICHET_STRIPE__COLLECT_PHONE": "true",
        "GUICHET_STAFF__OWNERS": "[1, 2]",
        "GUICHET_STAFF__ALERTS_CHAT": "-100123",
        "GUICHET_WEB__PORT": "0",
        "GUICHET_REQUIRE_BROWSER": "1",
        "PATH": "/bin",
    }
    settings = load(written(tmp_path), environ)
    assert settings.stripe.secret_key.get_secret_value() == "sk_test_other"
    assert [secret.get_secret_value() for secret in settings.stripe.webhook_secrets] == ["whsec_new", "whsec_old"]
    assert settings.stripe.collect_phone
    assert (settings.staff.owners, settings.staff.alerts_chat) == ((1, 2), -100123)
    assert settings.web.port == 0
    assert settings.shop.name == "Lac"


def test_the_environment_alone_is_enough() -> None:
    environ = {
        f"GUICHET_{section}__{key}".upper(): value.strip('"')
        for section, values in GOOD.items()
        for key, value in values.items()
    }
    assert load(None, environ).staff.owners == (41,)


def test_a_misspelt_variable_is_a_mistake(tmp_path: Path) -> None:
    environ = {"GUICHET_STRIP__SECRET_KEY": "sk_test_canary", "GUICHET_WEB__PROT": "1", "GUICHET_WEB": "canary"}
    assert mistakes(written(tmp_path), environ)[0] == (
        "GUICHET_STRIP__SECRET_KEY: no such setting; did you mean stripe?"
    )
    del environ["GUICHET_WEB"]
    assert "web.prot: no such setting; did you mean web.port?" in mistakes(written(tmp_path), environ)


def test_a_missing_file_says_where_to_begin(tmp_path: Path) -> None:
    (line,) = mistakes(tmp_path / "config.toml")
    assert line.endswith("copy config.example.toml to config.toml and fill it in")


def test_a_syntax_error_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[stripe]\nsecret_key = "sk_test_canary\n')
    (line,) = mistakes(file)
    assert "line 2" in line


def test_a_file_that_cannot_be_read_is_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xff\xfe")
    assert mistakes(file) == [f"{file}: a text file in UTF-8"]
    assert mistakes(tmp_path) == [f"{tmp_path}: a file that can be read, but: Is a directory"]


MAIL = {"mail.host": '"mail.lac.example"', "mail.sender": '"tickets@lac.example"'}


def test_letters_are_sent_once_a_mail_server_is_named(tmp_path: Path) -> None:
    assert not load(written(tmp_path), {}).mail.on
    mail = load(written(tmp_path, MAIL), {}).mail
    assert (mail.on, mail.port, mail.security, mail.password) == (True, 587, "starttls", None)
    named = load(written(tmp_path, {**MAIL, "mail.username": '"lac"'}), {"GUICHET_MAIL__PASSWORD": "canary-secret"})
    assert named.mail.password is not None
    assert "canary-secret" in named.secrets()
    assert "canary" not in f"{named!r}{named.mail!r}"


@pytest.mark.fault(46)
@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("mail.host", '"mail lac"', "the name of a mail server"),
        ("mail.host", '"smtp://mail.lac.example"', "the name of a mail server"),
        ("mail.port", "0", "the mail server's port"),
        ("mail.security", '"ssl"', '"starttls" or "tls"'),
        ("mail.security", '"none"', "for a mail server on this machine only"),
        ("mail.sender", "", "required with a host"),
        ("mail.sender", '"Lac"', "such as tickets@example.com"),
        ("mail.sender", '"a@b.example\\nBcc: eve@b.example"', "such as tickets@example.com"),
        ("mail.reply_to", '"nobody"', "the address that answers go to"),
    ],
)
def test_mistakes_about_the_mail_server_are_named(tmp_path: Path, key: str, value: str, expected: str) -> None:
    (line,) = mistakes(written(tmp_path, {**MAIL, key: value}))
    assert line.startswith(f"{key}: ")
    assert expected in line


@pytest.mark.fault(46)
def test_a_username_needs_its_password(tmp_path: Path) -> None:
    (line,) = mistakes(written(tmp_path, {**MAIL, "mail.username": '"lac"'}))
    assert line.startswith("mail.password: the account's password")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_mail_server_on_this_machine_may_do_without_protection(tmp_path: Path, host: str) -> None:
    settings = load(written(tmp_path, {**MAIL, "mail.host": f'"{host}"', "mail.security": '"none"'}), {})
    assert settings.mail.security == "none"


@pytest.mark.fault(45)
def test_no_secret_is_shown_by_the_settings_themselves(tmp_path: Path) -> None:
    url = '"postgresql+psycopg://lac:canary%21@db/lac"'
    file = written(tmp_path, {"storage.url": url, "telegram.webhook_secret": '"canary"'})
    settings = load(file, {})
    shown = "".join(f"{part!r} {part}" for part in (settings, *dict(settings).values()))
    assert "canary" not in shown.lower()
    assert set(settings.secrets()) == {TOKEN, KEY, SECRET, "canary", "canary%21", "canary!"}


def test_others_who_can_read_the_secrets_are_a_caution(tmp_path: Path) -> None:
    file = written(tmp_path)
    file.chmod(0o600)
    assert cautions(file) == []
    file.chmod(0o644)
    assert cautions(file) == [f"{file} holds secrets and others on this machine can read it: chmod 600 {file}"]
    file.write_text("[shop]\nname = 'Lac'")
    assert cautions(file) == []


def test_mistakes_compare_by_what_they_say() -> None:
    assert Mistake("a", "b") == Mistake("a", "b")
    assert str(SettingsMistakes([Mistake("a", "b"), Mistake("a", "b"), Mistake("c", "d")])) == "a: b\nc: d"


def test_the_example_needs_only_its_placeholders_replaced(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for placeholder, value in {
        "<token>": TOKEN,
        "<sk_test_…>": KEY,
        "<whsec_…>": SECRET,
        "owners = []": "owners = [41]",
        "<The name of your shop>": "Lac",
        "<help@example.com>": "help@lac.example",
        "<https://tickets.example.com>": "https://lac.example",
    }.items():
        assert text.count(placeholder) == 1
        text = text.replace(placeholder, value)
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    assert load(file, {}) == load(written(tmp_path, {"shop.support": '"help@lac.example"'}), {})


def test_the_example_as_it_stands_names_each_placeholder() -> None:
    keys = {line.split(":")[0] for line in mistakes(EXAMPLE)}
    assert keys == {"telegram.token", "stripe.secret_key", "stripe.webhook_secrets", "staff.owners", "web.public_url"}


def test_the_example_shows_every_setting_with_its_default() -> None:
    shown: dict[str, set[str]] = {}
    section = ""
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            section = heading[1]
        elif setting := re.fullmatch(r"(?:# )?((\w+) = .*)", line):
            tomllib.loads(setting[1])
            shown.setdefault(section, set()).add(setting[2])
    sections = {
        name: set(field.annotation.model_fields)
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }
    assert shown == sections
