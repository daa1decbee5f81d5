"""For the keyboard, the screen reader and every eye: names, order, contrast, a phone's width."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.wire import JsonObject
from tests.sandbox.page.browser import WIDER_THAN_THE_WINDOW
from tests.sandbox.page.clinic import Clinic, Seat, seat_of
from tests.sandbox.page.kit import actions, button, modal, mrkdwn, option, plain, question, section

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TEXT: JsonObject = {"type": "plain_text_input", "action_id": "text"}

# What can be used and has neither words, a label, nor a title; and pictures without a description.
NAMELESS = """() => {
  const name = element => (element.getAttribute('aria-label')
    ?? (element.getAttribute('aria-labelledby') ?? '').split(' ')
        .map(id => document.getElementById(id)?.textContent ?? '').join('')).trim()
    || element.textContent.trim() || element.labels?.[0]?.textContent.trim() || element.alt;
  const used = 'button, a[href], input:not([hidden]), textarea, [role=button], [role=option], '
    + '[role=menuitem], [contenteditable=true], [role=dialog], [role=listbox], nav, '
    + '[role=group], [role=radiogroup], svg:not([aria-hidden=true]), img, [role=img]';
  return [...document.querySelectorAll(used)].filter(element => !name(element))
    .map(element => element.outerHTML.slice(0, 160));
}"""

# WCAG 2 contrast of every visible text against what lies under it; AA asks 4.5, or 3 when large.
FAINT = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255];
  };
  const over = (top, under) => top.map((part, at) => at === 3 ? 1
    : part * top[3] + under[at] * (1 - top[3]));
  const ground = element => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const colour = rgba(getComputedStyle(one).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const light = ([r, g, b]) => [r, g, b].map(part => part / 255)
    .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    const shows = element.checkVisibility({visibilityProperty: true, opacityProperty: true});
    if (!walk.currentNode.data.trim() || !shows || element.closest('.emoji, .spoken')) continue;
    if (element.closest('[inert], [disabled], script')) continue;
    const style = getComputedStyle(element);
    const under = ground(element);
    const [high, low] = [light(over(rgba(style.color), under)), light(under)]
      .sort((one, other) => other - one);
    const ratio = (high + 0.05) / (low + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) {
      faint.push(`${ratio.toFixed(2)} ${element.className}: ${walk.currentNode.data.slice(0, 40)}`);
    }
  }
  return [...new Set(faint)];
}"""


async def furnished(clinic: Clinic) -> None:
    """A channel with a bit of everything in it."""
    some = [option("Knee", "knee", "left"), option("Hip", "hip")]
    await clinic.posts(
        [
            {"type": "header", "text": plain("Case K7QF-2M")},
            section("*Procedure* `TKA` <https://x.example|guide>", fields=[mrkdwn("*Day*\n18")]),
            {"type": "context", "elements": [mrkdwn("2 of 6 sessions")]},
            actions(
                button("Log", "log", style="primary"),
                button("Concern", "concern", style="danger"),
                button("Plan", "plan"),
                {"type": "overflow", "action_id": "more", "options": [*some]},
                {"type": "static_select", "action_id": "area", "options": [*some]},
                {"type": "datepicker", "action_id": "day"},
                {"type": "timepicker", "action_id": "time"},
                {"type": "checkboxes", "action_id": "signs", "options": [*some]},
                {"type": "radio_buttons", "action_id": "side", "options": [*some]},
            ),
        ]
    )
    root = await clinic.lee.posts(
        clinic.channel, "Hello @ana.rivera, *see* `this`\n> said\n:eyes: https://x.example/a"
    )
    await clinic.ana.posts(clinic.channel, "A reply", root)
    await clinic.ana.reacts(clinic.channel, root, "eyes")
    await clinic.client.chat_postEphemeral(
        channel=clinic.channel, user=clinic.ana.id, text="For you"
    )
    ward = clinic.slack.add_channel("ward", members=[clinic.ana.id, clinic.lee.id])
    await clinic.lee.posts(ward, "@ana.rivera look")


FORM = modal(
    "Refer a patient",
    section("Identifiers stay out of Slack."),
    question("Procedure", TEXT, "procedure", hint=plain("As in the operation note")),
    question("Note", {**TEXT, "multiline": True, "max_length": 20}, "note", optional=True),
    question("Surgery", {"type": "datepicker", "action_id": "it"}, "day"),
    question("Therapist", {"type": "multi_users_select", "action_id": "it"}, "who"),
    question("Story", {"type": "rich_text_input", "action_id": "it"}, "story", optional=True),
    question("Scans", {"type": "file_input", "action_id": "it"}, "scans", optional=True),
)


