"""Search: words written into the chat, /search, and the button on the home screen."""

from bot.domain.catalogue import CategoryView, FoundPage
from bot.domain.errors import Gone, OutOfDate
from bot.domain.ids import ResourceId
from bot.domain.search import asked, words
from handlers import callbacks, markup
from handlers.callbacks import Action, Call
from handlers.cards import present_card
from handlers.categories import line, pager
from handlers.home import category_rows
from handlers.screens import Screen, act, back
from handlers.texts import Texts
from handlers.visits import Visit


def asking_screen(texts: Texts) -> Screen:
    return Screen(
        title=texts.gettext("Search"),
        blocks=(
            texts.gettext("What are you looking for? Write a word or two, such as a name or a place."),
            texts.gettext("The beginning of a word is enough; accents do not count."),
        ),
        rows=(back(texts, Action.HOME),),
    )


def found_screen(found: FoundPage, texts: Texts) -> Screen:
    """A list like that of a category; its buttons carry the question along."""
    return Screen(
        title=texts.ngettext(
            "{count} result for “{question}”",
            "{count} results for “{question}”",
            found.count,
            question=found.question,
        ),
        blocks=tuple(line(row, texts) for row in found.rows),
        rows=(
            *((act(texts.own(row.name), Action.SEARCH, found.question, found.page, row.id),) for row in found.rows),
            pager(found.page, found.pages, Action.SEARCH, found.question),
            back(texts, Action.HOME),
        ),
    )


def nothing_screen(question: str, categories: tuple[CategoryView, ...], texts: Texts) -> Screen:
    return Screen(
        title=texts.gettext("Nothing found for “{question}”", question=question),
        blocks=(texts.gettext("Try another word, or look around here. How it all works: /help"),),
        rows=(*category_rows(categories, texts), back(texts, Action.HOME)),
    )


async def find(visit: Visit, text: str) -> None:
    """What somebody has written is the question; without a word in it, they are asked for one."""
    question = asked(markup.line(text))
    if words(question):
        await _present(visit, question)
    else:
        await visit.show(asking_screen(visit.texts))


async def show_search(visit: Visit, call: Call) -> None:
    """The way to ask, a page of what was found, or one thing of it."""
    match call.fields:
        case ():
            await visit.show(asking_screen(visit.texts))
        case (question, page):
            await _present(visit, question, callbacks.number(page))
        case (question, page, resource):
            results = back(visit.texts, Action.SEARCH, asked(question), callbacks.number(page))
            card = await visit.desk.browsing.card(ResourceId(callbacks.number(resource)))
            await present_card(visit, card, way_back=results)
        case _:
            raise OutOfDate


async def _present(visit: Visit, question: str, page: int = 1) -> None:
    found = await visit.desk.searching.page(asked(question), visit.texts.language, max(page, 1))
    if found.rows:
        await visit.show(found_screen(found, visit.texts))
    else:
        await visit.show(nothing_screen(found.question, await _categories(visit), visit.texts))


async def _categories(visit: Visit) -> tuple[CategoryView, ...]:
    try:
        return (await visit.desk.browsing.home()).categories
    except Gone:
        return ()
