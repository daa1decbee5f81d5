"""People write to each other on the page."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.sandbox.page.clinic import Clinic, seat_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_two_people_side_by_side_talk_in_a_thread(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana, beside=clinic.lee)
    lee = seat_of(ana.page, clinic.lee)

    await ana.says("#clinic", "How is the knee?")
    asked = await lee.sees("How is the knee?")
    await asked.hover()
    await asked.get_by_role("button", name="Reply in thread").click()
    reply = lee.thread.get_by_role("textbox", name="Reply in the thread")
    await reply.fill("Flexion 95 degrees")
    await reply.press("Enter")
    await expect(lee.thread.locator("li.message")).to_have_count(2)

    summary = ana.message("How is the knee?").get_by_role("button", name="1 reply")
    await summary.click()
    await expect(ana.thread).to_contain_text("Flexion 95 degrees")
    root = clinic.ana.messages(clinic.channel)[-1]
    replies = clinic.ana.thread(clinic.channel, root.ts)
    assert [one.text for one in replies] == ["How is the knee?", "Flexion 95 degrees"]
