"""A booking's code and the QR code of its ticket open it for its owner, and tell nobody else anything of it."""

import pytest

from storage import schema
from tests.handlers.counter import ADA, BLAISE, Counter
from tests.handlers.walks import to_the_ticket

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FOR_THE_DOOR = "C’est un billet pour l’entrée."


async def booked(counter: Counter, column: str) -> str:
    await to_the_ticket(counter, ADA)
    await counter.say(ADA, "/start")
    (row,) = await counter.world.rows(schema.booking)
    return str(row._mapping[column])


@pytest.mark.parametrize("written", ["{code}", "{lower}", " {bare} ", "{apart}"])
async def test_ones_own_code_opens_the_booking_however_it_is_written(counter: Counter, written: str) -> None:
    code = await booked(counter, "code")
    ways = {"lower": code.lower(), "bare": code.replace("-", ""), "apart": code.replace("-", " ")}
    await counter.say(ADA, written.format(code=code, **ways))
    assert f"Code {code}" in counter.screen(ADA).text
    assert "Cancel this booking" in counter.labels(counter.screen(ADA))


@pytest.mark.fault(43)
async def test_a_strangers_code_is_a_question_without_a_result(counter: Counter) -> None:
    code = await booked(counter, "code")
    for which in (code, "ZZZZ-ZZ"):
        await counter.say(BLAISE, which)
        assert counter.screen(BLAISE).text.startswith(f"Rien trouvé pour «\N{NO-BREAK SPACE}{which}")


async def test_ones_own_ticket_opens_the_booking(counter: Counter) -> None:
    token = await booked(counter, "ticket_token")
    await counter.say(ADA, f"/start ci_{token}")
    assert "Cancel this booking" in counter.labels(counter.screen(ADA))


@pytest.mark.fault(43)
async def test_anybody_elses_ticket_says_what_it_is_for_and_nothing_of_the_booking(counter: Counter) -> None:
    token = await booked(counter, "ticket_token")
    seen = []
    for which in (token, token.swapcase(), "", "' OR 1=1"):
        await counter.say(BLAISE, f"/start ci_{which}")
        seen.append(counter.screen(BLAISE).text)
    assert seen[0].startswith(FOR_THE_DOOR)
    assert set(seen) == {seen[0]}
    assert not any(told in seen[0] for told in ("Sunrise", "24", "Code"))
