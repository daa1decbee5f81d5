"""Every interactive element: shown, used as a person uses it, and what the app gets of it.

The shapes are those of https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
and of the page of each element in https://docs.slack.dev/reference/block-kit/block-elements.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Locator, expect

from bot.sandbox.wire import JsonObject, JsonValue
from tests.sandbox.page.clinic import Clinic
from tests.sandbox.page.kit import actions, button, option, plain, section

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KNEE, CALF, HIP = option("Knee", "knee"), option("Calf", "calf", "Both sides"), option("Hip", "hip")
AREAS: list[JsonValue] = [KNEE, CALF, HIP]
HINT = plain("Choose")


@dataclass(frozen=True)
class Case:
    """`element` without its action_id; `told` and `kept` may name people and places as `{ana}`."""

    element: JsonObject
    use: Callable[[Locator], Awaitable[None]]
    told: JsonObject
    kept: JsonObject | None = field(default=None)


def chooses(name: str, typed: str = "") -> Callable[[Locator], Awaitable[None]]:
    async def use(message: Locator) -> None:
        box = message.get_by_role("combobox")
        await box.click()
        if typed:
            await box.press_sequentially(typed)
        await message.page.get_by_role("option", name=name).first.click()

    return use


def chooses_several(*names: str) -> Callable[[Locator], Awaitable[None]]:
    async def use(message: Locator) -> None:
        box = message.get_by_role("combobox")
        await box.click()
        for name in names:
            await message.page.get_by_role("option", name=name).first.click()
        await box.press("Escape")

    return use


def presses(name: str) -> Callable[[Locator], Awaitable[None]]:
    async def use(message: Locator) -> None:
        await message.get_by_role("button", name=name, exact=True).click()

    return use


def ticks(role: str, *names: str) -> Callable[[Locator], Awaitable[None]]:
    async def use(message: Locator) -> None:
        for name in names:
            await message.get_by_label(name).check()
        await expect(message.get_by_role(role)).to_have_count(3)  # type: ignore[arg-type]

    return use


async def picks_the_30th(message: Locator) -> None:
    await message.get_by_role("textbox", name="Select a date").click()
    await message.page.get_by_role("gridcell", name="Monday, November 30, 2026").click()


async def types_a_quarter_past_nine(message: Locator) -> None:
    box = message.get_by_role("combobox", name="Select a time")
    await box.click()
    await box.press_sequentially("9:15 pm")
    await box.press("Enter")


async def picks_day_and_time(message: Locator) -> None:
    await message.get_by_role("textbox", name="Date").fill("2026-11-30")
    await message.get_by_role("textbox", name="Date").press("Enter")
    box = message.get_by_role("combobox", name="Time")
    await box.click()
    await box.press_sequentially("9:30 am")
    await box.press("Enter")


async def opens_the_menu(message: Locator) -> None:
    await message.get_by_role("button", name="More actions").click()
    await message.page.get_by_role("menuitem", name="Calf").click()


CASES = {
    "button": Case(
        {"type": "button", "text": plain("Accept"), "value": "K7QF-2M", "style": "primary"},
        presses("Accept"),
        {"text": plain("Accept"), "value": "K7QF-2M", "style": "primary"},
    ),
    "overflow": Case(
        {"type": "overflow", "options": AREAS}, opens_the_menu, {"selected_option": CALF}
    ),
    "static_select": Case(
        {"type": "static_select", "options": AREAS, "placeholder": HINT},
        chooses("Calf"),
        {"selected_option": CALF, "placeholder": HINT},
        {"selected_option": CALF},
    ),
    "static_select in groups": Case(
        {
            "type": "static_select",
            "placeholder": HINT,
            "option_groups": [
                {"label": plain("Leg"), "options": [KNEE, CALF]},
                {"label": plain("Trunk"), "options": [HIP]},
            ],
        },
        chooses("Hip", typed="hi"),
        {"selected_option": HIP, "placeholder": HINT},
        {"selected_option": HIP},
    ),
    "multi_static_select": Case(
        {"type": "multi_static_select", "options": AREAS, "placeholder": HINT},
        chooses_several("Knee", "Hip"),
        {"selected_options": [KNEE, HIP], "placeholder": HINT},
        {"selected_options": [KNEE, HIP]},
    ),
    "external_select": Case(
        {"type": "external_select", "placeholder": HINT, "min_query_length": 1},
        chooses("Found for kne", typed="kne"),
        {
            "selected_option": option("Found for kne", "kne"),
            "placeholder": HINT,
            "min_query_length": 1,
        },
        {"selected_option": option("Found for kne", "kne")},
    ),
    "multi_external_select": Case(
        {"type": "multi_external_select", "placeholder": HINT, "min_query_length": 0},
        chooses_several("Found for"),
        {
            "selected_options": [option("Found for", "nothing")],
            "placeholder": HINT,
            "min_query_length": 0,
        },
        {"selected_options": [option("Found for", "nothing")]},
    ),
    "users_select": Case(
        {"type": "users_select", "placeholder": HINT},
        chooses("Sam Lee"),
        {"selected_user": "{lee}", "placeholder": HINT},
        {"selected_user": "{lee}"},
    ),
    "multi_users_select": Case(
        {"type": "multi_users_select", "placeholder": HINT},
        chooses_several("Sam Lee", "Dr. Ana Rivera"),
        {"selected_users": ["{lee}", "{ana}"], "placeholder": HINT},
        {"selected_users": ["{lee}", "{ana}"]},
    ),
    "conversations_select": Case(
        {"type": "conversations_select", "placeholder": HINT},
        chooses("clinic"),
        {"selected_conversation": "{channel}", "placeholder": HINT},
        {"selected_conversation": "{channel}"},
    ),
    "multi_conversations_select": Case(
        {"type": "multi_conversations_select", "placeholder": HINT},
        chooses_several("clinic"),
        {"selected_conversations": ["{channel}"], "placeholder": HINT},
        {"selected_conversations": ["{channel}"]},
    ),
    "channels_select": Case(
        {"type": "channels_select", "placeholder": HINT},
        chooses("clinic"),
        {"selected_channel": "{channel}", "placeholder": HINT},
        {"selected_channel": "{channel}"},
    ),
    "multi_channels_select": Case(
        {"type": "multi_channels_select", "placeholder": HINT},
        chooses_several("clinic"),
        {"selected_channels": ["{channel}"], "placeholder": HINT},
        {"selected_channels": ["{channel}"]},
    ),
    "datepicker": Case(
        {"type": "datepicker", "initial_date": "2026-11-20"},
        picks_the_30th,
        {"selected_date": "2026-11-30", "initial_date": "2026-11-20"},
        {"selected_date": "2026-11-30"},
    ),
    "timepicker": Case(
        {"type": "timepicker"},
        types_a_quarter_past_nine,
        {"selected_time": "21:15"},
        {"selected_time": "21:15"},
    ),
    # 9:30 in New York, where Ana is, on a winter's day: 14:30 UTC.
    "datetimepicker": Case(
        {"type": "datetimepicker"},
        picks_day_and_time,
        {"selected_date_time": 1796049000},
        {"selected_date_time": 1796049000},
    ),
    "radio_buttons": Case(
        {"type": "radio_buttons", "options": AREAS},
        ticks("radio", "Calf"),
        {"selected_option": CALF},
        {"selected_option": CALF},
    ),
    "checkboxes": Case(
        {"type": "checkboxes", "options": AREAS, "initial_options": [KNEE]},
        ticks("checkbox", "Hip"),
        {"selected_options": [KNEE, HIP], "initial_options": [KNEE]},
        {"selected_options": [KNEE, HIP]},
    ),
}


def filled(value: JsonValue, names: dict[str, str]) -> JsonValue:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list):
        return [filled(one, names) for one in value]
    if isinstance(value, dict):
        return {key: filled(one, names) for key, one in value.items()}
    return value


@pytest.mark.parametrize("name", CASES)
async def test_an_element_in_a_message_is_used_and_the_app_gets_what_slack_sends(
    clinic: Clinic, name: str
) -> None:
    case = CASES[name]

    async def offer(ack: Callable[..., Awaitable[None]], body: dict[str, str]) -> None:
        found = body["value"]
        await ack(options=[option(f"Found for {found}".strip(), found or "nothing")])

    clinic.bolt.options("it")(offer)
    element: JsonObject = {**case.element, "action_id": "it"}
    alone = not str(element["type"]).startswith("multi_")  # those stand beside a text only
    block = actions(element) if alone else section("Areas", accessory=element, block_id="row")
    await clinic.posts([block], text="Please choose")
    ana = await clinic.seat(clinic.ana)

    await case.use(ana.messages.last)

    body = await clinic.heard.action("it")
    names = {"{ana}": clinic.ana.id, "{lee}": clinic.lee.id, "{channel}": clinic.channel}
    done = body["actions"][0]
    assert done.pop("action_ts")
    kind = case.element["type"]
    told: JsonObject = {"type": kind, "action_id": "it", "block_id": "row", **case.told}
    assert done == filled(told, names)
    kept: JsonObject = {"row": {"it": {"type": kind, **case.kept}}} if case.kept else {}
    assert body["state"]["values"] == filled(kept, names)
    assert body["container"] == {
        "type": "message",
        "message_ts": body["message"]["ts"],
        "channel_id": clinic.channel,
        "is_ephemeral": False,
    }
    assert body["user"]["id"] == clinic.ana.id


async def test_a_button_that_asks_first_does_nothing_when_the_answer_is_no(clinic: Clinic) -> None:
    confirm: JsonObject = {
        "title": plain("Stop the treatment?"),
        "text": plain("The therapist is told at once."),
        "confirm": plain("Stop it"),
        "deny": plain("Go on"),
        "style": "danger",
    }
    await clinic.posts([actions(button("Stop", "stop", confirm=confirm), button("Log", "log"))])
    ana = await clinic.seat(clinic.ana)
    question = ana.pane.get_by_role("alertdialog", name="Stop the treatment?")

    await ana.messages.last.get_by_role("button", name="Stop").click()
    await expect(question).to_contain_text("The therapist is told at once.")
    await question.get_by_role("button", name="Go on").click()
    await expect(question).to_have_count(0)
    await ana.messages.last.get_by_role("button", name="Log").click()
    await clinic.heard.action("log")
    assert not [one for one in clinic.heard.bodies if one.get("type") == "block_actions"]

    await ana.messages.last.get_by_role("button", name="Stop").click()
    await question.get_by_role("button", name="Stop it").click()
    stopped = await clinic.heard.action("stop")
    assert stopped["actions"][0]["confirm"] == confirm


async def test_a_choice_that_is_taken_back_in_the_question_stays_as_it_was(clinic: Clinic) -> None:
    confirm: JsonObject = {
        "title": plain("Sure?"),
        "text": plain("It is told to all."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    element: JsonObject = {
        "type": "static_select",
        "action_id": "it",
        "options": AREAS,
        "initial_option": KNEE,
        "confirm": confirm,
    }
    await clinic.posts([actions(element)])
    ana = await clinic.seat(clinic.ana)
    await chooses("Hip")(ana.messages.last)
    await ana.pane.get_by_role("alertdialog").get_by_role("button", name="No").click()
    await expect(ana.messages.last.get_by_role("combobox")).to_have_value("Knee")


async def test_a_section_carries_an_element_beside_its_words(clinic: Clinic) -> None:
    await clinic.posts([section("*Session 3*", accessory=button("Correct it", "fix", value="3"))])
    lee = await clinic.seat(clinic.lee)
    await lee.message("Session 3").get_by_role("button", name="Correct it").click()
    body = await clinic.heard.action("fix")
    assert body["actions"][0]["value"] == "3"


async def test_what_else_was_entered_in_a_message_comes_along(clinic: Clinic) -> None:
    pain: JsonObject = {"type": "static_select", "action_id": "area", "options": AREAS}
    better: JsonObject = {"type": "checkboxes", "action_id": "signs", "options": [KNEE, CALF]}
    await clinic.posts([actions(pain, better), actions(button("Send", "send"), block_id="foot")])
    ana = await clinic.seat(clinic.ana)
    await chooses("Hip")(ana.messages.last)
    await clinic.heard.action("area")
    await ana.messages.last.get_by_label("Knee").check()
    await clinic.heard.action("signs")
    await ana.messages.last.get_by_role("button", name="Send", exact=True).click()
    body = await clinic.heard.action("send")
    assert body["state"]["values"]["row"] == {
        "area": {"type": "static_select", "selected_option": HIP},
        "signs": {"type": "checkboxes", "selected_options": [KNEE]},
    }


async def test_a_link_button_opens_its_address_and_tells_the_app(clinic: Clinic) -> None:
    address = f"{clinic.slack.url}/?as={clinic.lee.id}"
    await clinic.posts([actions(button("Guideline", "guide", url=address))])
    ana = await clinic.seat(clinic.ana)
    async with ana.page.context.expect_page() as opened:
        await ana.messages.last.get_by_role("link", name="Guideline").click()
    assert (await opened.value).url.startswith(address)
    body = await clinic.heard.action("guide")
    assert body["actions"][0]["url"] == address


async def test_an_app_that_does_not_answer_is_told_to_the_person(clinic: Clinic) -> None:
    await clinic.posts([actions(button("Accept", "accept"))])
    ana = await clinic.seat(clinic.ana)
    await clinic.handler.close_async()  # type: ignore[no-untyped-call]
    await ana.messages.last.get_by_role("button", name="Accept").click()
    await expect(ana.pane.locator(".toast")).to_be_visible()
