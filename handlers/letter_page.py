"""What a letter shows, once as HTML and once as plain text that says the same."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.mail.letters import Picture
from handlers.markup import clean


@dataclass(frozen=True)
class Part:
    """One booking. `seen_as` says what the picture shows to whoever does not see it."""

    title: str
    lines: tuple[str, ...]
    picture: Picture | None = None
    seen_as: str = ""

    @property
    def cleaned(self) -> "Part":
        return replace(self, title=clean(self.title), lines=_said(self.lines))


@dataclass(frozen=True)
class Page:
    """Everything in plain text; what says nothing is left out. `chat_line` says both `chat` and what it is."""

    language: str
    shop: str
    title: str
    told: tuple[str, ...]
    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    chat: str
    chat_label: str
    chat_line: str
    foot: tuple[str, ...]

    @property
    def cleaned(self) -> "Page":
        """Without control signs, direction overrides and empty lines."""
        return replace(
            self,
            shop=clean(self.shop),
            title=clean(self.title),
            told=_said(self.told),
            parts=tuple(part.cleaned for part in self.parts),
            notes=_said(self.notes),
            foot=_said(self.foot),
        )


class Paper:
    """What letters are written on: read when the first one is."""

    @cached_property
    def _template(self) -> Template:
        templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        return templates.get_template("letter.html")

    def as_html(self, page: Page) -> str:
        return self._template.render(page=page.cleaned)


def as_text(page: Page) -> str:
    """Paragraphs in the order of the HTML."""
    shown = page.cleaned
    parts = ("\n".join((part.title, *part.lines)) for part in shown.parts)
    paragraphs = (shown.shop, shown.title, *shown.told, *parts, *shown.notes, shown.chat_line)
    return "\n\n".join((*paragraphs, "\n".join(shown.foot))) + "\n"


def _said(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for line in (clean(line).strip() for line in lines) if line)