async def fully_open(clinic: Clinic) -> Seat:
    """Two people; one in a thread, one in a form with errors."""
    await furnished(clinic)
    ana = await clinic.seat(clinic.ana, beside=clinic.lee)
    lee = seat_of(ana.page, clinic.lee)
    await ana.message("Hello").get_by_role("button", name="1 reply").click()
    await expect(ana.thread.locator("li.message")).to_have_count(2)
    form = await clinic.modal_for(lee, FORM)
    await form.get_by_role("button", name="Send").click()
    await expect(form.locator(".input-error").first).to_be_visible()
    return ana


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_has_enough_contrast(clinic: Clinic, scheme: str) -> None:
    ana = await fully_open(clinic)
    await ana.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    assert await ana.page.evaluate(FAINT) == []
    await ana.pane.get_by_role("button", name="Close the thread").click()
    await ana.message("Hello").hover()
    assert await ana.page.evaluate(FAINT) == []


async def test_everything_that_can_be_used_has_a_name(clinic: Clinic) -> None:
    ana = await fully_open(clinic)
    assert await ana.page.evaluate(NAMELESS) == []
    await ana.pane.get_by_role("button", name="Close the thread").click()
    for opener in ("You are Dr. Ana Rivera", "Add channels", "3 members", "Emoji"):
        await ana.pane.get_by_role(
            "button", name=opener, exact=opener != "You are Dr. Ana Rivera"
        ).click()
        await expect(ana.page.locator(".popup")).to_be_visible()
        assert await ana.page.evaluate(NAMELESS) == []
        await ana.page.keyboard.press("Escape")
        await expect(ana.page.locator(".popup")).to_have_count(0)


