"""Rules of the pages that Stripe Checkout leads back to."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from bot.web.languages import preferred
from tests.web.served import CHAT, Served

pytestmark = pytest.mark.fault(41)


@pytest.mark.parametrize("kind", ["done", "cancelled"])
async def test_the_page_leads_back_to_the_chat(served: Served, kind: str) -> None:
    status, page = await served.get(f"/checkout/{kind}/Zk3")
    assert status == 200
    assert f'<a href="{CHAT}"' in page
    assert f"<h1>en {kind}</h1>" in page


@pytest.mark.parametrize(
    "token", ["a", "9" * 500, "%00", "..%2f..%2fetc%2fpasswd", "<script>", "é", "{}", "' OR 1=1 --"]
)
async def test_the_page_is_the_same_whatever_the_token_is(served: Served, token: str) -> None:
    assert await served.get(f"/checkout/done/{token}") == await served.get("/checkout/done/real?session_id=cs_1&paid=1")


async def test_words_are_shown_as_text(served: Served) -> None:
    _, page = await served.get("/checkout/done/x")
    assert "<title>&lt;done&gt; title</title>" in page
    assert "The chat knows more &amp; more." in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("fr-CH, fr;q=0.9, en;q=0.8", "fr"), ("de, en;q=0.5, fr;q=0.4", "en"), ("", "en"), ("de", "en"), (";;q=,*", "en")],
)
async def test_the_page_speaks_the_browsers_language(served: Served, asked: str, shown: str) -> None:
    _, page = await served.get("/checkout/done/x", Accept_Language=asked)
    assert f'<html lang="{shown}">' in page
    assert f"<h1>{shown} done</h1>" in page


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr;q=0, en", "en"),
        ("FR", "fr"),
        ("en;q=nan, fr;q=0.1", "fr"),
        ("fr;q=x", "en"),
        (",".join(["de"] * 999), "en"),
    ],
)
def test_an_odd_list_of_languages_still_gives_one_that_is_offered(header: str, language: str) -> None:
    assert preferred(header, ("en", "fr")) == language


async def test_a_language_that_the_shop_does_not_speak_is_not_used(served: Served) -> None:
    assert preferred("fr", ("en",)) == "en"


async def test_the_page_runs_nothing_loads_nothing_and_is_kept_nowhere(served: Served) -> None:
    async with served.client.get(f"{served.url}/checkout/done/x") as answer:
        page, headers = await answer.text(), answer.headers
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "<script" not in page
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert (headers["X-Content-Type-Options"], headers["Vary"]) == ("nosniff", "Accept-Language")
    assert "Set-Cookie" not in headers
