"""Every length and count that Slack limits in elements and what they are made of."""

from pydantic import JsonValue

from bot.sandbox.blockkit import JsonObject, Surface
from tests.sandbox.blockkit.measures import (
    EVERYWHERE,
    MESSAGE,
    MESSAGE_MODAL,
    MODAL,
    VIEWS,
    Limit,
    address,
    at_least_one,
    at_most,
    characters,
    feedback,
    icon,
    ids,
    something,
    within,
)
from tests.sandbox.blockkit.wire import (
    actions,
    button,
    confirm,
    element,
    groups,
    input_block,
    mrkdwn,
    option,
    options,
    plain,
)

PARAMETER = "/accessory/workflow/trigger/customizable_input_parameters/0"


def workflow(**parameter: JsonValue) -> JsonObject:
    whole: JsonObject = {"name": "case", "value": "K7QF", **parameter}
    trigger: JsonObject = {
        "url": "https://slack.com/shortcuts/Ft1/abc",
        "customizable_input_parameters": [whole],
    }
    return within(element("workflow_button", workflow={"trigger": trigger}))


BUTTONS = [
    characters("button text", lambda text: actions(button(text)), 75, "/elements/0/text/text"),
    something("button text", lambda text: actions(button(text)), "/elements/0/text/text"),
    characters("button value", lambda text: within(button(value=text)), 2000, "/accessory/value"),
    characters(
        "button url", lambda text: within(button(url=address(text))), 3000, "/accessory/url"
    ),
    characters(
        "button label",
        lambda text: within(button(accessibility_label=text)),
        75,
        "/accessory/accessibility_label",
    ),
    characters(
        "action_id", lambda text: within(button(action_id=text)), 255, "/accessory/action_id"
    ),
    something("action_id", lambda text: within(button(action_id=text)), "/accessory/action_id"),
    characters(
        "image element alt text",
        lambda text: within(element("image", alt_text=text)),
        2000,
        "/accessory/alt_text",
    ),
    something(
        "image element alt text",
        lambda text: within(element("image", alt_text=text)),
        "/accessory/alt_text",
    ),
    characters(
        "workflow button text",
        lambda text: within(element("workflow_button", text=plain(text))),
        75,
        "/accessory/text/text",
        MESSAGE,
    ),
    characters(
        "workflow button label",
        lambda text: within(element("workflow_button", accessibility_label=text)),
        75,
        "/accessory/accessibility_label",
        MESSAGE,
    ),
    characters(
        "icon label",
        lambda text: icon(accessibility_label=text),
        75,
        "/elements/0/accessibility_label",
        MESSAGE,
    ),
    characters(
        "workflow parameter name",
        lambda text: workflow(name=text),
        255,
        f"{PARAMETER}/name",
        MESSAGE,
    ),
    something(
        "workflow parameter name", lambda text: workflow(name=text), f"{PARAMETER}/name", MESSAGE
    ),
    characters(
        "workflow parameter value",
        lambda text: workflow(value=text),
        3000,
        f"{PARAMETER}/value",
        MESSAGE,
    ),
    characters(
        "confirm title",
        lambda text: within(button(confirm=confirm(title=plain(text)))),
        100,
        "/accessory/confirm/title/text",
    ),
    characters(
        "confirm text",
        lambda text: within(button(confirm=confirm(text=mrkdwn(text)))),
        300,
        "/accessory/confirm/text/text",
    ),
    characters(
        "confirm yes",
        lambda text: within(button(confirm=confirm(confirm=plain(text)))),
        30,
        "/accessory/confirm/confirm/text",
    ),
    characters(
        "confirm no",
        lambda text: within(button(confirm=confirm(deny=plain(text)))),
        30,
        "/accessory/confirm/deny/text",
    ),
    characters(
        "icon text", lambda text: icon(text=plain(text)), 75, "/elements/0/text/text", MESSAGE
    ),
    characters("icon value", lambda text: icon(value=text), 2000, "/elements/0/value", MESSAGE),
    at_most(
        "icon viewers",
        lambda n: icon(visible_to_user_ids=ids(n)),
        10,
        "/elements/0/visible_to_user_ids",
        MESSAGE,
    ),
    characters(
        "feedback text",
        lambda text: feedback(text=text),
        75,
        "/elements/0/positive_button/text/text",
        MESSAGE,
    ),
    characters(
        "feedback value",
        lambda text: feedback(value=text),
        2000,
        "/elements/0/positive_button/value",
        MESSAGE,
    ),
    characters(
        "feedback label",
        lambda text: feedback(label=text),
        75,
        "/elements/0/positive_button/accessibility_label",
        MESSAGE,
    ),
]