async def test_a_referral_is_sent_and_answered_with_the_keyboard_alone(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    keyboard = ana.page.keyboard
    await expect(ana.box("#clinic")).to_be_visible()
    await keyboard.press("Control+k")
    await keyboard.type("clinic")
    await keyboard.press("Enter")
    await expect(ana.box("#clinic")).to_be_focused()

    opened = clinic.open_with(FORM)
    await keyboard.type("/refer")
    await keyboard.press("Enter")
    await opened
    await expect(ana.modal.get_by_role("textbox", name="Procedure")).to_be_focused()
    await keyboard.type("Knee")
    await keyboard.press("Tab")
    await keyboard.press("Tab")
    await expect(ana.modal.get_by_role("textbox", name="Surgery")).to_be_focused()
    await keyboard.press("ArrowDown")
    await keyboard.press("ArrowRight")
    await keyboard.press("Enter")
    await keyboard.press("Tab")
    await keyboard.press("ArrowDown")
    await keyboard.type("Lee")
    await keyboard.press("Enter")
    await keyboard.press("Escape")
    await expect(ana.modal).to_be_visible()  # the first Escape closed the list alone
    await keyboard.press("Control+Enter")
    sent = await clinic.heard.next("view_submission")
    values = sent["view"]["state"]["values"]
    assert values["procedure"]["text"]["value"] == "Knee"
    assert values["who"]["it"]["selected_users"] == [clinic.lee.id]
    assert values["day"]["it"]["selected_date"]


async def test_messages_are_walked_with_the_arrow_keys(clinic: Clinic) -> None:
    await clinic.lee.posts(clinic.channel, "First")
    await clinic.ana.posts(clinic.channel, "Second")
    ana = await clinic.seat(clinic.ana)
    keyboard = ana.page.keyboard
    await ana.message("Second").focus()
    await keyboard.press("ArrowUp")
    await expect(ana.message("First")).to_be_focused()
    await keyboard.press("Enter")
    await expect(ana.thread.get_by_role("textbox")).to_be_focused()
    await keyboard.press("Escape")
    await expect(ana.message("First")).to_be_focused()
    await keyboard.press("ArrowDown")
    await keyboard.press("e")
    await expect(ana.pane.get_by_role("textbox", name="Edit the message")).to_be_focused()
    await keyboard.press("Escape")
    await expect(ana.message("Second")).to_be_focused()
    await keyboard.press("ArrowDown")
    await expect(ana.box("#clinic")).to_be_focused()
    await keyboard.press("ArrowUp")
    await expect(ana.pane.get_by_role("textbox", name="Edit the message")).to_have_value("Second")


async def test_f6_goes_round_the_regions_and_to_the_other_person(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana, beside=clinic.lee)
    lee = seat_of(ana.page, clinic.lee)
    await ana.box("#clinic").focus()
    await ana.page.keyboard.press("F6")
    await expect(lee.pane.locator(".who")).to_be_focused()


async def test_new_messages_are_spoken_once(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    await ana.sees("has joined")
    await clinic.lee.posts(clinic.channel, "Flexion *95* degrees")
    spoken = ana.pane.get_by_role("log")
    await expect(spoken).to_have_text("Sam Lee in #clinic: Flexion 95 degrees")
    await ana.says("#clinic", "Thanks")
    await ana.sees("Thanks")
    await expect(spoken).not_to_contain_text("Thanks")


async def on_a_phone(clinic: Clinic) -> Page:
    page = await clinic.context.new_page()
    await page.set_viewport_size({"width": 390, "height": 844})
    return page


async def test_a_phone_shows_one_column_with_ways_back(clinic: Clinic) -> None:
    await furnished(clinic)
    page = await on_a_phone(clinic)
    await page.goto(f"{clinic.slack.url}/?as={clinic.ana.id}")
    ana = seat_of(page, clinic.ana)
    await ana.opens("clinic")
    await expect(ana.box("#clinic")).to_be_visible()
    await expect(ana.pane.locator(".pane-side")).to_be_hidden()
    assert await page.evaluate(WIDER_THAN_THE_WINDOW) == []
    await ana.message("Hello").get_by_role("button", name="1 reply").click()
    await expect(ana.thread).to_be_visible()
    await expect(ana.box("#clinic")).to_be_hidden()
    assert await page.evaluate(WIDER_THAN_THE_WINDOW) == []
    await ana.pane.get_by_role("button", name="Back to the channel").click()
    await expect(ana.box("#clinic")).to_be_visible()
    form = await clinic.modal_for(ana, FORM)
    assert await page.evaluate(WIDER_THAN_THE_WINDOW) == []
    await form.get_by_role("button", name="Cancel").click()
    await ana.pane.get_by_role("button", name="Back to the list").click()
    await expect(ana.pane.locator(".pane-side")).to_be_visible()


async def test_two_people_on_a_phone_take_turns(clinic: Clinic) -> None:
    page = await on_a_phone(clinic)
    await page.goto(f"{clinic.slack.url}/?as={clinic.ana.id}&beside={clinic.lee.id}")
    ana, lee = seat_of(page, clinic.ana), seat_of(page, clinic.lee)
    await expect(ana.pane).to_be_visible()
    await expect(lee.pane).to_be_hidden()
    await page.get_by_role("button", name=re.compile("^Sam Lee")).click()
    await expect(lee.pane).to_be_visible()
    await expect(ana.pane).to_be_hidden()


async def test_long_names_words_and_other_scripts_stay_inside(clinic: Clinic) -> None:
    name = "Maximilian Ferdinand von Hohenzollern-Sigmaringen zu Altenburg und Lichtenstein"
    long = clinic.slack.person(clinic.slack.add_person("max", name, title=name))
    room = clinic.slack.add_channel("x" * 80, members=[clinic.ana.id, long.id, clinic.lee.id])
    await long.posts(room, "w" * 600)
    await long.posts(room, "שלום לכולם, מטופל חדש. مرحبا بالجميع")
    await long.posts(room, "https://x.example/" + "a" * 300)
    await clinic.client.conversations_join(channel=room)
    await clinic.client.chat_postMessage(
        channel=room, text="b", blocks=[actions(button("y" * 75, "long"))]
    )
    page = await on_a_phone(clinic)
    for person, width in ((clinic.ana, 390), (long, 900)):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.goto(f"{clinic.slack.url}/?as={person.id}#{person.id}={room}")
        seat = seat_of(page, person)
        await seat.sees("مرحبا")
        assert await page.evaluate(WIDER_THAN_THE_WINDOW) == []
    right = seat_of(page, long).message("مرحبا").locator(".message-text")
    assert await right.evaluate("text => getComputedStyle(text).direction") == "rtl"
