"""Payloads with one fault each, and some that look wrong and are not.

A fault is named with its block, the surface, Slack's words and the pointer within the block.
"""

from pydantic import JsonValue

from bot.sandbox.blockkit import JsonObject, Surface
from tests.sandbox.blockkit.measures import context, of_image, of_video, within
from tests.sandbox.blockkit.wire import (
    actions,
    button,
    cell,
    confirm,
    element,
    groups,
    input_block,
    mrkdwn,
    option,
    options,
    plain,
    rich_section,
    rich_text,
    section,
    table,
)

MESSAGE, MODAL, HOME = Surface.MESSAGE, Surface.MODAL, Surface.HOME

OTHER = "must be one of the provided options"
NOT_HTTPS = "must be an HTTPS URL"
LIST: JsonObject = {"type": "rich_text_list", "style": "bullet", "elements": [rich_section()]}


def without(holder: JsonObject, name: str) -> JsonObject:
    return {key: value for key, value in holder.items() if key != name}


def select(**more: JsonValue) -> JsonObject:
    return within(element("static_select", **more))


def number(**more: JsonValue) -> JsonObject:
    return input_block(element("number_input", **more))


def conversations(**filters: JsonValue) -> JsonObject:
    return within(element("conversations_select", filter=filters))


def described(kind: str, text: JsonObject) -> JsonObject:
    return within({"type": kind, "options": [option(description=text)]})


