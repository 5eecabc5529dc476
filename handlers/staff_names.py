"""How staff read a customer's name."""

from handlers import markup
from handlers.texts import Texts


def shown_name(name: str, most: int, texts: Texts) -> str:
    """On one line and not too long; who has been forgotten has none."""
    return markup.cut(markup.line(name).strip(), most) or texts.gettext("Name erased")
