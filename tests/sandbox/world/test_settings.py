"""The settings with which an application joins the world."""

import tomllib
from pathlib import Path

import pytest

from bot.config import load
from bot.sandbox.world import TEAM_CHAT, Person, World

BASE = "http://127.0.0.1:8800"


def test_the_settings_are_toml_and_name_every_place_of_the_world() -> None:
    world = World()
    settings = tomllib.loads(world.settings(BASE))
    assert settings["telegram"] == {
        "token": world.secrets.bot_token,
        "mode": "polling",
        "api_url": f"{BASE}/telegram",
        "chat_url": BASE,
    }
    assert settings["stripe"] == {
        "secret_key": world.secrets.stripe_key,
        "webhook_secrets": [world.secrets.webhook_secret],
        "api_url": f"{BASE}/stripe",
        "promotion_codes": True,
    }
    assert "mail" not in settings
    assert settings["clock"] == {"url": f"{BASE}/control/clock"}


def test_the_settings_say_where_the_application_listens() -> None:
    web = tomllib.loads(World().settings(BASE, "http://127.0.0.1:9123"))["web"]
    assert web == {"host": "127.0.0.1", "port": 9123, "admin_port": 8802, "public_url": "http://127.0.0.1:9123"}


def test_the_staff_of_the_cast_own_the_shop_and_alerts_go_to_their_group() -> None:
    staff = tomllib.loads(World().settings(BASE))["staff"]
    assert staff == {"owners": [9001], "alerts_chat": TEAM_CHAT}


def test_alerts_can_go_to_a_staff_members_own_chat() -> None:
    world = World(alerts_chat=9001)
    assert tomllib.loads(world.settings(BASE))["staff"]["alerts_chat"] == 9001
    assert not world.groups


def test_the_secrets_are_test_secrets() -> None:
    secrets = World().secrets
    assert secrets.stripe_key.startswith("sk_test_")
    assert secrets.webhook_secret.startswith("whsec_")


def test_an_id_belongs_to_one_person() -> None:
    with pytest.raises(ValueError, match="1001"):
        World().add_person(Person(1001, "Somebody", "en"))


def test_the_webhook_is_registered_once() -> None:
    world = World()
    world.register_webhook("http://127.0.0.1:8801")
    world.register_webhook("http://127.0.0.1:8801/")
    assert [endpoint.url for endpoint in world.stripe.deliveries.endpoints()] == [
        "http://127.0.0.1:8801/stripe/webhook"
    ]


def test_the_application_takes_the_settings_once_it_knows_its_shop(tmp_path: Path) -> None:
    shop = '[shop]\nname = "Lac"\ncurrency = "EUR"\ntimezone = "Europe/Paris"\nsupport = "help@example.org"\n'
    file = tmp_path / "config.toml"
    file.write_text(f"{shop}\n{World().settings(BASE)}", encoding="utf-8")
    assert load(file, {}).stripe.api_url == f"{BASE}/stripe"