FAULTS: dict[str, tuple[JsonValue, Surface, str, str]] = {
    "a block that is a string": ("section", MESSAGE, "must provide an object", ""),
    "a block without a type": ({}, MESSAGE, "missing required field: type", ""),
    "a type that is a number": ({"type": 3}, MESSAGE, "must provide a string", "/type"),
    "a section of nothing": ({"type": "section"}, MESSAGE, "missing required field: text", ""),
    "a block_id that is a number": (
        section(block_id=7),
        HOME,
        "must provide a string",
        "/block_id",
    ),
    "an unknown property": (
        {"type": "divider", "text": "no"},
        MESSAGE,
        "invalid additional property: text",
        "",
    ),
    "a text object that is a string": (
        section(text="hi"),
        MESSAGE,
        "must provide an object",
        "/text",
    ),
    "a text object of no kind": (
        section(text={"text": "hi"}),
        MESSAGE,
        "missing required field: type",
        "/text",
    ),
    "a text object of an unknown kind": (
        section(text={"type": "html", "text": "hi"}),
        MESSAGE,
        "unsupported type: html",
        "/text/type",
    ),
    "a text object without text": (
        section(text={"type": "mrkdwn"}),
        MODAL,
        "missing required field: text",
        "/text",
    ),
    "mrkdwn with emoji": (
        section(text={**mrkdwn(), "emoji": True}),
        MESSAGE,
        "invalid additional property: emoji",
        "/text",
    ),
    "an expand that is a string": (
        section(expand="yes"),
        MESSAGE,
        "must provide a boolean",
        "/expand",
    ),
    "fields that are one object": (
        section(fields=mrkdwn()),
        MESSAGE,
        "must provide an array",
        "/fields",
    ),
    "mrkdwn in a header": (
        {"type": "header", "text": mrkdwn()},
        MESSAGE,
        "unsupported type: mrkdwn",
        "/text/type",
    ),
    "mrkdwn on a button": (
        actions({"type": "button", "text": mrkdwn()}),
        MESSAGE,
        "unsupported type: mrkdwn",
        "/elements/0/text/type",
    ),
    "a button without text": (
        actions({"type": "button"}),
        HOME,
        "missing required field: text",
        "/elements/0",
    ),
    "a button of another colour": (
        actions(button(style="green")),
        MESSAGE,
        "must be a valid enum value",
        "/elements/0/style",
    ),
    "a button to no address": (
        actions(button(url="javascript:alert(1)")),
        MESSAGE,
        "must be a valid URL",
        "/elements/0/url",
    ),
    "a confirm without a title": (
        actions(button(confirm=without(confirm(), "title"))),
        MESSAGE,
        "missing required field: title",
        "/elements/0/confirm",
    ),
    "a confirm with a mrkdwn answer": (
        actions(button(confirm=confirm(deny=mrkdwn()))),
        MESSAGE,
        "unsupported type: mrkdwn",
        "/elements/0/confirm/deny/type",
    ),
    "a confirm of another colour": (
        actions(button(confirm=confirm(style="blue"))),
        MESSAGE,
        "must be a valid enum value",
        "/elements/0/confirm/style",
    ),
    "a select with neither options nor groups": (
        within({"type": "static_select"}),
        MESSAGE,
        "missing required field: options",
        "/accessory",
    ),
    "a select with options and groups": (
        within({"type": "static_select", "options": options(1), "option_groups": groups(1)}),
        MESSAGE,
        "must provide only one of: options, option_groups",
        "/accessory",
    ),
    "an option without a value": (
        select(options=[{"text": plain()}]),
        MESSAGE,
        "missing required field: value",
        "/accessory/options/0",
    ),
    "an option in mrkdwn": (
        select(options=[option(text=mrkdwn())]),
        MESSAGE,
        "unsupported type: mrkdwn",
        "/accessory/options/0/text/type",
    ),
    "a description in mrkdwn": (
        described("static_select", mrkdwn()),
        MESSAGE,
        "unsupported type: mrkdwn",
        "/accessory/options/0/description/type",
    ),
    "an address on a select's option": (
        select(options=[option(url="https://example.com")]),
        MESSAGE,
        "invalid additional property: url",
        "/accessory/options/0",
    ),
    "an initial option that is null": (
        select(initial_option=None),
        MODAL,
        "must provide an object",
        "/accessory/initial_option",
    ),
    "an initial option that is not offered": (
        select(initial_option=option("other")),
        MODAL,
        OTHER,
        "/accessory/initial_option",
    ),
    "an initial option with other words": (
        select(initial_option=option("v0", plain("Other words"))),
        MODAL,
        OTHER,
        "/accessory/initial_option",
    ),
    "an initial option of no group": (
        select(option_groups=groups(2), initial_option=option("v7")),
        MODAL,
        OTHER,
        "/accessory/initial_option",
    ),
    "initial options that are not offered": (
        within(element("checkboxes", initial_options=[option("v0"), option("other")])),
        HOME,
        OTHER,
        "/accessory/initial_options",
    ),
    "no initial options at all": (
        within(element("checkboxes", initial_options=[])),
        HOME,
        OTHER,
        "/accessory/initial_options",
    ),
    "a radio button that is not offered": (
        within(element("radio_buttons", initial_option=option("other"))),
        HOME,
        OTHER,
        "/accessory/initial_option",
    ),
    "a day that is none": (
        within(element("datepicker", initial_date="2025-02-30")),
        MESSAGE,
        "must be a valid date in the format YYYY-MM-DD",
        "/accessory/initial_date",
    ),
    "a day written otherwise": (
        within(element("datepicker", initial_date="02/28/2025")),
        MESSAGE,
        "must be a valid date in the format YYYY-MM-DD",
        "/accessory/initial_date",
    ),
    "a time that is none": (
        within(element("timepicker", initial_time="24:00")),
        MESSAGE,
        "must be a valid time in the format HH:mm",
        "/accessory/initial_time",
    ),
    "a timezone that is none": (
        within(element("timepicker", timezone="Mars/Olympus")),
        MESSAGE,
        "must be a valid timezone",
        "/accessory/timezone",
    ),
    "a moment that is a string": (
        actions(element("datetimepicker", initial_date_time="1700000000")),
        MESSAGE,
        "must provide a number",
        "/elements/0/initial_date_time",
    ),
    "a moment that is true": (
        actions(element("datetimepicker", initial_date_time=True)),
        MESSAGE,
        "must provide a number",
        "/elements/0/initial_date_time",
    ),
    "a placeholder in mrkdwn": (
        within(element("users_select", placeholder=mrkdwn())),
        MESSAGE,
        "unsupported type: mrkdwn",
        "/accessory/placeholder/type",
    ),
    "a filter of nothing": (
        conversations(),
        MESSAGE,
        "missing required field: include",
        "/accessory/filter",
    ),
    "a filter that includes nothing": (
        conversations(include=[]),
        MESSAGE,
        "must provide at least 1 items",
        "/accessory/filter/include",
    ),
    "a filter for an unknown kind": (
        conversations(include=["secret"]),
        MESSAGE,
        "must be a valid enum value",
        "/accessory/filter/include/0",
    ),
    "a response address outside a modal": (
        input_block(element("conversations_select", response_url_enabled=True)),
        MESSAGE,
        "`response_url_enabled` is only supported in an `input` block of a modal",
        "/element/response_url_enabled",
    ),
    "a response address outside an input": (
        within(element("channels_select", response_url_enabled=True)),
        MODAL,
        "`response_url_enabled` is only supported in an `input` block of a modal",
        "/accessory/response_url_enabled",
    ),
    "a dispatch on an unknown deed": (
        input_block(
            element("plain_text_input", dispatch_action_config={"trigger_actions_on": ["blur"]})
        ),
        MODAL,
        "must be a valid enum value",
        "/element/dispatch_action_config/trigger_actions_on/0",
    ),
    "a dispatch on nothing": (
        input_block(element("plain_text_input", dispatch_action_config={"trigger_actions_on": []})),
        MODAL,
        "must provide at least 1 items",
        "/element/dispatch_action_config/trigger_actions_on",
    ),
    "two characters where one is the most": (
        input_block(element("plain_text_input", initial_value="xx", max_length=1)),
        MODAL,
        "must be less than 2 characters",
        "/element/initial_value",
    ),
    "two people where one is the most": (
        within(element("multi_users_select", initial_users=["U1", "U2"], max_selected_items=1)),
        MODAL,
        "no more than 1 items allowed",
        "/accessory/initial_users",
    ),
    "a number without a word on decimals": (
        input_block({"type": "number_input"}),
        MODAL,
        "missing required field: is_decimal_allowed",
        "/element",
    ),
    "a bound that is a number, not a string": (
        number(min_value=3),
        MODAL,
        "must provide a string",
        "/element/min_value",
    ),
    "a bound that is no number": (
        number(min_value="three"),
        MODAL,
        "must be a valid number",
        "/element/min_value",
    ),
    "a decimal bound where none is allowed": (
        number(max_value="2.5"),
        MODAL,
        "must be a whole number",
        "/element/max_value",
    ),
    "bounds the wrong way round": (
        number(min_value="5", max_value="4"),
        MODAL,
        "min_value must not be greater than max_value",
        "/element/min_value",
    ),
    "file kinds that are none": (
        input_block(element("file_input", filetypes=[])),
        MODAL,
        "must provide at least 1 items",
        "/element/filetypes",
    ),
    "an input without a label": (
        without(input_block(), "label"),
        MODAL,
        "missing required field: label",
        "",
    ),
    "an input without an element": (
        without(input_block(), "element"),
        MODAL,
        "missing required field: element",
        "",
    ),
    "a label in mrkdwn": (
        input_block(label=mrkdwn()),
        MODAL,
        "unsupported type: mrkdwn",
        "/label/type",
    ),
    "an optional that is a string": (
        input_block(optional="true"),
        MODAL,
        "must provide a boolean",
        "/optional",
    ),
    "an image without words": (
        without(of_image(), "alt_text"),
        MESSAGE,
        "missing required field: alt_text",
        "",
    ),
    "an image without a source": (
        without(of_image(), "image_url"),
        MESSAGE,
        "missing required field: image_url",
        "",
    ),
    "an image with two sources": (
        {**of_image(), "slack_file": {"id": "F1"}},
        MESSAGE,
        "must provide only one of: image_url, slack_file",
        "",
    ),
    "an image that can't be fetched": (
        of_image(image_url="ftp://example.com/a.png"),
        MESSAGE,
        "downloading image failed",
        "/image_url",
    ),
    "an image of a file without a name": (
        of_image(slack_file={}),
        MESSAGE,
        "invalid slack file",
        "/slack_file",
    ),
    "a button among context": (
        context(button()),
        MESSAGE,
        "unsupported type: button",
        "/elements/0/type",
    ),
    "a film over plain http": (
        of_video(video_url="http://example.com/a"),
        MESSAGE,
        NOT_HTTPS,
        "/video_url",
    ),
    "an unknown piece of rich text": (
        rich_text(rich_section({"type": "blink"})),
        MESSAGE,
        "unsupported type: blink",
        "/elements/0/elements/0/type",
    ),
    "rich text straight in rich text": (
        rich_text({"type": "text", "text": "hi"}),
        MESSAGE,
        "unsupported type: text",
        "/elements/0/type",
    ),
    "a list of no style": (
        rich_text(without(LIST, "style")),
        MESSAGE,
        "missing required field: style",
        "/elements/0",
    ),
    "a list in a list": (
        rich_text({**LIST, "elements": [LIST]}),
        MESSAGE,
        "unsupported type: rich_text_list",
        "/elements/0/elements/0/type",
    ),
    "a list indented nine times": (
        rich_text({**LIST, "indent": 9}),
        MESSAGE,
        "must be less than 9",
        "/elements/0/indent",
    ),
    "a style that is unknown": (
        rich_text(rich_section({"type": "text", "text": "hi", "style": {"huge": True}})),
        MESSAGE,
        "invalid additional property: huge",
        "/elements/0/elements/0/style",
    ),
    "a broadcast to the world": (
        rich_text(rich_section({"type": "broadcast", "range": "world"})),
        MESSAGE,
        "must be a valid enum value",
        "/elements/0/elements/0/range",
    ),
    "a mention of nobody": (
        rich_text(rich_section({"type": "user"})),
        MESSAGE,
        "missing required field: user_id",
        "/elements/0/elements/0",
    ),
    "a cell of mrkdwn": (
        table([[mrkdwn()]]),
        MESSAGE,
        "unsupported type: mrkdwn",
        "/rows/0/0/type",
    ),
    "a row that is no list": (table([cell()]), MESSAGE, "must provide an array", "/rows/0"),
    "a column aligned askew": (
        table([[cell()]], column_settings=[{"align": "top"}]),
        MESSAGE,
        "must be a valid enum value",
        "/column_settings/0/align",
    ),
    "an icon button without words": (
        {"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash"}]},
        MESSAGE,
        "missing required field: text",
        "/elements/0",
    ),
    "an unknown icon": (
        {"type": "context_actions", "elements": [element("icon_button", icon="skull")]},
        MESSAGE,
        "must be a valid enum value",
        "/elements/0/icon",
    ),
    "a workflow without a trigger": (
        actions(element("workflow_button", workflow={})),
        MESSAGE,
        "missing required field: trigger",
        "/elements/0/workflow",
    ),
}


