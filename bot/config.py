"""Loads the settings from `config.toml` and the environment, and reports every mistake in them at once."""

import difflib
import os
import stat
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from bot.domain.errors import GuichetError
from bot.settings import Settings, is_live

__all__ = ["Mistake", "Settings", "SettingsMistakes", "cautions", "load", "others_can_read"]

_SECRETS = (
    ("telegram", "token"),
    ("telegram", "webhook_secret"),
    ("stripe", "secret_key"),
    ("stripe", "webhook_secrets"),
    ("mail", "password"),
)

Table = dict[str, object]


@dataclass(frozen=True, order=True)
class Mistake:
    """A setting, and what is expected of it. Never holds the value that was found."""

    key: str
    expected: str

    def __str__(self) -> str:
        return f"{self.key}: {self.expected}"


class SettingsMistakes(GuichetError):
    """The settings cannot be used; one line for each mistake."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = list(dict.fromkeys(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the file, if one is given, and let `GUICHET_SECTION__KEY` of the environment override it.

    Raises SettingsMistakes with all that is wrong.
    """
    table = _merge(_read(path) if path else {}, _from_environment(environ))
    mistakes = [*_strange_variables(environ), *_clock_of_a_live_shop(table)]
    settings = None
    try:
        settings = Settings.model_validate({section: {} for section in Settings.model_fields} | table)
    except ValidationError as invalid:
        mistakes += [_mistake(error) for error in invalid.errors(include_input=False, include_url=False)]
    if settings is None or mistakes:
        raise SettingsMistakes(mistakes)
    return settings


def cautions(path: Path) -> list[str]:
    """What is not wrong but unwise about the file, one line each."""
    table = _read(path)
    holds_secrets = any(key in _section(table, section) for section, key in _SECRETS)
    if holds_secrets and others_can_read(path):
        return [f"{path} holds secrets and others on this machine can read it: chmod 600 {path}"]
    return []


def others_can_read(path: Path) -> bool:
    """Whether a file is open to others on this machine than its owner."""
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _read(path: Path) -> Table:
    mistake = None
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        mistake = Mistake(str(path), f"copy config.example.toml to {path.name} and fill it in")
    except tomllib.TOMLDecodeError as exc:
        mistake = Mistake(str(path), f"TOML as in config.example.toml, but: {exc}")
    except UnicodeDecodeError:
        mistake = Mistake(str(path), "a text file in UTF-8")
    except OSError as exc:
        mistake = Mistake(str(path), f"a file that can be read, but: {exc.strerror}")
    raise SettingsMistakes([mistake])


def _from_environment(environ: Mapping[str, str]) -> Table:
    source = EnvSettingsSource(Settings)
    source.env_vars = {name.lower(): value for name, value in environ.items()}
    return source()


def _merge(below: Table, above: Table) -> Table:
    merged = dict(below)
    for section, values in above.items():
        known = merged.get(section)
        merged[section] = known | values if isinstance(known, dict) and isinstance(values, dict) else values
    return merged


def _section(table: Table, name: str) -> Table:
    section = table.get(name)
    return section if isinstance(section, dict) else {}


def _strange_variables(environ: Mapping[str, str]) -> list[Mistake]:
    """A variable that names no section would otherwise be passed over in silence."""
    named = [name for name in environ if name.upper().startswith("GUICHET_") and "__" in name]
    sections = {name: name[len("GUICHET_") :].split("__")[0].lower() for name in named}
    return [
        Mistake(name, _not_known(section, Settings))
        for name, section in sections.items()
        if section not in Settings.model_fields
    ]


def _clock_of_a_live_shop(table: Table) -> list[Mistake]:
    """Checked on what was written, so that it is reported beside whatever else is wrong."""
    if _section(table, "clock").get("url") and is_live(str(_section(table, "stripe").get("secret_key"))):
        return [Mistake("clock.url", "empty, since the Stripe key is a live one")]
    return []


def _mistake(error: ErrorDetails) -> Mistake:
    names = [part for part in error["loc"] if isinstance(part, str)][:2]
    model: type[BaseModel] = Settings
    expected = ""
    for name in names:
        field = model.model_fields.get(name)
        if field is None:
            return Mistake(".".join(names), _not_known(name, model, *names[:-1]))
        expected = field.description or ""
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            model = field.annotation
    if len(names) == 1:
        expected = f"a section [{names[0]}] with its settings below it"
    return Mistake(".".join(names), error["msg"] if error["type"] == "expected" else expected)


def _not_known(name: str, model: type[BaseModel], *section: str) -> str:
    near = difflib.get_close_matches(name, model.model_fields, n=1)
    if near:
        return f"no such setting; did you mean {'.'.join((*section, near[0]))}?"
    homes = [
        home for home, field in Settings.model_fields.items() if name in getattr(field.annotation, "model_fields", {})
    ]
    return f"no such setting here; it belongs in [{homes[0]}]" if homes else "no such setting; remove it"
