"""Rules of the catalogue's pictures on the web."""

import pytest

from bot.domain.catalogue import Picture
from bot.domain.ids import MediaId
from bot.services.browsing import Browsing
from storage import media
from storage.database import Database
from tests.clock import FakeClock
from tests.web.served import Behind, Served

PICTURE = Picture(MediaId(7), "image/jpeg", b"\xff\xd8 a boat", None)


@pytest.fixture
def behind(served: Served) -> Behind:
    served.behind.pictures[7] = PICTURE
    return served.behind


async def test_a_picture_is_shown_and_may_be_kept(served: Served, behind: Behind) -> None:
    async with served.client.get(f"{served.url}/media/7") as answer:
        assert (answer.status, await answer.read()) == (200, PICTURE.content)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Cache-Control"].startswith("public, max-age=")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_picture_that_is_known_already_is_not_sent_again(served: Served, behind: Behind) -> None:
    async with served.client.get(f"{served.url}/media/7") as answer:
        tag = answer.headers["ETag"]
    async with served.client.get(f"{served.url}/media/7", headers={"If-None-Match": tag}) as answer:
        assert (answer.status, await answer.read(), answer.headers["ETag"]) == (304, b"", tag)
    behind.pictures[7] = Picture(MediaId(7), "image/jpeg", b"another", None)
    assert (await served.get("/media/7", If_None_Match=tag))[0] == 200


@pytest.mark.parametrize(
    "name", ["8", "-1", "0x7", "7.jpg", "../7", "..%2f..%2fetc%2fpasswd", "9" * 30, "٧", "7/", "", "7%00"]
)
async def test_nothing_else_is_shown(served: Served, behind: Behind, name: str) -> None:
    assert (await served.get(f"/media/{name}"))[0] == 404


async def test_what_is_no_picture_is_not_shown(served: Served, behind: Behind) -> None:
    behind.pictures[7] = Picture(MediaId(7), "text/html", b"<script>", None)
    assert (await served.get("/media/7"))[0] == 404


async def test_the_pictures_are_those_of_the_catalogue(served: Served, database: Database, clock: FakeClock) -> None:
    kept = await database.run(lambda connection: media.keep(connection, "image/png", b"a lake"))
    browsing = Browsing(database, clock, "EUR")
    served.behind.pictures[int(kept)] = await browsing.picture(kept)
    assert await served.get(f"/media/{kept}") == (200, "a lake")
