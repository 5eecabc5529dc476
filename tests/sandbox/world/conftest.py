"""Fixtures of the served world, and the browser that looks at it."""

import os
import shutil
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.sandbox.server import serve
from bot.sandbox.world import World
from tests.sandbox.world.client import Sandbox

HOW_TO_INSTALL = "no Chromium here: apt-get install chromium fonts-noto-color-emoji"


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    served = await serve(World())
    async with aiohttp.ClientSession() as session:
        yield Sandbox(served, session)
    await served.close()


@pytest.fixture
def chromium_path() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is not None:
        return path
    if os.environ.get("GUICHET_REQUIRE_BROWSER") == "1":
        pytest.fail(HOW_TO_INSTALL, pytrace=False)
    pytest.skip(HOW_TO_INSTALL)


@pytest_asyncio.fixture
async def chromium(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        await browser.close()
