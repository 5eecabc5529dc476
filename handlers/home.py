"""The first screen: the shop's welcome and its categories."""

from bot.domain.catalogue import CategoryView, HomeView
from bot.domain.errors import Gone
from handlers.callbacks import Action
from handlers.screens import Row, Screen, act
from handlers.texts import Texts
from handlers.visits import Visit


def home_screen(view: HomeView, texts: Texts, basket: int = 0) -> Screen:
    """`basket`: how many different things are in theirs."""
    shop = view.shop
    nothing = "" if view.categories else texts.gettext("Nothing is on offer just now.")
    return Screen(
        title=texts.own(shop.name),
        blocks=(texts.own(shop.welcome).strip(), nothing),
        rows=(*category_rows(view.categories, texts), basket_row(basket, texts), *_own_things(texts)),
        picture=shop.banner,
    )


def category_rows(categories: tuple[CategoryView, ...], texts: Texts) -> tuple[Row, ...]:
    return tuple(
        (act(f"{category.emoji} {texts.own(category.name)}", Action.CATEGORY, category.id, 1),)
        for category in categories
    )


def basket_row(count: int, texts: Texts) -> Row:
    """The way to the basket, if there is anything in it."""
    return (act(texts.gettext("Basket ({count})", count=count), Action.BASKET),) if count else ()


def _own_things(texts: Texts) -> tuple[Row, ...]:
    return (
        (act(texts.gettext("My bookings"), Action.BOOKINGS, 1), act(texts.gettext("Search"), Action.SEARCH)),
        (act(texts.gettext("Language"), Action.LANGUAGES), act(texts.gettext("Help"), Action.HELP)),
    )


def empty_screen(texts: Texts) -> Screen:
    """Before the shop has a catalogue."""
    return Screen(texts.gettext("Welcome"), (texts.gettext("Nothing is on offer just now."),))


async def show_home(visit: Visit, notice: str = "") -> None:
    """The shop's home, with what just happened on top."""
    try:
        view, basket = await visit.desk.browsing.home(), await visit.desk.baskets.count(visit.customer.id)
        screen = home_screen(view, visit.texts, basket)
    except Gone:
        screen = empty_screen(visit.texts)
    await visit.show(screen.with_notice(notice) if notice else screen)
