"""One Chromium a worker; a local Slack and a browser context of its own for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, async_playwright, expect

from bot.sandbox import LocalSlack
from tests.sandbox.page.browser import ARGUMENTS, chromium
from tests.sandbox.page.clinic import SECONDS, Clinic, founded


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = chromium()
    expect.set_options(timeout=SECONDS * 1000)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A fresh profile. Whatever goes wrong in the page's own script fails the test."""
    opened = await browser.new_context(viewport={"width": 1440, "height": 900})
    opened.set_default_timeout(SECONDS * 1000)
    wrong: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A refused or lost connection is Chromium's own line, and what some tests are about.
        if message.type == "error" and "WebSocket" not in message.text:
            wrong.append(message.text)

    opened.on("console", note)
    opened.on("weberror", lambda error: wrong.append(str(error.error)))
    yield opened
    await opened.close()
    unexpected = [text for text in wrong if "net::ERR_" not in text]
    assert unexpected == []


@pytest_asyncio.fixture(loop_scope="session")
async def clinic(context: BrowserContext) -> AsyncIterator[Clinic]:
    slack = await LocalSlack.start()
    made = await founded(context, slack)
    yield made
    await made.handler.close_async()  # type: ignore[no-untyped-call]
    await slack.stop()
