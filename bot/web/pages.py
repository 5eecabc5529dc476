"""The pages that Stripe Checkout leads back to: they prove nothing, show nothing, and point to the chat."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Literal, Protocol

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.web.guards import POLICY
from bot.web.languages import preferred

Kind = Literal["done", "cancelled"]

DONE, CANCELLED = "/checkout/done/{token:[^/]+}", "/checkout/cancelled/{token:[^/]+}"
KINDS: tuple[Kind, ...] = ("done", "cancelled")
TEMPLATES = "bot.web.templates"


@dataclass(frozen=True)
class PageWords:
    """What a page says. Only Stripe's events tell whether something was paid, so the words must not."""

    title: str
    heading: str
    text: str
    button: str


class PageTexts(Protocol):
    def page(self, kind: Kind, language: str) -> PageWords: ...


class Pages:
    """The same page for every token: it is neither read nor looked up.

    `languages` are those of the shop, its own first; `chat_link` opens the chat with the bot.
    """

    def __init__(self, texts: PageTexts, languages: Sequence[str], chat_link: str) -> None:
        style = Markup(files(TEMPLATES).joinpath("page.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
        self._policy = f"{POLICY}; style-src 'sha256-{_digest(style)}'; img-src data:"
        self._pages = {
            (kind, language): _rendered(texts.page(kind, language), language, chat_link, style)
            for kind in KINDS
            for language in languages
        }
        self._languages = tuple(languages)

    async def done(self, request: web.Request) -> web.Response:
        return self._page("done", request)

    async def cancelled(self, request: web.Request) -> web.Response:
        return self._page("cancelled", request)

    def _page(self, kind: Kind, request: web.Request) -> web.Response:
        language = preferred(request.headers.get("Accept-Language", ""), self._languages)
        headers = {"Content-Security-Policy": self._policy, "Content-Language": language, "Vary": "Accept-Language"}
        return web.Response(text=self._pages[kind, language], content_type="text/html", headers=headers)


def _rendered(words: PageWords, language: str, chat_link: str, style: Markup) -> str:
    templates = Environment(loader=PackageLoader("bot.web"), autoescape=True, undefined=StrictUndefined)
    page = templates.get_template("page.html")
    return page.render(words=words, language=language, chat_link=chat_link, style=style)


def _digest(style: str) -> str:
    return b64encode(sha256(style.encode()).digest()).decode()