FINE: dict[str, tuple[JsonObject, Surface]] = {
    "radio buttons in mrkdwn": (
        within({"type": "radio_buttons", "options": [option(text=mrkdwn())]}),
        MESSAGE,
    ),
    "a radio button described in mrkdwn": (described("radio_buttons", mrkdwn()), MESSAGE),
    "a checkbox described in mrkdwn": (described("checkboxes", mrkdwn()), HOME),
    "an overflow option with an address": (
        within(element("overflow", options=[option(url="https://example.com")])),
        MESSAGE,
    ),
    "an initial option that says nothing of emoji": (
        select(
            options=[option("a", {**plain(), "emoji": True})], initial_option=option("a", plain())
        ),
        MODAL,
    ),
    "an initial option out of a group": (
        select(option_groups=groups(2), initial_option=option("v0")),
        MODAL,
    ),
    "an initial option of an external select": (
        within(element("external_select", initial_option=option("anything"))),
        MODAL,
    ),
    "a response address in a modal": (
        input_block(element("conversations_select", response_url_enabled=True)),
        MODAL,
    ),
    "a full filter": (
        conversations(
            include=["im", "mpim", "private", "public"],
            exclude_bot_users=True,
            exclude_external_shared_channels=True,
        ),
        MESSAGE,
    ),
    "an image out of a Slack file": (of_image(slack_file={"id": "F1"}), MESSAGE),
    "a decimal where decimals are allowed": (
        number(is_decimal_allowed=True, min_value="0.5", max_value="2.5", initial_value="0.5"),
        MODAL,
    ),
    "a rich text table cell": (
        table([[rich_text(rich_section({"type": "text", "text": "x"}))]]),
        MESSAGE,
    ),
    "rich text of every kind": (
        rich_text(
            rich_section(
                {"type": "text", "text": "a", "style": {"bold": True, "code": True}},
                {"type": "link", "url": "https://example.com", "text": "b"},
                {"type": "user", "user_id": "U1"},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "broadcast", "range": "here"},
                {"type": "emoji", "name": "wave", "skin_tone": 2},
                {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "x"},
                {"type": "color", "value": "#fff"},
                {"type": "team", "team_id": "T1"},
            ),
            {**LIST, "indent": 8, "border": 1, "offset": 3},
            {"type": "rich_text_quote", "elements": []},
            {"type": "rich_text_preformatted", "elements": [], "border": 0},
        ),
        MESSAGE,
    ),
    "an initial rich text": (
        input_block(element("rich_text_input", initial_value=rich_text(rich_section()))),
        MODAL,
    ),
    "the same action_id in two blocks": (actions(button(action_id="go")), MESSAGE),
}
