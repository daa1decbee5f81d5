"""Forms that an app opens: filled, refused at a field, stacked, changed under one's hands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from bot.sandbox.wire import JsonObject, JsonValue
from tests.sandbox.page.clinic import Clinic
from tests.sandbox.page.kit import PIXEL, button, modal, option, question, section

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Ack = Callable[..., Awaitable[None]]
KNEE, HIP = option("Knee", "knee"), option("Hip", "hip")
BOTH: list[JsonValue] = [KNEE, HIP]

TEXT: JsonObject = {"type": "plain_text_input", "action_id": "text"}


def every_input() -> JsonObject:
    def ask(label: str, kind: str, **more: JsonValue) -> JsonObject:
        return question(label, {"type": kind, "action_id": "it", **more}, block_id=kind)

    return modal(
        "Everything",
        ask("Procedure", "plain_text_input"),
        ask("Mail", "email_text_input"),
        ask("Guideline", "url_text_input"),
        ask("Sessions", "number_input", is_decimal_allowed=False),
        ask("Surgery", "datepicker"),
        ask("Hour", "timepicker"),
        ask("Visit", "datetimepicker"),
        ask("Area", "static_select", options=BOTH),
        ask("Areas", "multi_static_select", options=BOTH),
        ask("Therapist", "users_select"),
        ask("Room", "channels_select"),
        ask("Place", "conversations_select"),
        ask("Side", "radio_buttons", options=BOTH),
        ask("Signs", "checkboxes", options=BOTH),
        ask("Story", "rich_text_input"),
    )


async def fill_in(form: Locator) -> None:
    """Each field as a person would: typing, choosing, pressing Bold."""

    async def choose(label: str, *names: str) -> None:
        box = form.get_by_role("combobox", name=label, exact=True)
        await box.click()
        for name in names:
            await form.page.get_by_role("option", name=name).first.click()
        await box.press("Tab")

    await form.get_by_role("textbox", name="Procedure").fill("Knee, left")
    await form.get_by_role("textbox", name="Mail").fill("ana@clinic.example")
    await form.get_by_role("textbox", name="Guideline").fill("https://clinic.example/knee")
    await form.get_by_role("textbox", name="Sessions").fill("6")
    await form.get_by_role("textbox", name="Surgery").fill("Nov 3, 2026")
    await form.get_by_role("textbox", name="Surgery").press("Enter")
    await form.get_by_role("combobox", name="Hour").fill("7:45")
    await form.get_by_role("combobox", name="Hour").press("Enter")
    visit = form.get_by_role("group", name="Visit")
    await visit.get_by_role("textbox", name="Date").fill("2026-11-30")
    await visit.get_by_role("combobox", name="Time").fill("9:30 am")
    await visit.get_by_role("combobox", name="Time").press("Enter")
    await choose("Area", "Hip")
    await choose("Areas", "Knee", "Hip")
    await choose("Therapist", "Sam Lee")
    await choose("Room", "clinic")
    await choose("Place", "clinic")
    await form.get_by_role("radiogroup", name="Side").get_by_label("Knee").check()
    await form.get_by_role("group", name="Signs").get_by_label("Hip").check()
    story = form.get_by_role("textbox", name="Story")
    await form.get_by_role("button", name="Bold").click()
    await story.press_sequentially("Firm")
    await form.get_by_role("button", name="Bold").click()
    await story.press_sequentially(" scar")


async def test_every_input_is_filled_and_arrives_in_the_submission(clinic: Clinic) -> None:
    got: dict[str, Any] = {}

    @clinic.bolt.view("form")
    async def sent(ack: Ack, body: dict[str, Any]) -> None:
        got.update(body["view"]["state"]["values"])
        await ack()

    ana = await clinic.seat(clinic.ana)
    form = await clinic.modal_for(ana, every_input())
    await fill_in(form)
    await form.get_by_role("button", name="Send").click()

    await expect(form).to_have_count(0)
    values = {kind: entry["it"] for kind, entry in got.items()}
    assert {kind: entry["type"] for kind, entry in values.items()} == {kind: kind for kind in got}
    assert [values[kind]["value"] for kind in values if "value" in values[kind]] == [
        "Knee, left",
        "ana@clinic.example",
        "https://clinic.example/knee",
        "6",
    ]
    assert values["datepicker"]["selected_date"] == "2026-11-03"
    assert values["timepicker"]["selected_time"] == "07:45"
    assert values["datetimepicker"]["selected_date_time"] == 1796049000
    assert values["static_select"]["selected_option"] == HIP
    assert values["multi_static_select"]["selected_options"] == BOTH
    assert values["users_select"]["selected_user"] == clinic.lee.id
    assert values["channels_select"]["selected_channel"] == clinic.channel
    assert values["conversations_select"]["selected_conversation"] == clinic.channel
    assert values["radio_buttons"]["selected_option"] == KNEE
    assert values["checkboxes"]["selected_options"] == [HIP]
    assert values["rich_text_input"]["rich_text_value"] == {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "Firm", "style": {"bold": True}},
                    {"type": "text", "text": " scar"},
                ],
            }
        ],
    }


async def test_an_error_stands_at_its_field_and_what_was_typed_stays(clinic: Clinic) -> None:
    @clinic.bolt.view("form")
    async def sent(ack: Ack, body: dict[str, Any]) -> None:
        typed = body["view"]["state"]["values"]["procedure"]["text"]["value"]
        if typed == "Knee":
            await ack(response_action="errors", errors={"procedure": "Which side?"})
        else:
            await ack()

    ana = await clinic.seat(clinic.ana)
    form = await clinic.modal_for(
        ana,
        modal(
            "Refer",
            question("Procedure", TEXT, "procedure"),
            question("Note", {**TEXT, "multiline": True}, "note", optional=True),
        ),
    )
    field = form.get_by_role("textbox", name="Procedure")
    await field.fill("Knee")
    await form.get_by_role("textbox", name="Note").fill("Careful with the scar")
    await form.get_by_role("button", name="Send").click()

    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description("Which side?")
    await expect(field).to_be_focused()
    await expect(form.get_by_role("textbox", name="Note")).to_have_value("Careful with the scar")

    await field.fill("Knee, left")
    await field.press("Enter")
    await expect(form).to_have_count(0)


async def test_a_required_field_left_empty_never_reaches_the_app(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    form = await clinic.modal_for(ana, modal("Refer", question("Procedure", TEXT, "procedure")))
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_role("textbox", name="Procedure")).to_have_attribute(
        "aria-invalid", "true"
    )
    assert not [body for body in clinic.heard.bodies if body.get("type") == "view_submission"]


async def test_an_app_that_is_silent_keeps_the_form_and_says_so(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    form = await clinic.modal_for(ana, modal("Refer", question("Procedure", TEXT, "procedure")))
    await form.get_by_role("textbox", name="Procedure").fill("Knee")
    await clinic.handler.close_async()  # type: ignore[no-untyped-call]
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_role("alert")).to_have_text(
        "We had some trouble connecting. Try again?"
    )
    await expect(form.get_by_role("textbox", name="Procedure")).to_have_value("Knee")


async def test_the_form_waits_visibly_while_the_app_thinks(clinic: Clinic) -> None:
    thinking = asyncio.Event()

    @clinic.bolt.view("form")
    async def sent(ack: Ack) -> None:
        await thinking.wait()
        await ack()

    ana = await clinic.seat(clinic.ana)
    form = await clinic.modal_for(ana, modal("Refer", question("Procedure", TEXT, "procedure")))
    await form.get_by_role("textbox", name="Procedure").fill("Knee")
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_have_attribute("aria-busy", "true")
    thinking.set()
    await expect(form).to_have_count(0)


async def test_a_stack_of_three_goes_back_one_by_one(clinic: Clinic) -> None:
    def step(number: int) -> JsonObject:
        more = section(f"Step {number}", accessory=button("Further", f"to_{number + 1}"))
        return modal(
            f"Form {number}",
            more,
            question("Words", TEXT, f"words_{number}", optional=True),
            callback_id=f"form_{number}",
        )

    ana = await clinic.seat(clinic.ana)
    form = await clinic.modal_for(ana, step(1))
    await form.get_by_role("textbox", name="Words").fill("kept")
    for number in (2, 3):
        await form.get_by_role("button", name="Further").click()
        body = await clinic.heard.action(f"to_{number}")
        await clinic.client.views_push(trigger_id=body["trigger_id"], view=dict(step(number)))
        await expect(form).to_have_accessible_name(f"Form {number}")
    await expect(form).to_have_count(1)

    await form.get_by_role("button", name="Back").click()
    await expect(form).to_have_accessible_name("Form 2")
    await ana.page.keyboard.press("Escape")
    await expect(form).to_have_accessible_name("Form 1")
    await expect(form.get_by_role("textbox", name="Words")).to_have_value("kept")
    await form.get_by_role("button", name="Cancel").click()
    await expect(form).to_have_count(0)


async def test_the_cross_closes_the_whole_stack_and_the_app_hears_it(clinic: Clinic) -> None:
    first = modal("First", section("One", accessory=button("Further", "on")), callback_id="one")
    second = {**modal("Second", section("Two"), callback_id="two"), "notify_on_close": True}

    @clinic.bolt.view_closed("two")
    async def closed(ack: Ack) -> None:
        await ack()

    ana = await clinic.seat(clinic.ana)
    form = await clinic.modal_for(ana, first)
    await form.get_by_role("button", name="Further").click()
    body = await clinic.heard.action("on")
    await clinic.client.views_push(trigger_id=body["trigger_id"], view=second)
    await expect(form).to_have_accessible_name("Second")
    await form.get_by_role("button", name="Close all").click()
    await expect(form).to_have_count(0)
    told = await clinic.heard.next("view_closed")
    assert (told["view"]["callback_id"], told["is_cleared"]) == ("two", True)


async def test_an_update_keeps_what_is_being_typed(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    first = modal("Refer", question("Procedure", TEXT, "procedure"))
    form = await clinic.modal_for(ana, first)
    field = form.get_by_role("textbox", name="Procedure")
    await field.press_sequentially("Total knee")
    view = clinic.ana.modal
    assert view is not None
    later = modal("Refer", section("Dr. Okafor covers today."), *_blocks(first))
    await clinic.client.views_update(view_id=view.id, view=later)
    await expect(form).to_contain_text("Dr. Okafor covers today.")
    await expect(field).to_be_focused()
    await field.press_sequentially(" arthroplasty")
    await expect(field).to_have_value("Total knee arthroplasty")


async def test_a_field_that_tells_at_once_does(clinic: Clinic) -> None:
    finder: JsonObject = {
        "type": "plain_text_input",
        "action_id": "find",
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    ana = await clinic.seat(clinic.ana)
    form = await clinic.modal_for(
        ana, modal("Find", question("Case", finder, "case", dispatch_action=True))
    )
    await form.get_by_role("textbox", name="Case").fill("K7QF")
    await form.get_by_role("textbox", name="Case").press("Enter")
    body = await clinic.heard.action("find")
    assert body["actions"][0]["value"] == "K7QF"
    assert body["view"]["state"]["values"] == {
        "case": {"find": {"type": "plain_text_input", "value": "K7QF"}}
    }
    await expect(form).to_be_visible()


async def test_tab_stays_inside_the_form_and_comes_back_to_where_one_was(clinic: Clinic) -> None:
    ana = await clinic.seat(clinic.ana)
    form = await clinic.modal_for(ana, modal("Refer", question("Procedure", TEXT, "procedure")))
    await expect(form.get_by_role("textbox", name="Procedure")).to_be_focused()
    for _ in range(8):
        await ana.page.keyboard.press("Tab")
        assert await form.evaluate("form => form.contains(document.activeElement)")
    await ana.page.keyboard.press("Escape")
    await expect(form).to_have_count(0)
    await expect(ana.box("#clinic")).to_be_focused()


async def test_the_home_tab_is_filled_by_the_app_and_its_buttons_work(clinic: Clinic) -> None:
    @clinic.bolt.event("app_home_opened")
    async def opened(event: dict[str, Any]) -> None:
        view = {
            "type": "home",
            "blocks": [section("*2 open referrals*", accessory=button("Open", "open", value="K7"))],
        }
        await clinic.client.views_publish(user_id=event["user"], view=view)

    listeners = clinic.bolt._async_listeners
    listeners.insert(0, listeners.pop())  # before the one that takes every event
    ana = await clinic.seat(clinic.ana)
    await ana.opens("Loop")
    await expect(ana.pane.locator(".home-content")).to_contain_text("2 open referrals")
    await ana.pane.get_by_role("button", name="Open", exact=True).click()
    body = await clinic.heard.action("open")
    assert body["view"]["type"] == "home"
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}

    await clinic.client.views_publish(
        user_id=clinic.ana.id, view={"type": "home", "blocks": [section("All done")]}
    )
    await expect(ana.pane.locator(".home-content")).to_have_text("All done")


def _blocks(view: JsonObject) -> list[JsonObject]:
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    return [block for block in blocks if isinstance(block, dict)]


async def test_files_are_added_to_a_form(clinic: Clinic) -> None:
    got: dict[str, Any] = {}

    @clinic.bolt.view("form")
    async def sent(ack: Ack, body: dict[str, Any]) -> None:
        got.update(body["view"]["state"]["values"])
        await ack()

    ana = await clinic.seat(clinic.ana)
    picker: JsonObject = {
        "type": "file_input",
        "action_id": "it",
        "filetypes": ["png"],
        "max_files": 2,
    }
    form = await clinic.modal_for(ana, modal("Images", question("Scans", picker, "scans")))
    chooser = form.get_by_label("Scans")
    wrong = {"name": "scan.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}
    right = {"name": "scan.png", "mimeType": "image/png", "buffer": PIXEL}
    await chooser.set_input_files(wrong)  # type: ignore[arg-type]
    await expect(form.get_by_role("status")).to_contain_text("only png")
    await chooser.set_input_files(right)  # type: ignore[arg-type]
    await expect(form.get_by_text("scan.png")).to_be_visible()
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_have_count(0)
    files = got["scans"]["it"]["files"]
    assert [(one["name"], one["mimetype"]) for one in files] == [("scan.png", "image/png")]
