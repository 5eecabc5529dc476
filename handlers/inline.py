"""Inline mode: whoever writes the bot's name in any chat can put something of the catalogue there."""

import structlog
from telegram import InlineQuery, InlineQueryResultArticle, InputTextMessageContent, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.domain.catalogue import ResourceRow, Teaser
from bot.domain.errors import DatabaseBusy
from bot.domain.ids import MediaId, TelegramId
from handlers import markup, telegram_errors
from handlers.cards import link_to
from handlers.context import Desk
from handlers.markup import gap
from handlers.messenger import NO_PREVIEW
from handlers.screens import Button, keyboard
from handlers.stay_words import per_step
from handlers.texts import Texts

log = structlog.get_logger(__name__)

MOST = 50
CACHED_SECONDS = 30
"""Telegram may show an answer again for so long; what it shows carries prices."""


def article(teaser: Teaser, texts: Texts, bot_name: str, public_url: str) -> InlineQueryResultArticle:
    """A line of the list that unfolds over the message field, and the message that it becomes."""
    name, says = markup.label(texts.own(teaser.row.name)), _says(teaser, texts)
    message = markup.paragraphs(name, texts.own(teaser.description).strip(), gap(says), most=markup.TEXT)
    way_in = Button(texts.gettext("See and book"), url=link_to(bot_name, teaser.row.slug))
    return InlineQueryResultArticle(
        teaser.row.slug,
        name,
        InputTextMessageContent(message, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW),
        reply_markup=keyboard(((way_in,),)),
        description=markup.cut(markup.line(says), markup.ALERT),
        thumbnail_url=_thumbnail(public_url, teaser.photo),
    )


def _says(teaser: Teaser, texts: Texts) -> str:
    """How long, for how much, and where."""
    duration = teaser.row.duration_minutes
    facts = (texts.duration(duration) if duration else "", _price(teaser.row, texts), texts.own(teaser.place))
    return " · ".join(fact for fact in facts if fact)


def _price(row: ResourceRow, texts: Texts) -> str:
    if row.sold_out:
        return texts.gettext("sold out")
    price = texts.price(row.price) if row.step is None else per_step(row.price, row.step, texts)
    return price if row.one_price else texts.gettext("from {price}", price=price)


def _thumbnail(public_url: str, photo: MediaId | None) -> str | None:
    """Telegram fetches it from the shop's own web server, which it must be able to reach."""
    reachable = public_url.startswith("https://")
    return f"{public_url.rstrip('/')}/media/{photo}" if reachable and photo is not None else None


async def answer(desk: Desk, update: Update) -> None:
    """Nobody becomes a customer by looking; when the database is busy, the next key asks again."""
    query = update.inline_query
    if query is None:
        return
    try:
        await _answer(desk, query)
    except DatabaseBusy:
        log.info("inline.not_answered", update=update.update_id)
    except BadRequest as refusal:
        if not telegram_errors.too_late(refusal):
            raise
        log.info("inline.too_late", update=update.update_id)


async def _answer(desk: Desk, query: InlineQuery) -> None:
    asker, skip = query.from_user, _skip(query.offset)
    language = await desk.customers.language_for(TelegramId(asker.id), asker.language_code)
    texts, bot = desk.translations.for_(language), query.get_bot()
    found = await desk.searching.teasers(markup.line(query.query), texts.language, skip=skip, most=MOST)
    await bot.answer_inline_query(
        query.id,
        [article(teaser, texts, bot.username, desk.house.public_url) for teaser in found.shown],
        cache_time=CACHED_SECONDS,
        is_personal=True,
        next_offset=str(skip + MOST) if found.more else "",
    )


def _skip(offset: str) -> int:
    """Where the last answer ended; what is no answer of ours begins anew."""
    return int(offset) if offset.isascii() and offset.isdigit() and len(offset) < len("1000000") else 0
