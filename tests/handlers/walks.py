"""Short ways through the shop that many tests begin with."""

from tests.handlers.counter import BLAISE, Counter

FRENCH = {
    "Choose a date": "Choisir une date",
    "Choose how many": "Choisir la quantité",
    "Continue": "Continuer",
    "Hold and pay": "Réserver et payer",
}


def said(user: int, label: str) -> str:
    """The label in the reader's language."""
    return FRENCH[label] if user == BLAISE else label


async def to_the_card(counter: Counter, user: int) -> None:
    await counter.say(user, "/start")
    await counter.press(user, "🥾")
    await counter.press(user, "Sunrise")


async def to_the_guests(counter: Counter, user: int) -> None:
    """One adult on the first day, of which twelve seats are free."""
    await to_the_card(counter, user)
    await counter.press(user, said(user, "Choose a date"))
    await counter.press(user, "24")
    await counter.press(user, "07:00")


async def to_the_summary(counter: Counter, user: int) -> None:
    await to_the_guests(counter, user)
    await counter.press(user, said(user, "Continue"))


async def to_the_link(counter: Counter, user: int) -> None:
    """An order is held, and its message has the Pay button."""
    await to_the_summary(counter, user)
    await counter.press(user, said(user, "Hold and pay"))
    await counter.work()


async def to_the_ticket(counter: Counter, user: int) -> None:
    await to_the_link(counter, user)
    await counter.pay()
