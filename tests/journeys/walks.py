"""Short ways through the shop that many journeys begin with, in the reader's language."""

from tests.journeys.people import Person

FRENCH = {
    "Sunrise": "Lever",
    "Sunset": "Coucher",
    "Lantern": "Lanterne",
    "Sticker": "Autocollant",
    "Choose a date": "Choisir une date",
    "Choose how many": "Choisir la quantité",
    "Continue": "Continuer",
    "Hold and pay": "Réserver et payer",
}


class Walks:
    """The steps of one person; `french` reads every label in French."""

    def __init__(self, person: Person, *, french: bool = False) -> None:
        self._person, self._french = person, french

    async def press(self, label: str) -> None:
        await self._person.presses(FRENCH[label] if self._french else label)

    async def to_summary(self, what: str = "sunrise", day: str = "4", time: str = "06:00") -> None:
        """One guest, or one piece, of a resource that a link names."""
        await self._person.says(f"/start r_{what}")
        if what in {"lantern", "sticker"}:
            await self.press("Choose how many")
        else:
            await self.press("Choose a date")
            await self._person.presses(day)
            await self._person.presses("19:00" if what == "kayak" else time)
        await self.press("Continue")

    async def to_hold(self, what: str = "sunrise", day: str = "4") -> None:
        await self.to_summary(what, day)
        await self.press("Hold and pay")

    async def to_link(self, what: str = "sunrise", day: str = "4") -> str:
        """Held, with the payment page open; the session's id."""
        await self.to_hold(what, day)
        return await self._person.pay_session()

    async def to_booking(self, what: str = "sunrise", day: str = "4") -> str:
        """Paid and booked; the session's id."""
        await self.to_link(what, day)
        session = await self._person.pays()
        await self._person.sees(self._booked(what))
        return session

    def _booked(self, what: str) -> str:
        if what in {"lantern", "sticker"}:
            return "C’est à vous" if self._french else "It is yours"
        return "C’est réservé" if self._french else "You are booked"
