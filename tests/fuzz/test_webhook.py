"""Strangers' requests and odd events: nothing is answered with a mistake of ours, nothing wrong comes of them."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime

import pytest
import pytest_asyncio

from bot.domain import settlement as decisions
from bot.domain.effects import Outcome
from bot.domain.facts import SessionFact
from bot.domain.ids import InventoryId
from bot.domain.orders import Case
from bot.domain.settlement import settle_session
from bot.payments.events import Event, Verifier
from bot.services import settlement
from bot.services.settlement import Settlement
from storage.database import Database
from tests.fuzz.running import Fuzz, open_fuzz

pytestmark = [pytest.mark.fault(15), pytest.mark.fault(21), pytest.mark.fault(38), pytest.mark.fault(40)]
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAMPLE = range(1, 101)
MORE = range(101, 401)


@pytest_asyncio.fixture
async def fuzz(database: Database) -> AsyncIterator[Fuzz]:
    async with open_fuzz(database) as opened:
        yield opened


async def test_no_input_does_harm_and_good_events_are_served_between_them(fuzz: Fuzz) -> None:
    assert await fuzz.play(SAMPLE) == []
    assert len(fuzz.tally.sorts) == 9
    assert {"settled", "ignored", "failed"} <= set(fuzz.tally.ends)


# A planted mistake is found by the same inputs


@ON_SQLITE
async def test_a_parser_that_raises_something_else_is_found(fuzz: Fuzz, monkeypatch: pytest.MonkeyPatch) -> None:
    def trusting(verifier: Verifier, body: bytes, signature: str | None, now: datetime) -> Event:
        return verifier._event(body, signature or "", now)

    monkeypatch.setattr(Verifier, "verify", trusting)
    assert any(line.endswith(": 503") for line in await fuzz.together(SAMPLE))


@ON_SQLITE
async def test_a_signature_that_is_not_looked_at_is_found(fuzz: Fuzz, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Verifier, "_signed_at", lambda *_: fuzz.at)
    assert any("stored without having been signed" in line for line in await fuzz.together(SAMPLE))


@ON_SQLITE
async def test_an_amount_that_is_not_compared_is_found(fuzz: Fuzz, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "_mismatch", decisions._book)
    assert any("money taken as paid, although only" in line for line in await fuzz.together(MORE))


@ON_SQLITE
async def test_a_mode_that_is_not_compared_is_found(fuzz: Fuzz, monkeypatch: pytest.MonkeyPatch) -> None:
    def believing(
        case: Case, fact: SessionFact, room: Mapping[InventoryId, int], *, live: bool, now: datetime
    ) -> Outcome:
        return settle_session(case, replace(fact, livemode=live), room, live=live, now=now)

    monkeypatch.setattr(settlement, "settle_session", believing)
    assert any("and nobody said so" in line for line in await fuzz.together(MORE))


@ON_SQLITE
async def test_a_settlement_that_dies_of_one_event_is_found(fuzz: Fuzz, monkeypatch: pytest.MonkeyPatch) -> None:
    async def die(_: Settlement, error: Exception) -> int:
        raise error

    monkeypatch.setattr(Settlement, "_give_up", die)
    found = await fuzz.together(MORE)
    assert any("the settlement died" in line for line in found)
    assert any("not settled" in line for line in found)