def _choosing(kind: str, most: int) -> list[Limit]:
    def with_option(**more: JsonValue) -> JsonObject:
        return within({"type": kind, "options": [option(**more)]})  # type: ignore[arg-type]

    here = "/accessory/options/0"
    return [
        at_most(
            f"{kind} options",
            lambda n: within({"type": kind, "options": options(n)}),
            most,
            "/accessory/options",
        ),
        at_least_one(
            f"{kind} options",
            lambda n: within({"type": kind, "options": options(n)}),
            "/accessory/options",
        ),
        characters(
            f"{kind} option text", lambda t: with_option(text=plain(t)), 75, f"{here}/text/text"
        ),
        characters(f"{kind} option value", lambda t: with_option(value=t), 150, f"{here}/value"),
        something(f"{kind} option value", lambda t: with_option(value=t), f"{here}/value"),
        characters(
            f"{kind} option description",
            lambda t: with_option(description=plain(t)),
            75,
            f"{here}/description/text",
        ),
    ]


def _grouping(kind: str) -> list[Limit]:
    def with_groups(count: int) -> JsonObject:
        return within(element(kind, option_groups=groups(count)))

    def with_label(text: str) -> JsonObject:
        return within(element(kind, option_groups=[{"label": plain(text), "options": options(1)}]))

    here = "/accessory/option_groups"
    return [
        at_most(f"{kind} groups", with_groups, 100, here),
        at_least_one(f"{kind} groups", with_groups, here),
        at_most(
            f"{kind} options of a group",
            lambda n: within(element(kind, option_groups=groups(1, n))),
            100,
            f"{here}/0/options",
        ),
        characters(f"{kind} group label", with_label, 75, f"{here}/0/label/text"),
    ]


CHOICES = [
    *_choosing("static_select", 100),
    *_choosing("multi_static_select", 100),
    *_choosing("checkboxes", 10),
    *_choosing("radio_buttons", 10),
    *_choosing("overflow", 5),
    characters(
        "overflow url",
        lambda text: within(element("overflow", options=[option(url=address(text))])),
        3000,
        "/accessory/options/0/url",
    ),
    *_grouping("static_select"),
    *_grouping("multi_static_select"),
]

_WITH_PLACEHOLDER = {
    **dict.fromkeys(
        (
            "static_select",
            "external_select",
            "users_select",
            "channels_select",
            "conversations_select",
            "multi_static_select",
            "multi_external_select",
            "multi_users_select",
            "multi_channels_select",
            "multi_conversations_select",
            "datepicker",
            "timepicker",
            "plain_text_input",
        ),
        EVERYWHERE,
    ),
    "email_text_input": MESSAGE_MODAL,
    "url_text_input": MESSAGE_MODAL,
    "number_input": MODAL,
    "rich_text_input": VIEWS,
}


def _placeholder(kind: str, surfaces: frozenset[Surface]) -> Limit:
    def build(text: str) -> JsonObject:
        return input_block(element(kind, placeholder=plain(text)))

    return characters(f"{kind} placeholder", build, 150, "/element/placeholder/text", surfaces)


def _most_selected(kind: str) -> Limit:
    return Limit(
        f"{kind} max_selected_items",
        lambda n: within(element(kind, max_selected_items=n)),
        1,
        "/accessory/max_selected_items",
        "must be greater than 0",
        step=-1,
    )


