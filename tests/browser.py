"""Chromium for the tests, and people's phones on the sandbox's page.

`chromium` (tests/conftest.py) is the one browser of a test run; tests that use it run in the session's loop. Where it
is missing they are skipped, or fail if GUICHET_REQUIRE_BROWSER=1. They wait for conditions and never for a time.
"""

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.palette import fewer_colours

HOW_TO_INSTALL = "no Chromium here: apt-get install chromium fonts-noto-color-emoji"
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
PATIENCE = 60_000
"""Milliseconds; a loaded machine may be slow."""
IMAGES = Path(__file__).parent.parent / "docs" / "images"


def chromium_path() -> str:
    """Where the browser is; skips or fails the test where it is missing."""
    for name in NAMES:
        if (path := shutil.which(name)) is not None:
            return path
    if os.environ.get("GUICHET_REQUIRE_BROWSER") == "1":
        pytest.fail(HOW_TO_INSTALL, pytrace=False)
    pytest.skip(HOW_TO_INSTALL)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    path = chromium_path()
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS, timeout=PATIENCE)
        yield browser
        await browser.close()


@asynccontextmanager
async def opened_page(
    browser: Browser, url: str, *, width: int = 1440, height: int = 900, locale: str = "en-GB"
) -> AsyncIterator[Page]:
    """A page on which, as it turns out at the end, no script has failed."""
    context = await browser.new_context(
        viewport={"width": width, "height": height}, locale=locale, device_scale_factor=2 if saving_images() else 1
    )
    context.set_default_timeout(PATIENCE)
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    try:
        page = await context.new_page()
        await page.goto(url)
        yield page
    finally:
        await context.close()
    assert not faults


def saving_images() -> bool:
    return os.environ.get("GUICHET_SAVE_IMAGES") == "1"


async def save_image(page: Page, name: str, part: Locator | None = None) -> None:
    """Keep the page, or a part of it in twice the resolution, for the readme if GUICHET_SAVE_IMAGES=1 asks for it."""
    if not saving_images():
        return
    await page.mouse.move(0, 0)
    await page.wait_for_function("[...document.images].every((image) => image.complete && image.naturalWidth)")
    await page.evaluate("document.activeElement.blur()")
    if part is None:
        png = await page.screenshot(animations="disabled", scale="css")
    else:
        png = await part.screenshot(animations="disabled", scale="device")
    (IMAGES / f"{name}.png").write_bytes(await fewer_colours(page, png))


@dataclass(frozen=True)
class Phone:
    """What somebody sees and does on the sandbox's page; labels and texts may be shortened."""

    page: Page
    person: int

    @property
    def screen(self) -> Locator:
        return self.page.locator(f'[data-person="{self.person}"] .phone')

    @property
    def last(self) -> Locator:
        """The newest message of the chat that is open."""
        return self.screen.locator(".screen:not([hidden]) .message").last

    async def tap(self, label: str, number: int = 0) -> None:
        """A button of the phone, the first of that label or another by its number."""
        await self.screen.get_by_role("button", name=label).nth(number).click()

    async def tap_day(self) -> None:
        """The last day that can be chosen in the calendar."""
        await self.last.get_by_role("button", name=re.compile(r"^\d+$")).last.click()

    async def says(self, text: str) -> None:
        await self.screen.get_by_label("Message", exact=True).fill(text)
        await self.page.keyboard.press("Enter")

    async def sees(self, *texts: str) -> None:
        """The newest message says all of these."""
        for text in texts:
            await expect(self.last).to_contain_text(text)
