"""How an order's lines are called on the payment page, in the customer's language."""

from bot.domain.order_card import OrderLineView
from handlers.stay_words import moment_of
from handlers.texts import Translations


class CheckoutWording:
    def __init__(self, translations: Translations) -> None:
        self._translations = translations

    def product(self, line: OrderLineView, language: str) -> tuple[str, str]:
        """The line's name, and when and where it is."""
        texts = self._translations.for_(language)
        name = texts.gettext("{what} · {fare}", what=texts.own(line.resource_name), fare=texts.own(line.fare_name))
        place = texts.own(line.place)
        if line.starts_at is None:
            return name, place
        when = moment_of(line, texts)
        return name, texts.gettext("{when}, {place}", when=when, place=place) if place else when
