"""Who writes to us, and in which language we answer."""

import pytest

from bot.domain.errors import Gone
from bot.domain.ids import CustomerId, TelegramId
from bot.services.customers import Customers
from storage.database import Database
from tests.clock import FakeClock

ADA = TelegramId(1001)


@pytest.fixture
def customers(database: Database, clock: FakeClock) -> Customers:
    return Customers(database, clock, ["en", "fr", "pt-BR"])


async def test_a_person_is_one_customer_with_todays_name(customers: Customers) -> None:
    first = await customers.meet(ADA, "Ada", "en")
    again = await customers.meet(ADA, "Ada L.", "fr")
    assert again.id == first.id
    assert (again.name, again.telegram_language) == ("Ada L.", "fr")
    assert await customers.by_id(first.id) == again == await customers.meet(ADA, "Ada L.", "fr")


async def test_who_writes_does_not_block_us(customers: Customers) -> None:
    ada = await customers.meet(ADA, "Ada", "en")
    await customers.mark_blocked(ADA)
    assert (await customers.by_id(ada.id)).blocked
    assert not (await customers.meet(ADA, "Ada", "en")).blocked


@pytest.mark.parametrize(
    ("telegram", "answered"), [("fr", "fr"), ("fr-CA", "fr"), ("pt-br", "pt-BR"), ("de", "en"), (None, "en")]
)
async def test_the_language_is_telegrams_if_the_shop_offers_it(
    customers: Customers, telegram: str | None, answered: str
) -> None:
    assert customers.language_of(await customers.meet(ADA, "Ada", telegram)) == answered


async def test_a_chosen_language_stays(customers: Customers) -> None:
    ada = await customers.meet(ADA, "Ada", "en")
    await customers.choose_language(ada.id, "fr")
    assert customers.language_of(await customers.meet(ADA, "Ada", "en")) == "fr"


async def test_a_language_that_the_shop_does_not_offer_is_refused(customers: Customers) -> None:
    ada = await customers.meet(ADA, "Ada", "en")
    with pytest.raises(Gone):
        await customers.choose_language(ada.id, "de")


async def test_who_never_wrote_is_unknown(customers: Customers) -> None:
    with pytest.raises(Gone):
        await customers.by_id(CustomerId(99))
    with pytest.raises(Gone):
        await customers.choose_language(CustomerId(99), "fr")


async def test_an_overlong_name_with_a_nul_is_kept_cut(customers: Customers) -> None:
    ada = await customers.meet(ADA, "A\0" + "d" * 5000, "en-" + "x" * 50)
    assert ada.name == "A" + "d" * 127


NAMES = [("A\0da", "Ada"), ("Ada\ud800", "Ada"), ("\udfff", ""), ("🦊" * 200, "🦊" * 128)]


@pytest.mark.fault(44)
@pytest.mark.parametrize(("told", "kept"), NAMES, ids=range(len(NAMES)))
async def test_a_name_is_kept_as_far_as_a_database_can_keep_it(customers: Customers, told: str, kept: str) -> None:
    met = await customers.meet(ADA, told, told)
    assert (met.name, met.telegram_language) == (kept, kept[:16])
    assert await customers.meet(ADA, told, told) == met
