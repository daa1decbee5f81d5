"""Slash commands and shortcuts from the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.sandbox.page.clinic import Clinic

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_commands_are_offered_and_explained_while_one_types(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    box = ana.box("#clinic")
    await box.press_sequentially("/re")
    offer = ana.page.get_by_role("option", name="/refer")
    await expect(offer).to_contain_text("Refer a patient")
    await box.press("Enter")
    await expect(box).to_have_value("/refer ")
    await expect(ana.pane.locator(".composer-hint")).to_contain_text("/refer [name]")
    await box.press_sequentially("knee, left")
    await box.press("Enter")
    body = await clinic.heard.next("command")
    assert (body["command"], body["text"]) == ("/refer", "knee, left")
    assert (body["channel_id"], body["user_id"]) == (clinic.channel, clinic.ana.id)
    await expect(box).to_have_value("")


async def test_an_unknown_command_stays_in_the_field_with_a_word(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    before = len(clinic.ana.messages(clinic.channel))
    await ana.says("#clinic", "/reffer knee")
    await expect(ana.pane.locator(".composer-hint")).to_have_text("/reffer is not a command here.")
    await expect(ana.box("#clinic")).to_have_value("/reffer knee")
    assert len(clinic.ana.messages(clinic.channel)) == before


async def test_a_command_that_nobody_answers_says_so_and_keeps_the_words(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    await clinic.handler.close_async()  # type: ignore[no-untyped-call]
    await ana.says("#clinic", "/refer knee, left")
    await expect(ana.pane.locator(".composer-hint")).to_contain_text("/refer failed")
    await expect(ana.box("#clinic")).to_have_value("/refer knee, left")


async def test_a_commands_answer_shows_to_the_person_alone(clinic: Clinic) -> None:
    async def answer(ack: Callable[..., Awaitable[None]]) -> None:
        await ack("Two referrals are open.")

    clinic.bolt._async_listeners.clear()
    clinic.bolt.command("/refer")(answer)
    ana = await clinic.seat(clinic.ana)
    await ana.says("#clinic", "/refer list")
    await expect(ana.message("Two referrals are open.")).to_contain_text("Only visible to you")


async def test_a_global_shortcut_is_found_with_the_keyboard(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    await expect(ana.box("#clinic")).to_be_visible()
    await ana.page.keyboard.press("Control+k")
    await ana.page.keyboard.type("refer a")
    await ana.page.keyboard.press("Enter")
    body = await clinic.heard.next("shortcut")
    assert (body["callback_id"], body["user"]["id"]) == ("refer", clinic.ana.id)
    assert body["trigger_id"]


async def test_a_message_shortcut_carries_its_message(clinic: Clinic) -> None:
    ts = await clinic.lee.posts(clinic.channel, "Left calf hot and swollen")
    ana = await clinic.seat(clinic.ana)
    await ana.message("Left calf").hover()
    await ana.message("Left calf").get_by_role("button", name="More about this message").click()
    await ana.page.get_by_role("menuitem", name="Raise a concern").click()
    body = await clinic.heard.next("message_action")
    assert (body["callback_id"], body["message_ts"]) == ("raise_concern", ts)
    assert body["message"]["text"] == "Left calf hot and swollen"
    assert body["channel"]["id"] == clinic.channel
