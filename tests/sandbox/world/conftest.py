"""Fixtures of the served world, and the browser that looks at it."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.sandbox.world.client import Sandbox, served_sandbox

HOW_TO_INSTALL = "no Chromium here: apt-get install chromium fonts-noto-color-emoji"


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with served_sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is not None:
        return path
    if os.environ.get("GUICHET_REQUIRE_BROWSER") == "1":
        pytest.fail(HOW_TO_INSTALL, pytrace=False)
    pytest.skip(HOW_TO_INSTALL)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(chromium_path: str) -> AsyncIterator[Browser]:
    """One browser for all tests; those that use it run in the session's loop."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        await browser.close()
