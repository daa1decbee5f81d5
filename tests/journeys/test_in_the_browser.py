"""The demo, clicked through in a real browser as two people side by side."""

import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, async_playwright, expect

from bot.clock import MovableClock
from bot.demo.clinic import Clinic, open_clinic
from bot.demo.people import Someone
from tests.sandbox.page.browser import ARGUMENTS, WIDER_THAN_THE_WINDOW, chromium

pytestmark = pytest.mark.browser

# Set to a folder to keep what was seen, for the README and for eyes.
_KEEP = os.environ.get("CARELOOP_SCREENSHOTS")


@dataclass
class Stage:
    """The page with two people on it."""

    clinic: Clinic
    page: Page

    def pane(self, name: str) -> "Pane":
        return Pane(self, self.page.get_by_role("region", name=name, exact=True))

    async def on_a_phone(self, someone: Someone) -> "Pane":
        """The same page as one person holds it in their hand."""
        await self.page.set_viewport_size({"width": 390, "height": 844})
        await self.page.goto(f"{self.clinic.slack.url}/?as={someone.user_id}")
        return self.pane(someone.name)

    async def fits(self) -> None:
        """Nothing stands out of the window."""
        assert await self.page.evaluate(WIDER_THAN_THE_WINDOW) == []

    async def picture(self, name: str) -> None:
        if _KEEP:
            await self.page.screenshot(path=str(Path(_KEEP) / f"{name}.png"))


@dataclass
class Pane:
    """One person's window."""

    stage: Stage
    place: Locator

    async def goes_to(self, channel: re.Pattern[str]) -> None:
        await self.place.get_by_role("button", name=channel).first.click()

    async def types(self, text: str, into: re.Pattern[str]) -> None:
        box = self.place.get_by_role("textbox", name=into).last
        await box.fill(text)
        await box.press("Enter")

    @property
    def form(self) -> Locator:
        return self.place.get_by_role("dialog")

    async def chooses(self, field: str, *names: str) -> None:
        box = self.form.get_by_role("combobox", name=field)
        await box.click()
        for name in names:
            await self.stage.page.get_by_role("option", name=re.compile(f"^{name}")).first.click()
        if await box.get_attribute("aria-expanded") == "true":
            await box.press("Escape")

    async def presses_next(self, title: str) -> None:
        """Go on to the step of that title."""
        await self.form.get_by_role("button", name="Next").click()
        await expect(self.form.get_by_role("heading", name=title)).to_be_visible()
        await self.stage.fits()

    async def presses(self, name: str) -> None:
        await self.place.get_by_role("button", name=re.compile(f"^{name}")).last.click()

    async def sets_day(self, field: str, day: str) -> None:
        box = self.form.get_by_role("textbox", name=field)
        await box.fill(day)
        await box.press("Enter")

    async def sees(self, text: str | re.Pattern[str]) -> None:
        await expect(self.place.get_by_text(text).last).to_be_visible()


