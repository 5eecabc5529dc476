"""Somebody finds what they look for by words, shares it, and another one books it from the link."""

from urllib.parse import parse_qs, urlsplit

from tests.journeys.people import Person
from tests.journeys.shop import Shop
from tests.journeys.walks import Walks


async def proposals(shop: Shop, person: Person, query: str, chat: int | None = None) -> tuple[str, list[str]]:
    """The id of an inline query, and the ids of what the bot proposes."""
    body = {"query": query} | ({} if chat is None else {"chat": chat})
    asked = await shop.sandbox.post(f"chats/{person.id}/inline", body)
    query_id = str(asked["query_id"])
    proposed = await shop.eventually(
        lambda: shop.telegram.proposed(person.id, query_id), lambda: f"an answer to {query!r}"
    )
    return query_id, [result.id for result in proposed.results]


async def test_words_lead_to_a_booking(shop: Shop) -> None:
    await shop.camille.says("/start")
    await shop.camille.presses("Rechercher")
    await shop.camille.sees("Que cherchez-vous ?")
    await shop.camille.says("lanterne")
    await shop.camille.presses("Lanterne")
    await Walks(shop.camille, french=True).press("Choose how many")
    await Walks(shop.camille, french=True).press("Continue")
    await Walks(shop.camille, french=True).press("Hold and pay")
    await shop.camille.pays()
    await shop.camille.sees("C’est à vous")


async def test_what_is_shared_into_a_group_is_booked_by_another(shop: Shop) -> None:
    await shop.noe.says("/start r_sunrise")
    (share,) = [button for row in shop.noe.screen().keyboard for button in row if button.text == "Share"]
    query_id, found = await proposals(shop, shop.noe, share.value, shop.team.chat)
    assert found == ["sunrise"]
    path = f"chats/{shop.noe.id}/inline/{query_id}/send"
    posted = await shop.sandbox.post(path, {"result": "sunrise", "chat": shop.team.chat})
    card = shop.telegram.message(shop.team.chat, int(str(posted["message_id"])))
    assert card.text.startswith("Sunrise on the Semnoz\nBreakfast in the first light.")
    payload = parse_qs(urlsplit(card.keyboard[0][0].value).query)["start"][0]
    await shop.alice.says(f"/start {payload}_20300604")
    await shop.alice.presses("06:00")
    await shop.alice.presses("Continue")
    await shop.alice.presses("Hold and pay")
    await shop.alice.pays()
    await shop.alice.sees("You are booked")


async def test_the_bot_is_asked_in_each_language_and_knows_no_volcano(shop: Shop) -> None:
    for person in (shop.alice, shop.camille):
        assert (await proposals(shop, person, "semnoz"))[1] == ["sunrise"]
        assert (await proposals(shop, person, "volcano"))[1] == []
        assert len((await proposals(shop, person, ""))[1]) > 2
