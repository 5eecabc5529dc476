"""The shop's name, as it stands on what is sent by itself: tickets and letters."""

from bot.domain.errors import Gone
from handlers.ports import Browsing
from handlers.texts import Texts


async def shop_name(browsing: Browsing, texts: Texts) -> str:
    """Empty while there is no catalogue."""
    try:
        return texts.own((await browsing.home()).shop.name)
    except Gone:
        return ""