INPUTS = [
    *(_placeholder(kind, surfaces) for kind, surfaces in _WITH_PLACEHOLDER.items()),
    *(_most_selected(kind) for kind in _WITH_PLACEHOLDER if kind.startswith("multi_")),
    characters(
        "initial text",
        lambda text: input_block(element("plain_text_input", initial_value=text)),
        3000,
        "/element/initial_value",
    ),
    Limit(
        "max_length of 3000",
        lambda n: input_block(element("plain_text_input", max_length=n)),
        3000,
        "/element/max_length",
        "must be less than 3001",
    ),
    Limit(
        "max_length of 1",
        lambda n: input_block(element("plain_text_input", max_length=n)),
        1,
        "/element/max_length",
        "must be greater than 0",
        step=-1,
    ),
    Limit(
        "min_length of 3000",
        lambda n: input_block(element("plain_text_input", min_length=n)),
        3000,
        "/element/min_length",
        "must be less than 3001",
    ),
    Limit(
        "min_length of 0",
        lambda n: input_block(element("plain_text_input", min_length=n)),
        0,
        "/element/min_length",
        "must be greater than -1",
        step=-1,
    ),
    Limit(
        "min_length up to max_length",
        lambda n: input_block(element("plain_text_input", min_length=n, max_length=20)),
        20,
        "/element/min_length",
        "min_length must not be greater than max_length",
    ),
    Limit(
        "initial text within max_length",
        lambda n: input_block(element("plain_text_input", initial_value="x" * n, max_length=20)),
        20,
        "/element/initial_value",
        "must be less than 21 characters",
    ),
    Limit(
        "max_files of 10",
        lambda n: input_block(element("file_input", max_files=n)),
        10,
        "/element/max_files",
        "must be less than 11",
        MODAL,
    ),
    Limit(
        "max_files of 1",
        lambda n: input_block(element("file_input", max_files=n)),
        1,
        "/element/max_files",
        "must be greater than 0",
        MODAL,
        step=-1,
    ),
    Limit(
        "initial number up to the greatest",
        lambda n: input_block(element("number_input", initial_value=str(n), max_value="9")),
        9,
        "/element/initial_value",
        "initial_value must not be greater than max_value",
        MODAL,
    ),
    Limit(
        "initial number from the least",
        lambda n: input_block(element("number_input", initial_value=str(n), min_value="9")),
        9,
        "/element/min_value",
        "min_value must not be greater than initial_value",
        MODAL,
        step=-1,
    ),
    Limit(
        "initial moment of ten digits",
        lambda n: input_block(element("datetimepicker", initial_date_time=n)),
        9_999_999_999,
        "/element/initial_date_time",
        "must be less than 10000000000",
        MESSAGE_MODAL,
    ),
    Limit(
        "min_query_length",
        lambda n: within(element("external_select", min_query_length=n)),
        0,
        "/accessory/min_query_length",
        "must be greater than -1",
        step=-1,
    ),
    Limit(
        "initial moment since 1970",
        lambda n: input_block(element("datetimepicker", initial_date_time=n)),
        0,
        "/element/initial_date_time",
        "must be greater than -1",
        MESSAGE_MODAL,
        step=-1,
    ),
    characters(
        "kind of file",
        lambda text: input_block(element("file_input", filetypes=[text])),
        255,
        "/element/filetypes/0",
        MODAL,
    ),
    something(
        "kind of file",
        lambda text: input_block(element("file_input", filetypes=[text])),
        "/element/filetypes/0",
        MODAL,
    ),
    at_most(
        "deeds that dispatch",
        lambda n: input_block(
            element(
                "plain_text_input",
                dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"] * n},
            )
        ),
        2,
        "/element/dispatch_action_config/trigger_actions_on",
    ),
    at_most(
        "kinds in a filter",
        lambda n: within(element("conversations_select", filter={"include": ["im"] * n})),
        4,
        "/accessory/filter/include",
    ),
    at_most(
        "initial users within max_selected_items",
        lambda n: within(element("multi_users_select", initial_users=ids(n), max_selected_items=3)),
        3,
        "/accessory/initial_users",
    ),
]
