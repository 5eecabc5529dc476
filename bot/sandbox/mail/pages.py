"""The letters as a mail program shows them: `/mail`, and each by itself."""

from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader

from bot.sandbox.mail.mailbox import Mail, Mailbox

LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'"
"""A letter has its style inside, runs nothing, and shows only what came with it."""
PAGE_POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; frame-src 'self'; base-uri 'none'"


class MailPages:
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
        self._template = templates.get_template("mail.html")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/mail", self.listed),
            web.get(r"/mail/{number:\d{1,9}}", self.shown),
            web.get(r"/mail/{number:\d{1,9}}/letter", self.letter),
            web.get(r"/mail/{number:\d{1,9}}/{place:\d{1,3}}", self.attached),
        ]

    async def listed(self, _: web.Request) -> web.Response:
        return self._page(None)

    async def shown(self, request: web.Request) -> web.Response:
        return self._page(self._mail(request))

    async def letter(self, request: web.Request) -> web.Response:
        """The page inside a letter, its pictures among them."""
        mail = self._mail(request)
        page = mail.body("html")
        for place, part in enumerate(mail.attached):
            if part.shown_as:
                page = page.replace(f"cid:{part.shown_as}", f"/mail/{mail.id}/{place}")
        headers = {"Content-Security-Policy": LETTER_POLICY}
        return web.Response(text=page, content_type="text/html", headers=headers)

    async def attached(self, request: web.Request) -> web.Response:
        parts, place = self._mail(request).attached, int(request.match_info["place"])
        if place >= len(parts):
            raise web.HTTPNotFound
        part = parts[place]
        kind = "inline" if part.content_type == "image/png" else "attachment"
        headers = {"Content-Disposition": f'{kind}; filename="{part.name}"'}
        return web.Response(body=part.content, content_type=part.content_type, headers=headers)

    def _mail(self, request: web.Request) -> Mail:
        found = self._mailbox.find(int(request.match_info["number"]))
        if found is None:
            raise web.HTTPNotFound
        return found

    def _page(self, mail: Mail | None) -> web.Response:
        text = self._template.render(mails=self._mailbox.mails, mail=mail)
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": PAGE_POLICY})
