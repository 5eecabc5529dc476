"""The first screen: the shop's welcome and its categories."""

from bot.domain.catalogue import CategoryView, HomeView
from bot.domain.errors import Gone
from handlers.callbacks import Action
from handlers.screens import Row, Screen, act
from handlers.texts import Texts
from handlers.visits import Visit


def home_screen(view: HomeView, texts: Texts) -> Screen:
    shop = view.shop
    nothing = "" if view.categories else texts.gettext("Nothing is on offer just now.")
    return Screen(
        title=texts.own(shop.name),
        blocks=(texts.own(shop.welcome).strip(), nothing),
        rows=(*category_rows(view.categories, texts), *_own_things(texts)),
        picture=shop.banner,
    )


def category_rows(categories: tuple[CategoryView, ...], texts: Texts) -> tuple[Row, ...]:
    return tuple(
        (act(f"{category.emoji} {texts.own(category.name)}", Action.CATEGORY, category.id, 1),)
        for category in categories
    )


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
        screen = home_screen(await visit.desk.browsing.home(), visit.texts)
    except Gone:
        screen = empty_screen(visit.texts)
    await visit.show(screen.with_notice(notice) if notice else screen)
