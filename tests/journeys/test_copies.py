"""What leaves the shop as a file or as numbers holds no secret, however much has gone through it."""

from pathlib import Path

import aiohttp
import pytest

from storage.backup import back_up
from storage.instance import database_file
from tests.journeys.shop import Shop
from tests.journeys.walks import Walks

pytestmark = pytest.mark.fault(45)


async def numbers(shop: Shop) -> bytes:
    assert shop.application._web is not None
    address = f"http://127.0.0.1:{shop.application._web.admin.port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        return await response.read()


async def test_no_secret_is_in_a_backup_an_export_or_the_numbers(shop: Shop, stocked_url: str, tmp_path: Path) -> None:
    await Walks(shop.alice).to_booking()
    await shop.fault("stripe", "error", "/v1/checkout/sessions", status=401)
    await Walks(shop.alice).to_hold("lantern")
    await shop.alice.sees("payment link")
    file, copy = database_file(stocked_url), tmp_path / "copy.db"
    assert file is not None
    back_up(file, copy)
    export = await shop.application.core.catalogue_import.export()
    left = [copy.read_bytes(), export.text.encode(), await numbers(shop)]
    secrets = shop.application._settings.secrets()
    assert len(secrets) >= 3
    assert [secret[:8] for secret in secrets for text in left if secret.encode() in text] == []
    assert b"alice" in left[0].lower()
