"""The page stays true without a reload: a restart, a reset, the clock, presence."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import BrowserContext, Route, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import LocalSlack
from bot.sandbox.clock import RunningClock
from tests.sandbox.manifest import manifest
from tests.sandbox.page.clinic import Clinic, Seat, seat_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_page_comes_back_after_the_server_restarts(
    context: BrowserContext, tmp_path: Path
) -> None:
    kept = tmp_path / "slack.json"
    first = await LocalSlack.start(state_file=kept)
    port = urlsplit(first.url).port or 0
    ana = first.add_person("ana", "Dr. Ana Rivera")
    channel = first.add_channel("clinic", members=[ana])
    page = await context.new_page()
    await page.goto(f"{first.url}/?as={ana}")
    seat = Seat(page, page.locator(".pane"))
    await seat.says("#clinic", "Before")
    await seat.sees("Before")
    await seat.box("#clinic").fill("half a sent")
    await first.stop()
    await expect(page.get_by_text("Connecting again…")).to_be_visible()

    second = await LocalSlack.start(state_file=kept, port=port)
    await second.person(ana).posts(channel, "While you were away")
    await expect(page.get_by_text("Connecting again…")).to_have_count(0)
    await seat.sees("While you were away")
    await seat.sees("Before")
    await expect(seat.box("#clinic")).to_have_value("half a sent")
    await seat.says("#clinic", "After")
    await seat.sees("After")
    await second.stop()


async def test_what_cannot_be_sent_stays_with_a_word_why(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    await ana.page.context.set_offline(True)
    await ana.says("#clinic", "Important")
    await expect(ana.pane.locator(".composer-hint")).to_contain_text("does not answer")
    await expect(ana.box("#clinic")).to_have_value("Important")
    await ana.page.context.set_offline(False)
    await ana.box("#clinic").press("Enter")
    await ana.sees("Important")
    assert [one.text for one in clinic.ana.messages(clinic.channel)].count("Important") == 1


async def test_after_a_reset_the_page_asks_who_one_is(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    clinic.slack.reset()
    await expect(ana.page.get_by_role("heading", name="Who would you like to be?")).to_be_visible()


async def test_somebody_is_chosen_on_the_first_page(clinic: Clinic) -> None:
    page = await clinic.context.new_page()
    await page.goto(clinic.slack.url)
    await page.get_by_role("button", name="Sam Lee Massage therapist").click()
    lee = seat_of(page, clinic.lee)
    await expect(lee.box("#clinic")).to_be_visible()
    assert f"as={clinic.lee.id}" in page.url


async def test_one_becomes_somebody_else_and_two(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    await ana.pane.get_by_role("button", name="You are Dr. Ana Rivera").click()
    await ana.page.get_by_role("menuitem", name="Sam Lee").click()
    lee = seat_of(ana.page, clinic.lee)
    await expect(lee.box("#clinic")).to_be_visible()
    await expect(ana.pane).to_have_count(0)
    await ana.page.get_by_role("button", name="Two people").click()
    await expect(ana.page.locator(".pane")).to_have_count(2)
    await ana.page.get_by_role("button", name="One person").click()
    await expect(ana.page.locator(".pane")).to_have_count(1)


async def test_the_clock_is_moved_from_the_bar(context: BrowserContext) -> None:
    clock = RunningClock()
    due = clock.now() + timedelta(days=3)

    async def next_event() -> datetime | None:
        return due

    slack = await LocalSlack.start(clock, next_event=next_event)
    ana = slack.add_person("ana", "Dr. Ana Rivera", tz="America/New_York")
    slack.add_channel("clinic", members=[ana])
    page = await context.new_page()
    await page.goto(f"{slack.url}/?as={ana}")
    shown = page.locator(".bar-time")

    async def moved(button: str, to: datetime) -> None:
        await page.get_by_role("button", name=button).click()
        await expect(shown).to_have_attribute("datetime", _near(to))
        assert abs(clock.now() - to) < timedelta(seconds=30)

    await moved("+1 hour", clock.now() + timedelta(hours=1))
    await moved("+1 day", clock.now() + timedelta(days=1))
    await moved("Next event", due)
    await slack.stop()


async def test_what_was_today_is_yesterday_once_the_day_is_over(context: BrowserContext) -> None:
    clock = RunningClock()
    slack = await LocalSlack.start(clock)
    ana = slack.add_person("ana", "Dr. Ana Rivera", tz="America/New_York")
    app = slack.install_app(manifest())
    channel = slack.add_channel("clinic", members=[ana, app.bot_user_id])
    client = AsyncWebClient(app.bot_token, base_url=f"{slack.url}/api/")
    today = f"<!date^{clock.now().timestamp():.0f}^{{date_short_pretty}}|then>"
    await client.chat_postMessage(channel=channel, text=f"Due {today}")
    page = await context.new_page()
    await page.goto(f"{slack.url}/?as={ana}")
    await expect(page.get_by_text("Due today")).to_be_visible()

    await page.get_by_role("button", name="+1 day").click()
    await expect(page.get_by_text("Due yesterday")).to_be_visible()
    await expect(page.get_by_role("separator", name="Yesterday")).to_be_visible()
    await slack.stop()


def _near(moment: datetime) -> re.Pattern[str]:
    """The page's moment to the minute, give or take one: both clocks run on."""
    minutes = {(moment + timedelta(minutes=by)).strftime("%Y-%m-%dT%H:%M") for by in (-1, 0, 1)}
    return re.compile("^(" + "|".join(sorted(minutes)) + ")")


