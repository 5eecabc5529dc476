"""Which language we speak with a customer; names of languages are written in themselves."""

from babel import Locale

from handlers.callbacks import Action, Call
from handlers.home import show_home
from handlers.screens import Row, Screen, act, back
from handlers.texts import Texts
from handlers.visits import Visit


def language_screen(languages: tuple[str, ...], texts: Texts) -> Screen:
    return Screen(
        title=texts.gettext("Language"),
        blocks=(texts.gettext("Choose the language in which I write to you."),),
        rows=(*(_choice(language, texts) for language in languages), back(texts, Action.HOME)),
    )


def _choice(language: str, texts: Texts) -> Row:
    name = (Locale.parse(language).get_display_name(language) or language).capitalize()
    mark = "✓ " if language == texts.language else ""
    return (act(f"{mark}{name}", Action.LANGUAGE, language),)


async def show_languages(visit: Visit) -> None:
    await visit.show(language_screen(visit.desk.translations.languages, visit.texts))


async def choose_language(visit: Visit, call: Call) -> None:
    """From now on in this language, beginning with the home screen."""
    customer = await visit.desk.customers.choose_language(visit.customer.id, call.word(0))
    await show_home(visit.speaking(customer))
