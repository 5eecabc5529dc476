"""What the security page says can be checked: the calls to Stripe, the permissions, the files that are named."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import stripe

from bot.domain.ids import SessionId
from bot.payments.failures import StripeFailure
from bot.payments.gateway import Gateway

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "security.md"
SESSION, INTENT = "cs_test_1", "pi_1"
SOME_DAY = datetime(2030, 1, 1, tzinfo=UTC)


class Listening(stripe.StripeClient):
    """Writes down what is called, and answers nothing that is of use."""

    def __init__(self) -> None:
        super().__init__("rk_test_listening")
        self.calls: set[str] = set()
        self.expanded: set[object] = set()

    async def raw_request_async(self, method_: str, url_: str, **parameters: Any) -> Any:
        self.calls.add(f"{method_.upper()} {url_.replace(SESSION, '{id}').replace(INTENT, '{id}')}")
        self.expanded |= set(parameters.get("expand", ()))
        raise aiohttp.ClientConnectionError("nobody is there")


async def listened() -> Listening:
    """Every call that the gateway can make."""
    client = Listening()
    gateway = Gateway(client)
    known = SessionId(SESSION)
    asked = [
        gateway.create_session({}, "key"),
        gateway.session(known),
        gateway.expire_session(known),
        gateway.find_session("reference", SOME_DAY, SOME_DAY),
        gateway.create_refund({}, "key"),
        gateway.refunds_of("pi_1"),
        gateway.events_since(SOME_DAY),
        gateway.account(),
        gateway.webhook_endpoints(),
        gateway.receipt(INTENT),
    ]
    public = {name for name in vars(Gateway) if not name.startswith("_")}
    assert len(asked) == len(public), "the page and this test must learn of a new call"
    for call in asked:
        with pytest.raises(StripeFailure):
            await call
    return client


def permissions(page: Path, heading: str) -> dict[str, str]:
    """Resource and permission, from the first two columns of the table below a text."""
    text = page.read_text(encoding="utf-8").partition(heading)[2].partition("| --- |")[2].partition("\n\n")[0]
    return dict(re.findall(r"^\| ([^|]+) \| (read|write) \|", text, re.MULTILINE))


async def test_the_calls_that_are_named_are_those_that_are_made() -> None:
    client = await listened()
    text = PAGE.read_text(encoding="utf-8")
    assert set(re.findall(r"`((?:GET|POST|DELETE) /v1/[^`]+)`", text)) == client.calls
    assert {f"expand[]={name}" for name in client.expanded} == set(re.findall(r"`(expand\[\]=\w+)`", text))


def test_the_permissions_of_the_key_are_those_of_the_readme() -> None:
    named = permissions(PAGE, "## Stripe's key")
    assert named == permissions(ROOT / "README.md", "**3. Stripe's key.**")
    assert len(named) == 6


def test_each_row_of_a_component_names_a_threat_a_defence_and_where_to_look() -> None:
    rows = re.findall(r"^\| ([STRIDE]) \|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    for _, row in rows:
        threat, defence, where, _ = (cell.strip() for cell in row.split(" | "))
        assert all((threat, defence, re.search(r"`[^`]+`", where))), row
    assert {kind for kind, _ in rows} == set("STRIDE")