async def test_presence_and_do_not_disturb_show_to_others(clinic: Clinic) -> None:
    direct = clinic.ana.direct_channel_with(clinic.lee.id)
    await clinic.lee.posts(direct, "Hello")
    ana = await clinic.seat(clinic.ana, beside=clinic.lee)
    lee = seat_of(ana.page, clinic.lee)
    entry = ana.pane.locator(".side-item").filter(has_text="Sam Lee")
    await expect(entry.get_by_role("img", name="active")).to_be_visible()

    await lee.pane.get_by_role("button", name="You are Sam Lee").click()
    await lee.page.get_by_role("menuitem", name="Set yourself as away").click()
    await expect(entry.get_by_role("img", name="away")).to_be_visible()

    await lee.pane.get_by_role("button", name="You are Sam Lee").click()
    await lee.page.get_by_role("menuitem", name="Pause notifications for 1 hour").click()
    await entry.click()
    await expect(ana.pane.locator(".foot-quiet")).to_contain_text("has paused notifications")
    await expect(
        lee.pane.get_by_role("button", name="You are Sam Lee, notifications paused")
    ).to_be_visible()


async def test_a_channel_one_is_asked_into_appears_and_one_left_goes(clinic: Clinic) -> None:
    lee = await clinic.seat(clinic.lee)
    secret = clinic.slack.add_channel("secret", private=True, members=[clinic.ana.id])
    entry = lee.pane.locator(".side-item").filter(has_text="secret")
    await clinic.ana.invites(secret, clinic.lee.id)
    await entry.click()
    await expect(lee.box("#secret")).to_be_visible()
    await lee.pane.get_by_role("button", name="About this channel").click()
    await lee.page.get_by_role("menuitem", name="Leave channel…").click()
    await lee.pane.get_by_role("alertdialog").get_by_role("button", name="Leave").click()
    await expect(entry).to_have_count(0)
    await expect(lee.box("#clinic")).to_be_visible()


async def test_who_is_typing_shows(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana, beside=clinic.lee)
    lee = seat_of(ana.page, clinic.lee)
    await ana.box("#clinic").press_sequentially("He")
    await expect(lee.pane.locator(".typing")).to_have_text("Dr. Ana Rivera is typing…")


async def test_what_happens_while_a_channel_is_fetched_is_not_overwritten(clinic: Clinic) -> None:
    """The answer was true when it was given, and out of date when it came."""
    changed = await clinic.lee.posts(clinic.channel, "Flexion 90 degrees")
    removed = await clinic.lee.posts(clinic.channel, "Meant for somebody else")
    asked, let_go = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        asked.set()
        await let_go.wait()
        await route.fulfill(response=answer)

    await clinic.context.route("**/history?*", late)
    ana = await clinic.seat(clinic.ana)
    await asked.wait()
    await clinic.lee.edits(clinic.channel, changed, "Flexion 95 degrees")
    await clinic.lee.deletes(clinic.channel, removed)
    await clinic.lee.posts(clinic.channel, "And no pain")
    heard = ana.page.get_by_role("log")
    await expect(heard).to_contain_text("And no pain")
    let_go.set()

    await ana.sees("Flexion 95 degrees")
    await ana.sees("And no pain")
    await expect(ana.message("Meant for somebody else")).to_have_count(0)
    await clinic.context.unroute("**/history?*")