@pytest_asyncio.fixture
async def stage(sqlite_url: str, clock: MovableClock) -> AsyncIterator[Stage]:
    path = chromium()
    async with (
        open_clinic(sqlite_url, clock) as clinic,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": 1480, "height": 920})
        page.set_default_timeout(15_000)
        expect.set_options(timeout=15_000)
        two = f"?as={clinic.surgeon.user_id}&beside={clinic.therapist.user_id}"
        await page.goto(f"{clinic.slack.url}/{two}")
        yield Stage(clinic, page)
        await browser.close()


async def fills_the_steps(surgeon: Pane, therapist: str = "Sam Lee") -> None:
    """A referral, step by step, up to its summary."""
    form = surgeon.form
    await form.get_by_label("Name", exact=True).fill("Jordan Ellis")
    await surgeon.sets_day("Date of birth", "1984-05-17")
    await surgeon.chooses("Who agreed to the referral", "The patient")
    await surgeon.sets_day("Day of the consent", "2026-11-20")
    await surgeon.presses_next("Reason and findings")
    await surgeon.chooses("Reason for referral", "After liposuction")
    await surgeon.sets_day("Date of surgery", "2026-11-10")
    await surgeon.chooses("Areas to treat", "Abdomen", "Flanks")
    await form.get_by_label("Medication that matters").fill("Enoxaparin until day 14")
    await surgeon.presses_next("Contraindications")
    await form.get_by_label("Anticoagulants").check()
    await form.get_by_label("I went through the list; nothing else of it applies").check()
    await form.get_by_label("Your clearance").fill("Light drainage only until it ends")
    await surgeon.presses_next("Treatment plan")
    await form.get_by_label("How many sessions").fill("10")
    await surgeon.chooses("How often", "2 times a week")
    await surgeon.presses_next("Visits and files")
    await form.get_by_label("The patient pays").check()
    await surgeon.presses_next("Therapist")
    await surgeon.chooses("Massage therapist", therapist)
    await surgeon.presses_next("Summary")


async def test_two_people_click_through_the_whole_loop(stage: Stage) -> None:
    surgeon, therapist = stage.pane("Dr. Ana Rivera"), stage.pane("Sam Lee")

    # The surgeon refers.
    await surgeon.goes_to(re.compile("^clinic"))
    await surgeon.types("/refer", re.compile("^Message"))
    await fills_the_steps(surgeon)
    await stage.picture("form")
    await surgeon.form.get_by_role("button", name="Send referral").click()
    await expect(surgeon.form.get_by_text("The case code is")).to_be_visible()
    await surgeon.form.get_by_role("button", name="Close").first.click()

    # The therapist accepts, from the card in the pair's new channel.
    pair = re.compile("^rivera-lee-")
    await therapist.goes_to(pair)
    await therapist.place.get_by_role("button", name=re.compile("^Accept")).click()
    await therapist.place.get_by_role("button", name=re.compile("[0-9] repl")).first.click()
    await therapist.sees("takes this case.")

    # … and answers in its thread, as to a colleague.
    reply = re.compile("^Reply")
    await therapist.types("Session 1, 60 min MLD abdomen + flanks, pain 6 -> 3", reply)
    await therapist.sees("Session update 1: kept")

    # Both see the same card.
    await surgeon.goes_to(pair)
    await surgeon.sees("1 of 10 sessions, 2 times a week")
    await surgeon.place.get_by_role("button", name=re.compile("[0-9] repl")).first.click()
    await stage.picture("loop")

    # A concern, raised in words and acknowledged by the surgeon.
    await therapist.types("concern: left calf hot and swollen, right is fine", reply)
    await surgeon.sees("Urgent concern, not acknowledged")
    await stage.picture("concern")
    acknowledge = surgeon.place.get_by_role("button", name=re.compile("^Acknowledge"))
    await acknowledge.last.click()
    await expect(surgeon.form.get_by_text("left calf hot and swollen")).to_be_visible()
    await surgeon.form.get_by_role("radio", name="See the patient").check()
    visit = surgeon.form.get_by_role("group", name="When do you see the patient?")
    await visit.get_by_label("Date", exact=True).fill("2026-11-24")
    await visit.get_by_label("Time", exact=True).fill("17:00")
    await surgeon.form.get_by_label("Anything to add").fill("Legs up until then")
    await stage.picture("acknowledge")
    await surgeon.form.get_by_role("button", name="Acknowledge").click()
    await therapist.sees(re.compile("will see the patient"))

    # The sign of a clot put the treatment on hold; the surgeon clears it.
    await surgeon.place.get_by_role("button", name=re.compile("^Clear the hold")).first.click()
    await surgeon.form.get_by_label("Clear the hold").check()
    await surgeon.form.get_by_role("button", name="Send").click()
    await therapist.sees("Treatment goes on.")

    # Time passes: what is due comes at the start of the next working day, a Monday.
    for day in range(24, 31):
        await stage.page.get_by_role("button", name="+1 day").click()
        await expect(stage.page.get_by_role("time").first).to_contain_text(f"Nov {day}")
    await therapist.goes_to(re.compile("^Careloop, app"))
    await therapist.sees(re.compile("post the next session update"))
    await stage.picture("nudge")

    await shares_with_a_colleague(stage)


async def shares_with_a_colleague(stage: Stage) -> None:
    """On a phone: a colleague refers the same patient and asks, and the therapist shares."""
    clinic = stage.clinic
    await clinic.nobody_covers(clinic.surgeon)
    okafor = await stage.on_a_phone(clinic.covering_surgeon)
    await okafor.goes_to(re.compile("^clinic"))
    await okafor.types("/refer", re.compile("^Message"))
    await fills_the_steps(okafor, therapist="Noor Haddad")
    await okafor.sees("Colleagues have this patient in care")
    await okafor.presses("Ask them to share")
    await stage.fits()
    await okafor.presses("Ask$")
    await okafor.sees("They have been asked to share it")
    await stage.fits()
    await stage.picture("phone-form")
    await okafor.form.get_by_role("button", name="Send referral").click()
    await expect(okafor.form.get_by_text("The case code is")).to_be_visible()
    await okafor.form.get_by_role("button", name="Close").first.click()

    noor = await stage.on_a_phone(clinic.other_therapist)
    await noor.goes_to(re.compile("^okafor-haddad-"))
    await stage.fits()
    await noor.presses("Accept")
    await noor.place.get_by_role("button", name=re.compile("[0-9] repl")).first.click()
    await noor.sees("takes this case.")
    await stage.fits()

    therapist = await stage.on_a_phone(clinic.therapist)
    await therapist.goes_to(re.compile("^Careloop, app"))
    await therapist.presses("Choose what to share")
    await therapist.form.get_by_label("The treatment plan").check()
    await stage.fits()
    await stage.picture("phone-share")
    await therapist.form.get_by_role("button", name="Share", exact=True).click()
    await therapist.sees(re.compile("shares case"))

    okafor = await stage.on_a_phone(clinic.covering_surgeon)
    await okafor.goes_to(re.compile("^Careloop, app"))
    await okafor.presses("See what they share")
    await expect(okafor.form.get_by_text("Treatment plan").first).to_be_visible()
    await stage.fits()
