"""The list of a category, a page at a time."""

from bot.domain.catalogue import CategoryPage, ResourceRow
from bot.domain.ids import CategoryId
from handlers.callbacks import Action, Call
from handlers.screens import Row, Screen, act, back
from handlers.stay_words import per_step
from handlers.texts import Texts
from handlers.visits import Visit


def category_screen(view: CategoryPage, texts: Texts) -> Screen:
    return Screen(
        title=texts.own(view.category.name),
        blocks=tuple(line(row, texts) for row in view.rows) or (texts.gettext("Nothing is on offer here just now."),),
        rows=(
            *((act(texts.own(row.name), Action.CARD, row.id),) for row in view.rows),
            pager(view.page, view.pages, Action.CATEGORY, view.category.id),
            back(texts, Action.HOME),
        ),
    )


def pager(page: int, pages: int, action: Action, *fields: int | str) -> Row:
    """Backwards, where one is, forwards; nothing at all for a single page."""
    if pages < 2:
        return ()
    earlier = act("‹", action, *fields, page - 1) if page > 1 else act("·", Action.NOTHING)
    later = act("›", action, *fields, page + 1) if page < pages else act("·", Action.NOTHING)
    return earlier, act(f"{page}/{pages}", Action.NOTHING), later


def line(row: ResourceRow, texts: Texts) -> str:
    """What the button cannot say."""
    says = {
        "name": texts.own(row.name),
        "duration": texts.duration(row.duration_minutes or 0),
        "price": texts.price(row.price) if row.step is None else per_step(row.price, row.step, texts),
    }
    match (row.sold_out, bool(row.duration_minutes), row.one_price):
        case (True, _, _):
            return texts.gettext("{name}, sold out", **says)
        case (_, True, True):
            return texts.gettext("{name}, {duration}, {price}", **says)
        case (_, True, False):
            return texts.gettext("{name}, {duration}, from {price}", **says)
        case (_, False, True):
            return texts.gettext("{name}, {price}", **says)
        case _:
            return texts.gettext("{name}, from {price}", **says)


async def show_category(visit: Visit, call: Call) -> None:
    category, page = call.numbers(2)
    view = await visit.desk.browsing.category(CategoryId(category), max(page, 1))
    await visit.show(category_screen(view, visit.texts))
